import { isJsonArray, type Instant, type JsonValue } from '@callgate/canonical';

/**
 * Different values by the time each was last counted, and those of calls under way.
 *
 * A value counted at `t` counts while `now < t + withinMs`, and while a call that has it is under way.
 */
export interface DistinctValues {
  readonly kind: 'distinct';
  /** Times by value, the oldest first. */
  readonly counted: Map<string, Instant>;
  /** How many calls under way have the value. */
  readonly reserved: Map<string, number>;
  /** Of the values of `reserved`, those that `counted` does not have. */
  fresh: number;
  /** Values that were too many to keep: how many, and the time of the last of them, by which all of them count. */
  merged: number;
  mergedAt: Instant;
}

export function createDistinctValues(): DistinctValues {
  return { kind: 'distinct', counted: new Map(), reserved: new Map(), fresh: 0, merged: 0, mergedAt: 0 };
}

export function reserveValue(values: DistinctValues, value: string): void {
  const before = values.reserved.get(value) ?? 0;
  values.reserved.set(value, before + 1);
  if (before === 0 && !values.counted.has(value)) values.fresh += 1;
}

export function unreserveValue(values: DistinctValues, value: string): void {
  const before = values.reserved.get(value) ?? 0;
  if (before > 1) {
    values.reserved.set(value, before - 1);
    return;
  }
  values.reserved.delete(value);
  if (before === 1 && !values.counted.has(value)) values.fresh -= 1;
}

/** Counts a value from `now` on. Beyond `maxEntries` the oldest are only counted, as if each was another, as long as the last of them. */
export function countValue(
  values: DistinctValues,
  value: string,
  now: Instant,
  withinMs: number | undefined,
  maxEntries: number,
): void {
  forgetSpent(values, now, withinMs);
  if (!values.counted.delete(value) && values.reserved.has(value)) values.fresh -= 1;
  values.counted.set(value, now);
  for (const [oldest, at] of values.counted) {
    if (values.counted.size <= maxEntries) break;
    drop(values, oldest);
    values.merged += 1;
    values.mergedAt = at;
  }
}

/** How many values count at `now`. The values are not changed. */
export function distinctAt(values: DistinctValues, now: Instant, withinMs: number | undefined): number {
  let count = values.counted.size + values.fresh;
  for (const [value, at] of values.counted) {
    if (!isSpent(at, now, withinMs)) break;
    if (!values.reserved.has(value)) count -= 1;
  }
  return count + (values.merged > 0 && !isSpent(values.mergedAt, now, withinMs) ? values.merged : 0);
}

/** Whether a value counts already, so that it adds nothing. */
export function isCounted(values: DistinctValues, value: string, now: Instant, withinMs: number | undefined): boolean {
  const at = values.counted.get(value);
  return values.reserved.has(value) || (at !== undefined && !isSpent(at, now, withinMs));
}

/** How long until at most `most` values count if nothing else happens; undefined when that cannot be said. */
export function waitUntilAtMost(
  values: DistinctValues,
  most: number,
  now: Instant,
  withinMs: number | undefined,
): number | undefined {
  if (withinMs === undefined) return undefined;
  let count = distinctAt(values, now, withinMs);
  if (values.merged > 0 && !isSpent(values.mergedAt, now, withinMs)) {
    count -= values.merged;
    if (count <= most) return values.mergedAt + withinMs - now;
  }
  for (const [value, at] of values.counted) {
    if (isSpent(at, now, withinMs) || values.reserved.has(value)) continue;
    count -= 1;
    if (count <= most) return at + withinMs - now;
  }
  return undefined;
}

export function isEmptyValues({ counted, reserved, merged }: DistinctValues): boolean {
  return counted.size + reserved.size + merged === 0;
}

export function copyValues(values: DistinctValues): DistinctValues {
  return { ...values, counted: new Map(values.counted), reserved: new Map(values.reserved) };
}

/** What is reserved is written as counted at `now`. */
export function writeValues(values: DistinctValues, now: Instant): JsonValue {
  const counted = new Map(values.counted);
  for (const value of values.reserved.keys()) {
    counted.delete(value);
    counted.set(value, now);
  }
  return { distinct: [...counted].flat(), merged: values.merged, mergedAt: values.mergedAt };
}

/** The values that {@link writeValues} wrote, or undefined where `value` is none. */
export function readValues(value: { readonly [key: string]: JsonValue }): DistinctValues | undefined {
  const { distinct, merged, mergedAt } = value;
  if (!isJsonArray(distinct) || distinct.length % 2 !== 0) return undefined;
  if (typeof merged !== 'number' || !Number.isSafeInteger(merged) || merged < 0) return undefined;
  if (typeof mergedAt !== 'number') return undefined;
  const values = { ...createDistinctValues(), merged, mergedAt };
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < distinct.length; index += 2) {
    const [text, at] = [distinct[index], distinct[index + 1]];
    if (typeof text !== 'string' || typeof at !== 'number' || at < before) return undefined;
    before = at;
    values.counted.set(text, at);
  }
  return values;
}

function isSpent(at: Instant, now: Instant, withinMs: number | undefined): boolean {
  return withinMs !== undefined && at + withinMs <= now;
}

function forgetSpent(values: DistinctValues, now: Instant, withinMs: number | undefined): void {
  if (values.merged > 0 && isSpent(values.mergedAt, now, withinMs)) values.merged = 0;
  for (const [value, at] of values.counted) {
    if (!isSpent(at, now, withinMs)) return;
    drop(values, value);
  }
}

function drop(values: DistinctValues, value: string): void {
  values.counted.delete(value);
  if (values.reserved.has(value)) values.fresh += 1;
}
