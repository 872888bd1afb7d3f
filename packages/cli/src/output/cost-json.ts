import type { CostReport } from '../cost/cost-report.ts';
import type { CostGroup } from '../cost/cost-tally.ts';

/** The report for a program. */
export function costJson({ by, tally, top }: CostReport): Record<string, unknown> {
  const { groups, total, other, unattributed, inDoubt } = tally;
  return {
    by,
    total: figures(total),
    groups: groups.slice(0, top).map((group) => Object.assign(keysOf(by, group), figures(group))),
    more: Math.max(0, groups.length - top),
    other: figures(other),
    unattributed: figures(unattributed),
    inDoubt,
  };
}

function figures({ calls, stated, cost }: CostGroup): Record<string, number> {
  return { calls, stated, cost: cost.value };
}

function keysOf(by: CostReport['by'], { keys }: CostGroup): Record<string, string | null> {
  return Object.fromEntries(by.map((name, index) => [name, keys[index] ?? null]));
}
