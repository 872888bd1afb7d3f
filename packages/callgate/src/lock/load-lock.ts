import { fileURLToPath } from 'node:url';

import type { Lock } from '@callgate/registry/lock';

/**
 * Reads a lock, the file that `callgate lock` writes.
 *
 * @throws {LockFileError} `CALLGATE_LOCK_UNREADABLE` when there is no such file, or it cannot be read
 * @throws {LockError} `CALLGATE_LOCK_INVALID` when it is no lock: every issue with its line and column
 */
export async function loadLock(path: string | URL): Promise<Lock> {
  const { LockFileError, readLockFile } = await import('@callgate/registry/lock');
  const file = path instanceof URL ? fileURLToPath(path) : path;
  const lock = await readLockFile(file);
  if (lock === undefined) throw new LockFileError('CALLGATE_LOCK_UNREADABLE', file, 'there is no such file');
  return lock;
}
