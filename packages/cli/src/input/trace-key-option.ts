import { readFile, stat } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import type { CommandIo } from '../command-io.ts';
import type { Invocation, OptionSpec } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';

/** Where a trace's key comes from where no file is named. */
export const TRACE_KEY_VARIABLE = 'CALLGATE_TRACE_KEY';

export const TRACE_KEY_OPTION: OptionSpec = {
  kind: 'text',
  short: 'k',
  placeholder: 'file',
  description: `the file with the key of the trace (default: the key in \`${TRACE_KEY_VARIABLE}\`)`,
};

const MAX_KEY_FILE_BYTES = 64 * 1024;

/**
 * The text of the key that `--key-file` names, or of the environment.
 *
 * @throws {UsageError} where there is neither
 * @throws {InputError} when the file cannot be read. No message repeats what it holds
 */
export async function traceKeyText(command: string, invocation: Invocation, io: CommandIo): Promise<string> {
  const path = invocation.text('key-file');
  if (path === undefined) {
    const text = io.env[TRACE_KEY_VARIABLE];
    if (text !== undefined && text !== '') return text;
    throw new UsageError(command, `expected \`--key-file <file>\`, or a key in \`${TRACE_KEY_VARIABLE}\``);
  }
  try {
    if ((await stat(path)).size > MAX_KEY_FILE_BYTES) throw new RangeError('too large');
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'not a key file';
    throw new InputError(`cannot read \`${excerpt(path)}\`: ${code}`, { cause });
  }
}
