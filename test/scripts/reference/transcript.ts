import { join } from 'node:path';

import { run, type CommandIo, type OutputStream } from '@callgate/cli';

const root = join(import.meta.dirname, '..', '..', '..');
const TRANSCRIPT = /<!-- transcript: (?<folder>\S+) -->\n\n```sh\n(?<command>.*?)```\n\n```text\n(?<output>.*?)```/gsu;

/**
 * A page with what its commands print made anew. Behind `<!-- transcript: folder -->` stand a command in a fence of `sh`, run in
 * that folder, and its output in a fence of `text`.
 */
export async function rerun(page: string): Promise<string> {
  let text = page;
  for (const { 0: whole, groups } of page.matchAll(TRANSCRIPT)) {
    const command = groups?.['command'] ?? '';
    const output = await outputOf(command, groups?.['folder'] ?? '');
    text = text.replace(whole, () => whole.replace(/```text\n.*$/su, () => `\`\`\`text\n${output}\`\`\``));
  }
  return text;
}

/** What a command line prints when it is run in a folder of the project. */
async function outputOf(command: string, folder: string): Promise<string> {
  const printed: string[] = [];
  const stream: OutputStream = {
    write: (text, callback) => {
      printed.push(text);
      queueMicrotask(() => callback());
      return true;
    },
    on: () => undefined,
  };
  const io: CommandIo = {
    stdin: nothing(),
    stdinIsTerminal: true,
    stdout: stream,
    stderr: stream,
    env: {},
    onInterrupt: () => () => {},
  };
  const before = process.cwd();
  process.chdir(join(root, folder));
  try {
    await run(wordsOf(command), io);
  } finally {
    process.chdir(before);
  }
  return printed.join('');
}

/** The arguments behind `npx callgate`: parts in single quotes are one, a backslash at the end continues a line. */
function wordsOf(command: string): readonly string[] {
  const words: readonly string[] = command.replaceAll('\\\n', ' ').match(/'[^']*'|[^\s']+/gu) ?? [];
  return words.slice(words.indexOf('callgate') + 1).map((word) => (word.startsWith("'") ? word.slice(1, -1) : word));
}

async function* nothing(): AsyncGenerator<string> {
  // Commands of a page read no standard input.
}
