import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';

import { LockFileError } from './errors.ts';
import type { Lock } from './lock.ts';
import { parseLock } from './parse-lock.ts';
import { printLock } from './print-lock.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The lock in a file; undefined where there is no such file.
 *
 * @throws {LockFileError} when it cannot be read, is larger than 64 MiB, or is not UTF-8
 * @throws {LockError} when it is no lock
 */
export async function readLockFile(path: string): Promise<Lock | undefined> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new RangeError(`expected at most ${MAX_BYTES} bytes, got ${size}`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LockFileError('CALLGATE_LOCK_UNREADABLE', path, reasonOf(cause), { cause });
  }
  return parseLock(text);
}

/**
 * Writes a lock as a whole or not at all: readers see the old one or the new one.
 *
 * @throws {LockFileError} when it cannot be written
 */
export async function writeLockFile(path: string, lock: Lock): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'wx', 0o644);
    try {
      await file.writeFile(printLock(lock));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new LockFileError('CALLGATE_LOCK_UNWRITABLE', path, reasonOf(cause), { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  if (error instanceof TypeError) return 'expected UTF-8 text';
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
