import type { ScenarioResult, SuiteResult } from './run-suite.ts';

/** A check whose verdicts are not the same governed as plain. */
export interface Difference {
  readonly scenario: string;
  readonly check: string;
  readonly plain: string;
  readonly governed: string;
}

/** How many checks of one scenario, or of all, ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Warnings and skipped checks. */
  readonly other: number;
}

/** Finds every check whose verdicts differ, or that only one side has. */
export function compareResults(plain: SuiteResult, governed: SuiteResult): Difference[] {
  const scenarios = [...new Set([...plain.keys(), ...governed.keys()])].toSorted();
  return scenarios.flatMap((scenario) => compareScenario(scenario, plain.get(scenario), governed.get(scenario)));
}

function compareScenario(
  scenario: string,
  plain: ScenarioResult = NONE,
  governed: ScenarioResult = NONE,
): Difference[] {
  const checks = [...new Set([...plain.keys(), ...governed.keys()])].toSorted();
  return checks
    .map((check) => ({ scenario, check, plain: words(plain.get(check)), governed: words(governed.get(check)) }))
    .filter((difference) => difference.plain !== difference.governed);
}

/** Counts a scenario's verdicts. */
export function tallyScenario(result: ScenarioResult): Tally {
  const verdicts = [...result.values()].flat();
  const passed = verdicts.filter((verdict) => verdict === 'SUCCESS').length;
  const failed = verdicts.filter((verdict) => verdict === 'FAILURE').length;
  return { passed, failed, other: verdicts.length - passed - failed };
}

/** Counts all verdicts of a suite. */
export function tallySuite(result: SuiteResult): Tally {
  return [...result.values()].map(tallyScenario).reduce(addTallies, { passed: 0, failed: 0, other: 0 });
}

/** The scenarios without a failed check. */
export function countClean(result: SuiteResult): number {
  return [...result.values()].filter((scenario) => tallyScenario(scenario).failed === 0).length;
}

function addTallies(left: Tally, right: Tally): Tally {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed, other: left.other + right.other };
}

function words(verdicts: readonly string[] | undefined): string {
  if (verdicts === undefined) return 'absent';
  const counts = Map.groupBy(verdicts, (verdict) => verdict);
  return [...counts].map(([verdict, { length }]) => (length === 1 ? verdict : `${length} × ${verdict}`)).join(', ');
}

const NONE: ScenarioResult = new Map();
