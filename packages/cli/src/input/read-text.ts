import { readFile, stat } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import type { CommandIo } from '../command-io.ts';
import { InputError } from '../errors.ts';
import { standardInput } from './standard-input.ts';

/** The most that one value given to a command may hold, in bytes: what one message may hold. */
export const MAX_INPUT_BYTES: number = 16 * 1024 * 1024;

/**
 * The text that an option value stands for: `-` standard input, `@file` a file, anything else itself.
 *
 * @throws {InputError} when it cannot be read, is larger than {@link MAX_INPUT_BYTES}, or is not UTF-8
 */
export async function readText(value: string, io: CommandIo): Promise<string> {
  if (value === '-') return readStandardInput(io);
  return value.startsWith('@') ? readFileText(value.slice(1)) : value;
}

/** All of standard input as text, with the bounds of {@link readText}. */
export async function readStandardInput(io: CommandIo): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of standardInput(io)) {
    const data = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    bytes += data.byteLength;
    if (bytes > MAX_INPUT_BYTES)
      throw new InputError(`expected at most ${MAX_INPUT_BYTES} bytes on standard input, got more`);
    chunks.push(data);
  }
  return decodeText(Buffer.concat(chunks), 'standard input');
}

async function readFileText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_INPUT_BYTES) throw new RangeError(`expected at most ${MAX_INPUT_BYTES} bytes, got ${size}`);
    return decodeText(await readFile(path), `\`${excerpt(path)}\``);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const reason = cause instanceof RangeError ? cause.message : errorCode(cause);
    throw new InputError(`cannot read \`${excerpt(path)}\`: ${reason}`, { cause });
  }
}

function decodeText(data: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch (cause) {
    throw new InputError(`expected UTF-8 text in ${name}`, { cause });
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unreadable';
}
