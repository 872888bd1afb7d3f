import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Where and when figures were made. */
export interface Provenance {
  /** ISO date, UTC. */
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  /** Abbreviated commit, with `+` where the working tree differs from it. */
  readonly commit: string;
}

/** Looks at the machine and the repository. */
export function observeProvenance(now: Date = new Date()): Provenance {
  return {
    date: now.toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    commit: describeCommit(),
  };
}

function describeCommit(): string {
  try {
    const options: ExecFileSyncOptionsWithStringEncoding = {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
    };
    const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], options).trim();
    const changes = execFileSync('git', ['status', '--porcelain', '--untracked-files=no'], options).trim();
    return changes === '' ? commit : `${commit}+`;
  } catch {
    return 'unknown';
  }
}
