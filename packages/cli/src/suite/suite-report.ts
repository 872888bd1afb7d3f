import type { CaseResult, CompiledPolicy, Coverage, MutationResult } from '@callgate/policy';

/** What one file of tests came to. */
export interface SuiteReport {
  readonly file: string;
  readonly policy: CompiledPolicy;
  readonly results: readonly CaseResult[];
  readonly coverage: Coverage;
  /** From 0 to 100; undefined: any coverage will do. */
  readonly threshold: number | undefined;
  readonly mutation: MutationResult | undefined;
}

/** Whether a suite passes: its cases, its coverage, and its mutants where those were asked for. */
export function isGood({ results, coverage, threshold, mutation }: SuiteReport): boolean {
  return (
    results.every(({ problems }) => problems.length === 0) &&
    (threshold === undefined || coverage.ratio * 100 >= threshold) &&
    (mutation === undefined || mutation.survivors.length === 0)
  );
}

/** A report as one JSON object. */
export function reportJson(report: SuiteReport): Record<string, unknown> {
  const { file, policy, results, coverage, mutation } = report;
  return {
    file,
    ok: isGood(report),
    policy: { file: policy.file, name: policy.name, version: policy.version, digest: policy.digest },
    cases: results.map(({ case: one, decision, problems }) => ({
      name: one.name,
      ok: problems.length === 0,
      line: one.location?.line ?? null,
      effect: decision.effect,
      code: decision.code,
      problems,
    })),
    coverage: {
      ratio: coverage.ratio,
      covered: coverage.covered,
      total: coverage.items.length,
      missing: coverage.items
        .filter((item) => !item.isCovered)
        .map(({ kind, pointer, location, missing }) => ({ kind, pointer, line: location?.line ?? null, missing })),
    },
    mutation:
      mutation === undefined
        ? null
        : {
            killed: mutation.killed,
            invalid: mutation.invalid,
            survivors: mutation.survivors.map(({ pointer, what }) => ({
              pointer,
              what,
              line: policy.locate(pointer)?.line ?? null,
            })),
          },
  };
}
