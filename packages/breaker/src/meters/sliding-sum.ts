import { isJsonArray, type Instant, type JsonValue } from '@callgate/canonical';

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
  /** Times and amounts in turn, the oldest first from `head`; an infinite amount is beyond counting. Undefined without a window. */
  readonly entries: number[] | undefined;
  head: number;
}

const NO_ENTRIES: readonly number[] = Object.freeze([]);

/** What is spent is cut off the entries once it is so much, and half of them. */
const SPENT = 64;

export function createSlidingSum(withinMs: number | undefined): SlidingSum {
  const entries = withinMs === undefined ? undefined : [];
  return { kind: 'sum', counted: createTotal(), reserved: createTotal(), entries, head: 0 };
}

/**
 * Counts an amount from `now` on.
 *
 * @param maxEntries beyond it the two oldest become one, which counts as long as the younger of them
 */
export function countAmount(
  sum: SlidingSum,
  amount: number,
  now: Instant,
  withinMs: number | undefined,
  maxEntries: number,
): void {
  forgetSpent(sum, now, withinMs);
  if (amount === 0) return;
  const added = addAmount(sum.counted, amount);
  if (sum.entries === undefined) return;
  sum.entries.push(now, added);
  if (sum.entries.length - sum.head > 2 * maxEntries) mergeOldest(sum, sum.entries);
}

/** What counts at `now`, but for what is reserved. The sum is not changed. */
export function countedAt(sum: SlidingSum, now: Instant, withinMs: number | undefined): Total {
  const entries = sum.entries ?? NO_ENTRIES;
  if (!isSpent(entries, sum.head, now, withinMs)) return sum.counted;
  const counted = { ...sum.counted };
  for (let at = sum.head; isSpent(entries, at, now, withinMs); at += 2) subtractAmount(counted, entries[at + 1] ?? 0);
  return counted;
}

/** How long until `amount` more would stay within `max` if nothing else happened; undefined when that cannot be said. */
export function waitMs(
  sum: SlidingSum,
  amount: number,
  max: number,
  now: Instant,
  withinMs: number | undefined,
): number | undefined {
  if (sum.entries === undefined || withinMs === undefined) return undefined;
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
    entries: sum.entries?.slice(sum.head),
    head: 0,
  };
}

/** With a window its entries, else what they add up to. What is reserved is written as counted at `now`; null is beyond counting. */
export function writeSum(sum: SlidingSum, now: Instant): JsonValue {
  const { counted, reserved } = sum;
  const none = createTotal();
  if (sum.entries === undefined) {
    return counted.overs + reserved.overs > 0 ? { sum: null } : { sum: valueOf(counted, reserved) };
  }
  const entries: JsonValue[] = sum.entries.slice(sum.head).map((number) => (Number.isFinite(number) ? number : null));
  const inDoubt = reserved.overs > 0 ? null : valueOf(reserved, none);
  if (inDoubt !== 0) entries.push(now, inDoubt);
  return { entries };
}

/** The sum that {@link writeSum} wrote, or undefined where `value` is none. */
export function readSum(value: { readonly [key: string]: JsonValue }): SlidingSum | undefined {
  const { entries, sum: total } = value;
  if (entries === undefined) {
    if (total !== null && !isAmount(total)) return undefined;
    const sum = createSlidingSum(undefined);
    addAmount(sum.counted, total ?? Number.POSITIVE_INFINITY);
    return sum;
  }
  if (!isJsonArray(entries) || entries.length % 2 !== 0) return undefined;
  const sum = createSlidingSum(1);
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < entries.length; at += 2) {
    const [time, amount] = [entries[at], entries[at + 1]];
    if (typeof time !== 'number' || time < before || (amount !== null && !isAmount(amount))) return undefined;
    before = time;
    sum.entries?.push(time, addAmount(sum.counted, amount ?? Number.POSITIVE_INFINITY));
  }
  return sum;
}

/** Whether there is an entry at `at` that no longer counts. */
function isSpent(entries: readonly number[], at: number, now: Instant, withinMs: number | undefined): boolean {
  const time = entries[at];
  return time !== undefined && withinMs !== undefined && time + withinMs <= now;
}

function forgetSpent(sum: SlidingSum, now: Instant, withinMs: number | undefined): void {
  const { entries } = sum;
  if (entries === undefined) return;
  while (isSpent(entries, sum.head, now, withinMs)) {
    subtractAmount(sum.counted, entries[sum.head + 1] ?? 0);
    sum.head += 2;
  }
  if (sum.head < SPENT || sum.head * 2 < entries.length) return;
  entries.splice(0, sum.head);
  sum.head = 0;
}

function mergeOldest(sum: SlidingSum, entries: number[]): void {
  const { head, counted } = sum;
  const [older = 0, younger = 0] = [entries[head + 1], entries[head + 3]];
  subtractAmount(counted, older);
  subtractAmount(counted, younger);
  sum.head += 2;
  entries[sum.head + 1] = addAmount(counted, older + younger);
}
