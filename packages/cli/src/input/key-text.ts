import { readFile, stat } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import type { CommandIo } from '../command-io.ts';
import type { Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';

const MAX_KEY_FILE_BYTES = 64 * 1024;

/**
 * The text of the key that `--key-file` names, or that a variable of the environment holds.
 *
 * @throws {UsageError} where there is neither
 * @throws {InputError} when the file cannot be read. No message repeats what it holds
 */
export async function keyTextFrom(
  variable: string,
  command: string,
  invocation: Invocation,
  io: CommandIo,
): Promise<string> {
  const path = invocation.text('key-file');
  if (path === undefined) {
    const text = io.env[variable];
    if (text !== undefined && text !== '') return text;
    throw new UsageError(command, `expected \`--key-file <file>\`, or a key in \`${variable}\``);
  }
  try {
    if ((await stat(path)).size > MAX_KEY_FILE_BYTES) throw new RangeError('too large');
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'not a key file';
    throw new InputError(`cannot read \`${excerpt(path)}\`: ${code}`, { cause });
  }
}
