import { loadPolicy } from 'callgate';
import { CallgateError } from '@callgate/canonical';
import { PolicyError, lint, type Finding, type LintLevel } from '@callgate/policy';
import type { Lock } from '@callgate/registry';

import type { CheckResult } from './check-result.ts';

/** The levels, least first. */
export const LEVELS: readonly LintLevel[] = ['note', 'warning', 'error'];

/** Which findings are reported. */
export interface FindingFilter {
  /** The least level. */
  readonly least: LintLevel;
  readonly ignored: ReadonlySet<string>;
}

/** Loads a policy file and looks for what is suspect in it, beside the servers of a lock where there is one. What keeps it from loading is a result, not an error. */
export async function checkFile(file: string, filter: FindingFilter, lock?: Lock): Promise<CheckResult> {
  try {
    const policy = await loadPolicy(file);
    const findings = lint(policy, lock === undefined ? {} : { locked: lock.servers.map(({ name }) => name) });
    return { file, loads: true, policy, findings: findings.filter((finding) => isReported(finding, filter)) };
  } catch (error) {
    if (!CallgateError.is(error) || error.code === 'CALLGATE_INTERNAL') throw error;
    const issues = error instanceof PolicyError ? error.issues : [];
    return { file, loads: false, code: error.code, message: error.message, issues };
  }
}

function isReported({ id, level }: Finding, { least, ignored }: FindingFilter): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least) && !ignored.has(id);
}
