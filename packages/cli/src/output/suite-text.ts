import type { PolicyLocation } from '@callgate/policy';

import type { CommandContext } from '../command.ts';
import type { SuiteReport } from '../suite/suite-report.ts';
import { printable } from './printable.ts';

const SHOWN = 50;
const MAX_TEXT_LENGTH = 1_000;

/** Prints what a file of tests came to: failures first in their order, then what nothing covers. */
export function printSuite(report: SuiteReport, isVerbose: boolean, { out, style }: CommandContext): void {
  const { file, results, coverage, threshold, mutation, policy } = report;
  const lines: string[] = [style.bold(text(file))];
  for (const { case: one, decision, problems } of results) {
    if (problems.length === 0 && !isVerbose) continue;
    const mark = problems.length === 0 ? style.green('✓') : style.red('✗');
    lines.push(
      `  ${mark} ${text(one.name)} ${style.dim(`${placeOf(one.location)} ${decision.effect}, ${decision.code}`.trim())}`,
    );
    lines.push(...problems.map((problem) => `      ${text(problem)}`));
  }
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const percent = Math.floor(coverage.ratio * 100);
  lines.push(
    `  ${results.length - failed} passed, ${failed} failed ${style.dim(`· ${coverage.covered} of ${coverage.items.length} covered (${percent} %)`)}`,
  );
  const isShort = threshold !== undefined && coverage.ratio * 100 < threshold;
  const missing = coverage.items.filter((item) => !item.isCovered);
  if (isShort) lines.push(`  ${style.red('✗')} expected ${threshold} % covered`);
  if (isShort || isVerbose) {
    lines.push(...shown(missing, ({ location, missing: what }) => `    ${text(what)} ${style.dim(placeOf(location))}`));
  }
  if (mutation !== undefined) {
    lines.push(`  ${mutation.killed} weakenings noticed, ${mutation.survivors.length} not`);
    lines.push(
      ...shown(
        mutation.survivors,
        ({ pointer, what }) =>
          `    ${style.red('✗')} ${text(pointer)}: ${text(what)} ${style.dim(placeOf(policy.locate(pointer)))}`,
      ),
    );
  }
  out.print(`${lines.join('\n')}\n`);
}

function shown<Item>(items: readonly Item[], line: (item: Item) => string): readonly string[] {
  const rest = items.length - SHOWN;
  return [...items.slice(0, SHOWN).map(line), ...(rest > 0 ? [`    and ${rest} more`] : [])];
}

function placeOf(location: PolicyLocation | undefined): string {
  return location === undefined ? '' : `${printable(location.file)}:${location.line}`;
}

function text(foreign: string): string {
  return printable(foreign, MAX_TEXT_LENGTH);
}
