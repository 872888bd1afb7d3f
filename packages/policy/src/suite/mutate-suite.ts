import { compilePolicy } from '../load/load.ts';
import { withExceptions } from '../load/load-exceptions.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { PolicyError } from '../errors.ts';
import type { PolicySource } from '../load/document-source.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { runCase, runSuite } from './run-suite.ts';
import type { SuiteOptions } from './suite-history.ts';
import type { Suite } from './types.ts';

/** How a suite does against weakened policies. */
export interface MutationResult {
  /** Weakenings that no test noticed. */
  readonly survivors: readonly Mutant[];
  readonly killed: number;
  /** Weakenings that do not load, which need no test. */
  readonly invalid: number;
}

/** Runs a suite against every weakening of a policy. Only cases that pass on the policy itself count. */
export function mutateSuite(
  suite: Suite,
  policy: CompiledPolicy,
  source: PolicySource,
  options: SuiteOptions = {},
): MutationResult {
  const passing = runSuite(suite, policy, options).flatMap((result) =>
    result.problems.length === 0 ? [result.case] : [],
  );
  const survivors: Mutant[] = [];
  let killed = 0;
  let invalid = 0;
  for (const mutant of mutantsOf(policy.document)) {
    const weakened = compiled(mutant, policy, source);
    if (weakened === undefined) invalid += 1;
    else if (passing.some((one) => runCase(one, weakened, options).problems.length > 0)) killed += 1;
    else survivors.push(mutant);
  }
  return { survivors, killed, invalid };
}

function compiled(mutant: Mutant, policy: CompiledPolicy, source: PolicySource): CompiledPolicy | undefined {
  try {
    return withExceptions(compilePolicy(mutant.document, source), policy.exceptions);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}
