import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import { InputError } from '../errors.ts';

/**
 * Writes a new file that only its owner may read. Never in the place of another key: what that one opens or signs would be lost.
 *
 * @throws {InputError} when a file is there, or it cannot be made
 */
export async function writeSecret(path: string, text: string): Promise<void> {
  try {
    await writeNew(path, text, 0o600);
  } catch (cause) {
    const code = codeOf(cause);
    const why = code === 'EEXIST' ? 'expected a new file, got one that is there' : 'cannot make';
    throw new InputError(`${why}: \`${excerpt(path)}\` (${code})`, { cause });
  }
}

/** A new file that is still empty. */
export interface ReservedFile {
  /** @throws {InputError} when it cannot be written */
  write(text: string): Promise<void>;
  /** Removes it, where there is nothing to write after all. */
  giveUp(): Promise<void>;
}

/**
 * Makes a new file that only its owner may read, for what is had once and must not be lost to a wrong path.
 *
 * @throws {InputError} when a file is there, or it cannot be made
 */
export async function reserveSecret(path: string): Promise<ReservedFile> {
  await writeSecret(path, '');
  return {
    write: async (text) => {
      try {
        await writeFile(path, text, { flush: true });
      } catch (cause) {
        throw new InputError(`cannot write \`${excerpt(path)}\`: ${codeOf(cause)}`, { cause });
      }
    },
    giveUp: () => rm(path, { force: true }),
  };
}

/**
 * Writes a file as a whole: who reads it meanwhile gets what was there before.
 *
 * @throws {InputError} when it cannot be written
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeNew(temporary, text, 0o644);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new InputError(`cannot write \`${excerpt(path)}\`: ${codeOf(cause)}`, { cause });
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
