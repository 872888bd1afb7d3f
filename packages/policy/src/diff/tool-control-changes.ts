import { own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import type { Control } from '../history/control.ts';
import { byBound, byItems, byReach, byRequired, together } from './control-order.ts';
import { isSameValue } from './same-value.ts';
import type { ChangeDirection } from './policy-diff.ts';
import type { EntrySide } from './sides.ts';

/** What an entry says about many calls, by key. */
export const CONTROL_KEYS = ['labels', 'sink', 'declassifies', 'idempotency', 'plan', 'apply', 'cost'] as const;

export type ControlKey = (typeof CONTROL_KEYS)[number];

/** Which way it goes that an entry says something else about many calls; undefined where nothing changed. */
export function controlDirection(key: ControlKey, before: EntrySide, after: EntrySide): ChangeDirection | undefined {
  if (key === 'labels') return labelsDirection(before, after);
  if (key === 'cost') return costDirection(before.entry, after.entry);
  const [was, is] = [own(before.document, key), own(after.document, key)];
  if (isSameValue(was, is)) return undefined;
  if (key === 'sink') return sinkDirection(before, after, was, is);
  if (key === 'declassifies')
    return byItems(controlOf(before, 'labels')?.declassifies, controlOf(after, 'labels')?.declassifies);
  if (key === 'idempotency') return idempotencyDirection(before, after);
  return key === 'plan' ? planDirection(before, after) : applyDirection(before, after, was, is);
}

/** Why it is not proved that an entry says as much about many calls as another; undefined where it is. */
export function doubtControls(stricter: EntrySide, than: EntrySide): string | undefined {
  for (const key of CONTROL_KEYS) {
    const direction = controlDirection(key, than, stricter);
    if (direction === 'widened' || direction === 'unknown') return `\`${key}\` differs, and no single call shows it`;
  }
  return undefined;
}

function controlOf<Kind extends Control['kind']>(
  { entry }: EntrySide,
  kind: Kind,
): Extract<Control, { kind: Kind }> | undefined {
  const found = entry.ownControls.find(({ control }) => control.kind === kind)?.control;
  return found as Extract<Control, { kind: Kind }> | undefined;
}

/** Without flows nothing looks at the labels of a run. What rules do with the labels of a tool, their own comparison tells. */
function labelsDirection(before: EntrySide, after: EntrySide): ChangeDirection | undefined {
  const [one, other] = [controlOf(before, 'labels'), controlOf(after, 'labels')];
  if (one === undefined || other === undefined || isSameValue(one.labels, other.labels)) return undefined;
  return byRequired(one.labels, other.labels);
}

function sinkDirection(
  before: EntrySide,
  after: EntrySide,
  was: JsonValue | undefined,
  is: JsonValue | undefined,
): ChangeDirection {
  const isWatched = controlOf(before, 'labels') !== undefined || controlOf(after, 'labels') !== undefined;
  if (!isWatched) return 'changed';
  if (was === undefined) return 'narrowed';
  return is === undefined ? 'widened' : 'unknown';
}

function idempotencyDirection(before: EntrySide, after: EntrySide): ChangeDirection {
  const [one, other] = [controlOf(before, 'idempotency'), controlOf(after, 'idempotency')];
  if (one === undefined || other === undefined) return other === undefined ? 'widened' : 'narrowed';
  if (one.pointer !== other.pointer) return 'unknown';
  return together([
    byBound(Number(one.inject), Number(other.inject)),
    byReach(one.withinMs, other.withinMs),
    byBound(one.retries, other.retries),
  ]);
}

function planDirection(before: EntrySide, after: EntrySide): ChangeDirection {
  const [one, other] = [controlOf(before, 'plan'), controlOf(after, 'plan')];
  if (one === undefined || other === undefined) return other === undefined ? 'narrowed' : 'widened';
  return one.plan === other.plan && one.pointer === other.pointer ? byBound(one.ttlMs, other.ttlMs) : 'unknown';
}

function applyDirection(
  before: EntrySide,
  after: EntrySide,
  was: JsonValue | undefined,
  is: JsonValue | undefined,
): ChangeDirection {
  const [one, other] = [controlOf(before, 'apply'), controlOf(after, 'apply')];
  if (one === undefined || other === undefined) return other === undefined ? 'widened' : 'narrowed';
  if (one.plan !== other.plan || one.pointer !== other.pointer) return 'unknown';
  const pairs = (value: JsonValue | undefined): readonly string[] =>
    Object.entries((own(value as JsonObject, 'same') ?? {}) as JsonObject).map((pair) => JSON.stringify(pair));
  return byRequired(pairs(was), pairs(is));
}

/** The more a call costs, the sooner a budget is used up. */
function costDirection(before: Entry, after: Entry): ChangeDirection | undefined {
  const [one, other] = [before.cost, after.cost];
  if (isSameValue(textOf(one), textOf(other))) return undefined;
  if (one?.at !== other?.at) return 'unknown';
  return together([byReach(one?.perCall ?? 0, other?.perCall ?? 0), byReach(one?.perKiB ?? 0, other?.perKiB ?? 0)]);
}

function textOf(cost: Entry['cost']): string {
  return cost === undefined ? '' : JSON.stringify([cost.perCall, cost.perKiB, cost.at ?? null]);
}
