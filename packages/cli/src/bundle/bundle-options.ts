import { readFile, stat } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import type { Invocation, OptionSpec } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';

/** A bundle is at most this large: 16 MiB. */
const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;
const MAX_KEY_FILE_BYTES = 64 * 1024;

/** The option that names key files. */
export function keyFileOption(description: string): OptionSpec {
  return { kind: 'text', short: 'k', multiple: true, placeholder: 'file', description };
}

/**
 * The texts of the keys that `--key-file` names.
 *
 * @throws {UsageError} where it names none
 * @throws {InputError} where one cannot be read. No message repeats what it holds
 */
export async function readKeys(command: string, invocation: Invocation): Promise<readonly string[]> {
  const paths = invocation.texts('key-file');
  if (paths.length === 0) throw new UsageError(command, 'expected `--key-file <file>`');
  const keys = await Promise.all(paths.map(async (path) => readBounded(path, MAX_KEY_FILE_BYTES)));
  return keys.map((key) => key.toString('utf8'));
}

/** @throws {InputError} where the file cannot be read, or is larger than a bundle can be */
export async function readBundleFile(path: string): Promise<Uint8Array> {
  return readBounded(path, MAX_BUNDLE_BYTES);
}

/** The value of an option that is a whole number from 1 on; undefined where it is not given. */
export function readCount(command: string, invocation: Invocation, name: string): number | undefined {
  const text = invocation.text(name);
  if (text === undefined) return undefined;
  const count = /^[1-9][0-9]*$/u.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count))
    throw new UsageError(command, `expected \`--${name}\` with a whole number from 1 on`);
  return count;
}

async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new RangeError('no regular file');
    if (status.size > maxBytes) throw new RangeError(`expected at most ${maxBytes} bytes, got ${status.size}`);
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : (cause as NodeJS.ErrnoException).code;
    throw new InputError(`cannot read \`${excerpt(path)}\`: ${reason ?? 'unreadable'}`, { cause });
  }
}
