import { isJsonArray, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

/**
 * Different values by the time each was last counted, and those of calls under way.
 *
 * A value counted at `t` counts while `now < t + withinMs`, and while a call that has it is under way.
 */
export interface DistinctValues {
  readonly kind: 'distinct';
  /** Undefined without a window. */
  readonly withinMs: number | undefined;
  /** Times by value, the oldest first. */
  readonly counted: Map<string, Instant>;
  /** The last of `counted`, if that has not been forgotten. */
  newest: string | undefined;
  /** No time in `counted` is before it. So most often nothing needs to be looked at to know that nothing is spent. */
  oldestAt: Instant;
  /** How many calls under way have the value. */
  readonly reserved: Map<string, number>;
  /** Of the values of `reserved`, those that `counted` does not have. */
  fresh: number;
  /** Values that were too many to keep: how many, and the time of the last of them, by which all of them count. */
  merged: number;
  mergedAt: Instant;
}

export function createDistinctValues(withinMs: number | undefined): DistinctValues {
  return {
    kind: 'distinct',
    withinMs,
    counted: new Map(),
    newest: undefined,
    oldestAt: Number.NEGATIVE_INFINITY,
    reserved: new Map(),
    fresh: 0,
    merged: 0,
    mergedAt: 0,
  };
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

/**
 * The call that reserved the value has ended: it counts from `now` on. Beyond `maxEntries` the oldest are only counted, as if each was
 * another, as long as the last of them.
 */
export function settleValue(values: DistinctValues, value: string, now: Instant, maxEntries: number): void {
  const { counted, reserved } = values;
  forgetSpentValues(values, now);
  const before = reserved.get(value) ?? 0;
  if (before > 1) reserved.set(value, before - 1);
  else reserved.delete(value);
  // The newest stays where it is.
  const wasCounted = value === values.newest ? counted.has(value) : counted.delete(value);
  if (!wasCounted && before > 0) values.fresh -= 1;
  counted.set(value, now);
  values.newest = value;
  if (counted.size <= maxEntries) return;
  for (const [oldest, at] of counted) {
    if (counted.size <= maxEntries) return;
    drop(values, oldest);
    values.merged += 1;
    values.mergedAt = at;
  }
}

/** How many values count at `now`. The values are not changed. */
export function distinctAt(values: DistinctValues, now: Instant): number {
  const merged = values.merged > 0 && !isSpent(values, values.mergedAt, now) ? values.merged : 0;
  return values.counted.size + values.fresh + merged - spentAt(values, now);
}

/** How many values of `counted` are spent, and no call under way has them. */
function spentAt(values: DistinctValues, now: Instant): number {
  let spent = 0;
  if (!isSpent(values, values.oldestAt, now)) return spent;
  for (const [value, at] of values.counted) {
    if (!isSpent(values, at, now)) break;
    if (!values.reserved.has(value)) spent += 1;
  }
  return spent;
}

/** Whether a value counts already, so that it adds nothing. */
export function isCounted(values: DistinctValues, value: string, now: Instant): boolean {
  const at = values.counted.get(value);
  return values.reserved.has(value) || (at !== undefined && !isSpent(values, at, now));
}

/** How long until `value` is one of at most `max` if nothing else happens; undefined when that cannot be said. */
export function waitForValue(values: DistinctValues, value: string, max: number, now: Instant): number | undefined {
  const { withinMs, merged, mergedAt, reserved } = values;
  if (withinMs === undefined) return undefined;
  let count = distinctAt(values, now);
  // Its own stops counting in its turn, and then it would be one more.
  let needed = isCounted(values, value, now) ? 0 : 1;
  if (merged > 0 && !isSpent(values, mergedAt, now)) {
    count -= merged;
    if (count + needed <= max) return mergedAt + withinMs - now;
  }
  for (const [other, at] of values.counted) {
    if (isSpent(values, at, now) || reserved.has(other)) continue;
    count -= 1;
    if (other === value) needed = 1;
    if (count + needed <= max) return at + withinMs - now;
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
  const kept = copyValues(values);
  forgetSpentValues(kept, now);
  const { counted, merged, mergedAt, withinMs } = kept;
  for (const value of kept.reserved.keys()) {
    counted.delete(value);
    counted.set(value, now);
  }
  return { withinMs: withinMs ?? null, distinct: [...counted].flat(), merged, mergedAt };
}

/** The values that {@link writeValues} wrote, or undefined where `value` is none. */
export function readValues(value: JsonObject): DistinctValues | undefined {
  const { withinMs, distinct, merged, mergedAt } = value;
  if (!isJsonArray(distinct) || distinct.length % 2 !== 0) return undefined;
  if (typeof merged !== 'number' || !Number.isSafeInteger(merged) || merged < 0) return undefined;
  if (typeof mergedAt !== 'number') return undefined;
  const values = { ...createDistinctValues(typeof withinMs === 'number' ? withinMs : undefined), merged, mergedAt };
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < distinct.length; index += 2) {
    const [text, at] = [distinct[index], distinct[index + 1]];
    if (typeof text !== 'string' || typeof at !== 'number' || at < before) return undefined;
    before = at;
    values.counted.set(text, at);
  }
  return values;
}

function isSpent({ withinMs }: DistinctValues, at: Instant, now: Instant): boolean {
  return withinMs !== undefined && at + withinMs <= now;
}

/** Takes away what no longer counts. */
export function forgetSpentValues(values: DistinctValues, now: Instant): void {
  if (values.merged > 0 && isSpent(values, values.mergedAt, now)) values.merged = 0;
  if (!isSpent(values, values.oldestAt, now)) return;
  values.oldestAt = now;
  for (const [value, at] of values.counted) {
    if (!isSpent(values, at, now)) {
      values.oldestAt = at;
      return;
    }
    drop(values, value);
  }
}

function drop(values: DistinctValues, value: string): void {
  values.counted.delete(value);
  if (values.reserved.has(value)) values.fresh += 1;
}
