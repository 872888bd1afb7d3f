import { formatCost, formatCount, plural } from '../output/words.ts';
import { CompensatedSum } from './compensated-sum.ts';
import { MAX_COST_GROUPS, type CostGroup, type CostTally, type Dimension } from './cost-tally.ts';

/** What a report says of costs. */
export interface CostReport {
  readonly by: readonly Dimension[];
  readonly tally: CostTally;
  /** The most groups that are shown. */
  readonly top: number;
}

/** One line of a report: a group, or several together under a name that is no key. */
export interface CostLine {
  readonly group: CostGroup;
  readonly name: string | undefined;
}

/** The groups that are shown, then all others together, so that the lines add up to the total. */
export function costLines({ tally, top }: CostReport): readonly CostLine[] {
  const { groups, other, unattributed } = tally;
  const rest = groups.slice(top);
  return [
    ...groups.slice(0, top).map((group) => ({ group, name: undefined })),
    ...(rest.length === 0 ? [] : [{ group: together(rest), name: `(${plural(rest.length, 'more group')})` }]),
    ...(other.calls === 0 ? [] : [{ group: other, name: '(other groups)' }]),
    ...(unattributed.calls === 0 ? [] : [{ group: unattributed, name: '(decision unknown)' }]),
  ];
}

function together(groups: readonly CostGroup[]): CostGroup {
  const cost = new CompensatedSum();
  for (const group of groups) cost.add(group.cost.value);
  return {
    keys: [],
    calls: groups.reduce((sum, { calls }) => sum + calls, 0),
    stated: groups.reduce((sum, { stated }) => sum + stated, 0),
    cost,
  };
}

/** One line: how many calls cost how much, and of how many that is not known. */
export function costSummary({ total, inDoubt }: CostTally): string {
  const unstated = total.calls - total.stated;
  return [
    `${plural(total.calls, 'call')}: cost ${formatCost(total.cost.value)}`,
    ...(unstated === 0 ? [] : [`not stated for ${formatCount(unstated)} of them (${share(unstated, total.calls)})`]),
    ...(inDoubt === 0 ? [] : [`${plural(inDoubt, 'more call')} in doubt`]),
  ].join('; ');
}

/** What a reader must know of a report that is not complete. */
export function costNotes({ other, unattributed }: CostTally): readonly string[] {
  return [
    ...(other.calls === 0
      ? []
      : [
          `more than ${formatCount(MAX_COST_GROUPS)} groups: ${plural(other.calls, 'call')} stand together as other groups`,
        ]),
    ...(unattributed.calls === 0
      ? []
      : [`${plural(unattributed.calls, 'outcome')} with a cost, whose decision is before what was read`]),
  ];
}

/** `12.5%`; nothing of nothing is nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

/** The share of a group's calls that do not say what they cost. */
export function unstatedShare({ calls, stated }: CostGroup): string {
  return stated === calls ? '' : share(calls - stated, calls);
}
