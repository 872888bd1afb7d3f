import type { CommandContext } from '../command.ts';
import { createProgress } from '../output/progress.ts';
import { MAX_INPUT_BYTES } from './read-text.ts';
import { createLineSplitter, type InputLine } from './split-lines.ts';
import { standardInput } from './standard-input.ts';

/** What answers lines. */
export interface LineAnswers {
  /** The answers that are ready once `line` has come, without their line feeds. */
  answer(line: InputLine): readonly string[];
  /** Those that are left at the end of the input. */
  end(): readonly string[];
}

/**
 * Answers standard input line by line, in order and in bounded memory.
 *
 * @param unit what is counted while it goes on: `calls decided`
 */
export async function answerLines(context: CommandContext, unit: string, answers: LineAnswers): Promise<void> {
  const splitter = createLineSplitter(MAX_INPUT_BYTES);
  const progress = createProgress(context, unit);
  const print = async (texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      context.out.printLine(text);
      if (context.out.isFull) await context.out.flush();
    }
  };
  const take = async (lines: Iterable<InputLine>): Promise<void> => {
    for (const line of lines) {
      const texts = answers.answer(line);
      if (texts.length === 0) continue;
      await print(texts);
      progress.update(line.number);
    }
    // All that has come is answered before more is read: a caller may wait for one answer before its next line.
    await context.out.flush();
  };
  try {
    for await (const chunk of standardInput(context.io)) await take(splitter.push(chunk));
    await take(splitter.end());
    await print(answers.end());
    await context.out.flush();
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
