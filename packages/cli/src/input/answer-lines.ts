import type { CommandContext } from '../command.ts';
import { createProgress } from '../output/progress.ts';
import { MAX_INPUT_BYTES } from './read-text.ts';
import { createLineSplitter, type InputLine } from './split-lines.ts';
import { standardInput } from './standard-input.ts';

/**
 * Answers standard input line by line, in order and in bounded memory.
 *
 * @param unit what is counted while it goes on: `calls decided`
 * @param answer the answer to a line, without its line feed; undefined for a line without one
 */
export async function answerLines(
  context: CommandContext,
  unit: string,
  answer: (line: InputLine) => string | undefined,
): Promise<void> {
  const splitter = createLineSplitter(MAX_INPUT_BYTES);
  const progress = createProgress(context, unit);
  const take = async (lines: Iterable<InputLine>): Promise<void> => {
    for (const line of lines) {
      const text = answer(line);
      if (text === undefined) continue;
      context.out.printLine(text);
      if (context.out.isFull) await context.out.flush();
      progress.update(line.number);
    }
    // All that has come is answered before more is read: a caller may wait for one answer before its next line.
    await context.out.flush();
  };
  try {
    for await (const chunk of standardInput(context.io)) await take(splitter.push(chunk));
    await take(splitter.end());
  } finally {
    progress.clear();
  }
}

/** What a line that is text holds, or what keeps it from being text, in words. */
export function textOfLine(line: InputLine): { readonly text: string } | { readonly problem: string } {
  switch (line.kind) {
    case 'text':
      return { text: line.text };
    case 'too-long':
      return { problem: `expected a line of at most ${MAX_INPUT_BYTES} bytes` };
    case 'not-utf8':
      return { problem: 'expected UTF-8 text' };
  }
}
