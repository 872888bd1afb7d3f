import type { ValueSchema } from '../document/types.ts';
import { isMultipleOf } from '../envelope/decimal.ts';

/** The numbers that a schema's number keywords let pass. */
export interface NumberSet {
  readonly low: number;
  /** `low` itself does not pass. */
  readonly isLowOpen: boolean;
  readonly high: number;
  readonly isHighOpen: boolean;
  readonly step: number | undefined;
  readonly isWhole: boolean;
}

const MAX_LISTED = 512;

/** @param isWhole the type says `integer` and not `number` */
export function numberSetOf(schema: ValueSchema, isWhole: boolean): NumberSet {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const low = Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
  const set = {
    low,
    isLowOpen: exclusiveMinimum === low,
    high,
    isHighOpen: exclusiveMaximum === high,
    step: multipleOf,
    isWhole: isWhole || (multipleOf !== undefined && isMultipleOf(multipleOf, 1)),
  };
  return set.isWhole ? tightened(set) : set;
}

/** Bounds of whole numbers at whole numbers, as far as those are exact. */
function tightened(set: NumberSet): NumberSet {
  const least = set.isLowOpen ? Math.floor(set.low) + 1 : Math.ceil(set.low);
  const most = set.isHighOpen ? Math.ceil(set.high) - 1 : Math.floor(set.high);
  return {
    ...set,
    ...(Number.isSafeInteger(least) ? { low: least, isLowOpen: false } : {}),
    ...(Number.isSafeInteger(most) ? { high: most, isHighOpen: false } : {}),
  };
}

/** Proves that no number passes. */
export function isEmptyNumberSet({ low, isLowOpen, high, isHighOpen }: NumberSet): boolean {
  return low > high || (low === high && (isLowOpen || isHighOpen));
}

/** Proves that every number of `inner` is one of `outer`. */
export function isNumberSetWithin(inner: NumberSet, outer: NumberSet): boolean {
  if (isEmptyNumberSet(inner)) return true;
  if (inner.low < outer.low || (inner.low === outer.low && outer.isLowOpen && !inner.isLowOpen)) return false;
  if (inner.high > outer.high || (inner.high === outer.high && outer.isHighOpen && !inner.isHighOpen)) return false;
  if (outer.isWhole && !inner.isWhole) return false;
  if (outer.step === undefined) return true;
  const isSteppedAlike = inner.step !== undefined && isMultipleOf(inner.step, outer.step);
  return isSteppedAlike || (inner.isWhole && isMultipleOf(1, outer.step));
}

/** All numbers of the set, where they are whole and at most 512. */
export function listNumbers({ low, high, isWhole, step }: NumberSet): readonly number[] | undefined {
  if (!isWhole || !Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high - low >= MAX_LISTED)
    return undefined;
  const numbers: number[] = [];
  for (let number = low; number <= high; number += 1) {
    if (step === undefined || isMultipleOf(number, step)) numbers.push(number);
  }
  return numbers;
}

/** Numbers at and around the bounds and steps of the set, whether they pass or not. */
export function numbersAround({ low, high, step, isWhole }: NumberSet): readonly number[] {
  const bounds = [low, high].filter((bound) => Number.isFinite(bound));
  const unit = step ?? 1;
  const middle = bounds.length === 2 ? [(low + high) / 2, Math.round((low + high) / 2)] : [];
  const near = bounds.flatMap((bound) => [
    bound,
    bound - unit,
    bound + unit,
    ...(isWhole ? [] : [bound + 0.5, bound - 0.5, bound + 0.01, bound - 0.01]),
    ...steppedNear(bound, unit),
  ]);
  const beyond = bounds.flatMap((bound) => [bound - 1, bound + 1, bound - 0.5, bound + 0.5]);
  const anywhere = [0, 1, unit, -unit, 2 * unit, 3 * unit, -1, 0.5, 100];
  return [...new Set([...middle, ...near, ...anywhere, ...beyond])]
    .filter((number) => Number.isFinite(number))
    .map(withoutSign);
}

function steppedNear(bound: number, step: number): readonly number[] {
  const count = Math.round(bound / step);
  return [count - 1, count, count + 1].map((factor) => Number((factor * step).toPrecision(15)));
}

/** JSON has no negative zero. */
function withoutSign(number: number): number {
  return number === 0 ? 0 : number;
}
