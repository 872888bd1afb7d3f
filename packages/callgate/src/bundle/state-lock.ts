import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const LOCK_WAIT_MS = 2_000;
const LOCK_POLL_MS = 20;
const LOCK_STALE_MS = 10_000;

/**
 * Does `work` while nobody else does, in any process: a lock file says who is at it. One left behind by a process that died is taken
 * over after ten seconds.
 *
 * @throws what the file system says; an error of code `EBUSY` where it is still held after `waitMs`, default 2,000
 */
export async function underLock(lock: string, work: () => Promise<void>, waitMs: number = LOCK_WAIT_MS): Promise<void> {
  for (let waitedMs = 0; !(await makeLock(lock)); waitedMs += LOCK_POLL_MS) {
    if ((await ageOf(lock)) > LOCK_STALE_MS) await rm(lock, { force: true });
    else if (waitedMs < waitMs) await wait(LOCK_POLL_MS);
    else throw Object.assign(new Error('locked'), { code: 'EBUSY' });
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function makeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Zero for one that is gone by now. */
async function ageOf(lock: string): Promise<number> {
  return stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}
