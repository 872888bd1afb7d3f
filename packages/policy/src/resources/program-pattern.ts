// where a command begins: at the start, and behind whatever ends or opens one in a shell
const COMMAND_STARTS = /[\n\r;|&(){}`]+|\$\(/u;

/** The programs that a text may start if it were a command line: the first words of each of its commands, without folder and `.exe`. */
export function programsIn(text: string): readonly string[] {
  const programs = new Set<string>();
  // a backslash at the end of a line joins it with the next
  for (const command of text.replaceAll(/[\\^]\r?\n/gu, '').split(COMMAND_STARTS)) {
    // what a shell leaves of its quotes; and as it is, since in a Windows path backslashes are no quotes
    const unquoted = command.replaceAll(/\$(?=["'])|["'\\^](?=\S)/gu, '');
    for (const line of new Set([unquoted, command])) for (const word of commandWords(line)) addProgram(programs, word);
  }
  programs.delete('');
  return [...programs];
}

/** Assignments and options come before the program; launchers such as `sudo` and `env` are followed by another. */
function commandWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/[^\s<>,]+/gu)) {
    if (/^[A-Za-z_][A-Za-z0-9_]*=/u.test(word) || word.startsWith('-')) continue;
    words.push(word);
    if (words.length === MAX_WORDS) break;
  }
  return words;
}

function addProgram(programs: Set<string>, word: string): void {
  programs.add(programName(word));
  // Windows takes an option right behind the program: `cmd/c`
  const end = word.indexOf('/');
  if (end > 0) programs.add(programName(word.slice(0, end)));
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
