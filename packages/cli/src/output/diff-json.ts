import type { DiffItem, Flip, PolicyDiff } from '@callgate/policy';

import { decisionJson } from './decision-json.ts';

/** How two policies differ, for a program. The whole of it: nothing is cut. */
export function diffJson(diff: PolicyDiff): Record<string, unknown> {
  return { ...diff, items: diff.items.map(itemJson) };
}

function itemJson(item: DiffItem): Record<string, unknown> {
  return { ...item, flips: item.flips.map(flipJson) };
}

function flipJson(flip: Flip): Record<string, unknown> {
  return { ...flip, before: decisionJson(flip.before), after: decisionJson(flip.after) };
}
