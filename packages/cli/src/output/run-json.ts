import { isInDoubt } from '../runs/recorded-call.ts';
import type { RunTimeline, TimelineItem } from '../runs/run-timeline.ts';

/** A run for a program. */
export function runJson(timeline: RunTimeline): Record<string, unknown> {
  const { run, parents, actors, first, last, counts, cost, nested, omitted, forgotten } = timeline;
  return {
    run,
    parents,
    actors: [...actors],
    first: first ?? null,
    last: last ?? null,
    ...counts,
    cost,
    nested: [...nested].map(([inner, { depth, within }]) => ({ run: inner, depth, within })),
    timeline: timeline.items.map(itemJson),
    omitted,
    forgotten,
  };
}

function itemJson(item: TimelineItem): Record<string, unknown> {
  if (item.kind !== 'call') return { ...item };
  const { ending, ...call } = item.call;
  return { kind: 'call', depth: item.depth, ...call, inDoubt: isInDoubt(item.call), outcome: ending };
}
