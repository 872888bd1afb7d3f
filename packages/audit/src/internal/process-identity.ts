import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Which process, so that a later one with the same number is not taken for it. Null where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot when it started. */
  readonly started: string | null;
  /** This boot of the kernel. */
  readonly boot: string | null;
  /** The process-number namespace (containers have their own). */
  readonly namespace: string | null;
  readonly host: string;
}

/** What is known of a process that once held a lock. `unknown`: it cannot be seen from here. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export async function ownIdentity(): Promise<ProcessIdentity> {
  const { namespace, boot } = await surroundings();
  const started = (await processStat(process.pid))?.started ?? null;
  return { pid: process.pid, started, boot, namespace, host: hostname() };
}

/** Whether that process still runs, judged from this one. Doubt never yields `dead`. */
export async function livenessOf(identity: ProcessIdentity): Promise<Liveness> {
  const { namespace, boot } = await surroundings();
  if (identity.host !== hostname()) return 'unknown';
  if (identity.boot !== boot) return identity.boot === null || boot === null ? 'unknown' : 'dead';
  if (identity.namespace !== namespace) return 'unknown';
  if (!processExists(identity.pid)) return 'dead';
  const stat = await processStat(identity.pid);
  if (stat === undefined || identity.started === null) return 'alive';
  if (stat.started !== identity.started) return 'dead';
  return stat.isZombie ? 'dead' : 'alive';
}

/** Whether that process runs, or ran, on this kernel since it booted, in whatever container. */
export async function isSameKernel(identity: ProcessIdentity): Promise<boolean> {
  return identity.boot !== null && identity.boot === (await surroundings()).boot;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs and belongs to somebody else
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

interface ProcessStat {
  readonly started: string;
  readonly isZombie: boolean;
}

/** Linux only; undefined elsewhere, and where `/proc` hides the process. */
async function processStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  if (text === null) return undefined;
  // proc_pid_stat(5): the second field is a name in parentheses that may itself hold any character
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  const started = fields[19];
  return started === undefined ? undefined : { started, isZombie: state === 'Z' || state === 'X' };
}

async function surroundings(): Promise<{ readonly boot: string | null; readonly namespace: string | null }> {
  const boot = await textOf('/proc/sys/kernel/random/boot_id');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => null); // no Linux: no namespaces
  return { boot: boot?.trim() ?? null, namespace };
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null); // no Linux, or hidden: not known
}
