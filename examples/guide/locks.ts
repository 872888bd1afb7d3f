/** How a gate, and a program without one, compare what a server advertises with a lock. */
import { createGate, loadLock, loadPolicy, type Gate } from 'callgate';
import { checkManifest, readLockFile, readManifest, type Advertised, type DriftPolicy } from '@callgate/registry';

// #region gate
/** A gate through which only what somebody approved is listed and called. */
export async function lockedGate(policyFile: string, lockFile: string): Promise<Gate> {
  return createGate({ policy: await loadPolicy(policyFile), lock: await loadLock(lockFile) });
}
// #endregion

// #region check
/** The tools of a listing that somebody approved as they are. Everything else is not shown to a model. */
export async function approvedTools(path: string, server: string, advertised: Advertised): Promise<readonly string[]> {
  const lock = await readLockFile(path);
  if (lock === undefined) return [];
  const identity = lock.servers.find(({ name }) => name === server)?.identity?.pinned ?? null;
  const check = checkManifest(lock, { name: server, identity }, readManifest(advertised));
  return [...check.tools].filter(([, verdict]) => verdict.list === 'show').map(([name]) => name);
}
// #endregion

// #region policy
/** Words may change while a person approves each call; everything else stays withheld. */
export const lenient: DriftPolicy = { wording: 'hold', 'optional-added': 'hold' };
// #endregion
