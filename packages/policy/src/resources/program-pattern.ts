// where a command begins: at the start, and behind whatever ends or opens one in a shell
const COMMAND_STARTS = /[\n\r;|&(){}`]+|\$\(/u;

/** The programs that a text may start if it were a command line: the first word of each of its commands, without folder and `.exe`. */
export function programsIn(text: string): readonly string[] {
  const programs = new Set<string>();
  for (const command of text.split(COMMAND_STARTS)) {
    const words = command
      .replaceAll(/["'\\](?=\S)/gu, '')
      .trim()
      .split(/\s+/u);
    // assignments come before the program; launchers such as `sudo` and `env` are followed by another
    for (const word of words.slice(0, MAX_WORDS)) {
      if (/^[A-Za-z_][A-Za-z0-9_]*=/u.test(word) || word.startsWith('-')) continue;
      programs.add(programName(word));
    }
  }
  programs.delete('');
  return [...programs];
}

const MAX_WORDS = 8;

/** A program's name as it is compared: the last segment, lower case, without `.exe` and its like. */
export function programName(word: string): string {
  const name = word.replaceAll('"', '').replaceAll("'", '').replaceAll('\\', '/');
  return name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat|com|ps1)$/u, '');
}
