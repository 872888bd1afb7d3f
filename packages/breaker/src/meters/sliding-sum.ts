import { isJsonArray, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

import { addAmount, createTotal, isAmount, isMore, subtractAmount, valueOf, type Total } from './total.ts';

/**
 * Amounts by the time they were added, and what is reserved.
 *
 * An amount added at `t` counts while `now < t + withinMs`. Without a window only the sum is kept.
 */
export interface SlidingSum {
  readonly kind: 'sum';
  readonly counted: Total;
  readonly reserved: Total;
  /** Undefined without a window. */
  readonly withinMs: number | undefined;
  /** Times and amounts in turn, the oldest first from `head`; an infinite amount is beyond counting. Empty without a window. */
  readonly entries: number[];
  head: number;
}

/** What is spent is cut off the entries once it is so much, and half of them. */
const SPENT = 64;

export function createSlidingSum(withinMs: number | undefined): SlidingSum {
  return { kind: 'sum', counted: createTotal(), reserved: createTotal(), withinMs, entries: [], head: 0 };
}

/**
 * Counts an amount from `now` on.
 *
 * @param maxEntries beyond it the two oldest become one, which counts as long as the younger of them
 */
export function countAmount(sum: SlidingSum, amount: number, now: Instant, maxEntries: number): void {
  forgetSpentAmounts(sum, now);
  if (amount === 0) return;
  const added = addAmount(sum.counted, amount);
  if (sum.withinMs === undefined) return;
  sum.entries.push(now, added);
  if (sum.entries.length - sum.head > 2 * maxEntries) mergeOldest(sum);
}

/** What counts at `now`, but for what is reserved. The sum is not changed. */
export function countedAt(sum: SlidingSum, now: Instant): Total {
  if (!isSpent(sum, sum.head, now)) return sum.counted;
  const counted = { ...sum.counted };
  for (let at = sum.head; isSpent(sum, at, now); at += 2) subtractAmount(counted, sum.entries[at + 1] ?? 0);
  return counted;
}

/** How long until `amount` more would stay within `max` if nothing else happened; undefined when that cannot be said. */
export function waitMs(sum: SlidingSum, amount: number, max: number, now: Instant): number | undefined {
  const { withinMs } = sum;
  if (withinMs === undefined) return undefined;
  const counted = { ...sum.counted };
  for (let at = sum.head; at < sum.entries.length; at += 2) {
    subtractAmount(counted, sum.entries[at + 1] ?? 0);
    if (!isMore(counted, sum.reserved, amount, max)) return Math.max(0, (sum.entries[at] ?? 0) + withinMs - now);
  }
  return undefined;
}

/** Whether it says the same as a new one. */
export function isEmptySum({ counted, reserved }: SlidingSum): boolean {
  return counted.units + counted.micros + counted.overs + reserved.units + reserved.micros + reserved.overs === 0;
}

export function copySum(sum: SlidingSum): SlidingSum {
  return {
    kind: 'sum',
    counted: { ...sum.counted },
    reserved: { ...sum.reserved },
    withinMs: sum.withinMs,
    entries: sum.entries.slice(sum.head),
    head: 0,
  };
}

/** With a window what counts at `now`, else what it adds up to. What is reserved is written as counted; null is beyond counting. */
export function writeSum(sum: SlidingSum, now: Instant): JsonValue {
  const { withinMs, counted, reserved } = sum;
  if (withinMs === undefined) return { sum: writtenAmount(counted, reserved) };
  const entries: JsonValue[] = [];
  for (let at = sum.head; at < sum.entries.length; at += 2) {
    const amount = sum.entries[at + 1] ?? 0;
    if (!isSpent(sum, at, now)) entries.push(sum.entries[at] ?? 0, Number.isFinite(amount) ? amount : null);
  }
  const inDoubt = writtenAmount(reserved, createTotal());
  if (inDoubt !== 0) entries.push(now, inDoubt);
  return { withinMs, entries };
}

function writtenAmount(first: Total, second: Total): number | null {
  const value = valueOf(first, second);
  return first.overs + second.overs === 0 && isAmount(value) ? value : null;
}

/** The sum that {@link writeSum} wrote, or undefined where `value` is none. */
export function readSum(value: JsonObject): SlidingSum | undefined {
  const { withinMs, entries, sum: total } = value;
  const sum = createSlidingSum(typeof withinMs === 'number' ? withinMs : undefined);
  if (sum.withinMs === undefined) {
    if (total !== null && !isAmount(total)) return undefined;
    addAmount(sum.counted, total ?? Number.POSITIVE_INFINITY);
    return sum;
  }
  if (!isJsonArray(entries) || entries.length % 2 !== 0) return undefined;
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < entries.length; at += 2) {
    const [time, amount] = [entries[at], entries[at + 1]];
    if (typeof time !== 'number' || time < before || (amount !== null && !isAmount(amount))) return undefined;
    before = time;
    sum.entries.push(time, addAmount(sum.counted, amount ?? Number.POSITIVE_INFINITY));
  }
  return sum;
}

/** Whether there is an entry at `at` that no longer counts. */
function isSpent({ entries, withinMs }: SlidingSum, at: number, now: Instant): boolean {
  const time = entries[at];
  return time !== undefined && withinMs !== undefined && time + withinMs <= now;
}

/** Takes away what no longer counts. */
export function forgetSpentAmounts(sum: SlidingSum, now: Instant): void {
  const { entries } = sum;
  while (isSpent(sum, sum.head, now)) {
    subtractAmount(sum.counted, entries[sum.head + 1] ?? 0);
    sum.head += 2;
  }
  if (sum.head < SPENT || sum.head * 2 < entries.length) return;
  entries.splice(0, sum.head);
  sum.head = 0;
}

function mergeOldest(sum: SlidingSum): void {
  const { head, counted, entries } = sum;
  const [older = 0, younger = 0] = [entries[head + 1], entries[head + 3]];
  subtractAmount(counted, older);
  subtractAmount(counted, younger);
  sum.head += 2;
  entries[sum.head + 1] = addAmount(counted, older + younger);
}
