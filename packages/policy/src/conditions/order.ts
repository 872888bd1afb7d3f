import { Duration, Timestamp, type Result } from './value.ts';

/**
 * Which of two values comes first: below 0 the left one, above 0 the right one, 0 neither. Undefined where they have no order:
 * only numbers, strings, timestamps and durations do, each among themselves.
 */
export function compareValues(left: Result, right: Result): number | undefined {
  if (typeof left === 'number') return typeof right === 'number' ? compareNumbers(left, right) : undefined;
  if (typeof left === 'string') return typeof right === 'string' ? compareTexts(left, right) : undefined;
  if (left instanceof Timestamp) return right instanceof Timestamp ? compareTimes(left, right) : undefined;
  return left instanceof Duration && right instanceof Duration ? compareTimes(left, right) : undefined;
}

function compareNumbers(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareTimes(left: Timestamp | Duration, right: Timestamp | Duration): number {
  return compareNumbers(left.ms, right.ms) || compareNumbers(left.nanos, right.nanos);
}

/** By code points, as CEL orders strings: UTF-16 puts what is written with surrogates before U+E000. */
function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return rankOf(one) - rankOf(other);
  }
  return left.length - right.length;
}

function rankOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
