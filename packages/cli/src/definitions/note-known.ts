import { createReadStream } from 'node:fs';

import { excerpt } from '@callgate/canonical';
import type { ToolNames } from '@callgate/inspector';

import { InputError } from '../errors.ts';
import { textOfLine } from '../input/answer-lines.ts';
import { parseLeniently } from '../input/parse-leniently.ts';
import { MAX_INPUT_BYTES } from '../input/read-text.ts';
import { createLineSplitter, type InputLine } from '../input/split-lines.ts';
import { noteDefinition, readListedDefinition } from './listed-definition.ts';

/**
 * Remembers the names of a file of definitions, one a line, in bounded memory.
 *
 * @throws {InputError} when it cannot be read, or has a line that is no definition
 */
export async function noteKnown(path: string, names: ToolNames): Promise<void> {
  const shown = `\`${excerpt(path)}\``;
  const splitter = createLineSplitter(MAX_INPUT_BYTES);
  const note = (lines: Iterable<InputLine>): void => {
    for (const line of lines) noteLine(line, shown, names);
  };
  try {
    for await (const chunk of createReadStream(path)) note(splitter.push(chunk as Uint8Array));
    note(splitter.end());
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new InputError(`cannot read ${shown}: ${code}`, { cause });
  }
}

function noteLine(line: InputLine, shown: string, names: ToolNames): void {
  const read = textOfLine(line);
  if ('problem' in read) throw new InputError(`${read.problem} in line ${line.number} of ${shown}`);
  if (read.text.trim() === '') return;
  try {
    noteDefinition(names, readListedDefinition(parseLeniently(read.text)));
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`${cause.message} in line ${line.number} of ${shown}`, { cause });
  }
}
