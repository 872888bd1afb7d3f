import type { TalliedRun } from '../runs/run-tally.ts';
import type { Style } from './style.ts';
import { textTable, type Column } from './text-table.ts';
import { formatCost, formatCount, formatTime } from './words.ts';

/** Runs for a person: a table, the newest last. */
export function runListText(runs: readonly TalliedRun[], style: Style): readonly string[] {
  return runs.length === 0 ? [] : textTable(columns(style), runs, style);
}

function columns(style: Style): readonly Column<TalliedRun>[] {
  const count = (value: number): string => (value === 0 ? '' : formatCount(value));
  return [
    { title: 'first', cell: ({ first }) => ({ text: formatTime(first), paint: style.dim }) },
    { title: 'last', cell: ({ last }) => ({ text: formatTime(last), paint: style.dim }) },
    { title: 'run', maxWidth: 80, cell: ({ run }) => ({ text: run, paint: style.bold }) },
    { title: 'within', maxWidth: 80, cell: ({ within }) => within ?? '' },
    { title: 'principal', maxWidth: 60, cell: ({ actor, hasOthers }) => (hasOthers ? `${actor} and others` : actor) },
    { title: 'calls', align: 'right', cell: ({ counts }) => formatCount(counts.allow + counts.deny + counts.hold) },
    { title: 'denied', align: 'right', cell: ({ counts }) => ({ text: count(counts.deny), paint: style.red }) },
    { title: 'held', align: 'right', cell: ({ counts }) => ({ text: count(counts.hold), paint: style.yellow }) },
    { title: 'failed', align: 'right', cell: ({ failed }) => count(failed) },
    { title: 'in doubt', align: 'right', cell: ({ inDoubt }) => ({ text: count(inDoubt), paint: style.yellow }) },
    { title: 'cost', align: 'right', cell: ({ cost }) => (cost.value === 0 ? '' : formatCost(cost.value)) },
  ];
}

/** A run as one line for a program. */
export function runListJson({ cost, counts, ...run }: TalliedRun): Record<string, unknown> {
  const calls = counts.allow + counts.deny + counts.hold;
  return { ...run, calls, allowed: counts.allow, held: counts.hold, denied: counts.deny, cost: cost.value };
}
