import { writeFile } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import type { CommandContext, Invocation, OptionSpec } from '../command.ts';
import { InputError } from '../errors.ts';

/** Options of commands that write a policy. */
export const POLICY_OUTPUT_OPTIONS: Readonly<Record<'out' | 'force', OptionSpec>> = {
  out: { kind: 'text', short: 'o', placeholder: 'file', description: 'write there, not to standard output' },
  force: { kind: 'flag', description: 'with `--out`: replace the file if there is one' },
};

/**
 * Writes a command's text to the file of `--out`, or to its output.
 *
 * @throws {InputError} when the file is there already and `--force` is not given, or cannot be written
 */
export async function writePolicy(text: string, invocation: Invocation, context: CommandContext): Promise<void> {
  const path = invocation.text('out');
  if (path === undefined) {
    context.out.print(text);
    return;
  }
  try {
    await writeFile(path, text, { flag: invocation.flag('force') ? 'w' : 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unwritable';
    const remedy = code === 'EEXIST' ? 'it is there already; `--force` replaces it' : code;
    throw new InputError(`cannot write \`${excerpt(path)}\`: ${remedy}`, { cause });
  }
}
