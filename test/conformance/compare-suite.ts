import { compareResults, tallyScenario, type Difference } from './compare.ts';
import { runSuite, type ScenarioResult, type Selection, type SuiteResult } from './run-suite.ts';
import type { Suite } from './suites.ts';

const MAX_REPEATED = 4;

/** One suite, plain and governed. */
export interface Comparison {
  readonly suite: Suite;
  readonly plain: SuiteResult;
  readonly governed: SuiteResult;
  readonly differences: readonly Difference[];
  /** Scenarios that differed or failed while all ran side by side and were run again one at a time; these results count. */
  readonly repeated: readonly string[];
}

/**
 * Runs a suite plain, then governed, and compares.
 *
 * Some scenarios judge timing, which a busy machine spoils for either side. So where a few scenarios differ or fail they
 * are run again on their own, both ways, and that result stands. Many at once are no matter of timing.
 */
export async function compareSuite(suite: Suite, selection: Selection): Promise<Comparison> {
  const plain = new Map(await runSuite(suite, 'plain', selection));
  const governed = new Map(await runSuite(suite, 'governed', selection));
  const repeated = unsettled(plain, governed);
  if (repeated.length > MAX_REPEATED)
    return { suite, plain, governed, differences: compareResults(plain, governed), repeated: [] };
  for (const scenario of repeated) {
    await repeatScenario(suite, scenario, plain, 'plain');
    await repeatScenario(suite, scenario, governed, 'governed');
  }
  return { suite, plain, governed, differences: compareResults(plain, governed), repeated };
}

function unsettled(plain: SuiteResult, governed: SuiteResult): string[] {
  const differing = compareResults(plain, governed).map(({ scenario }) => scenario);
  const failing = [...plain].filter(([, result]) => tallyScenario(result).failed > 0).map(([scenario]) => scenario);
  return [...new Set([...differing, ...failing])].toSorted();
}

async function repeatScenario(
  suite: Suite,
  scenario: string,
  into: Map<string, ScenarioResult>,
  mode: 'plain' | 'governed',
): Promise<void> {
  const [result] = (await runSuite(suite, mode, { scenario })).values();
  if (result !== undefined) into.set(scenario, result);
}
