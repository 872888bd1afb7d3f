import { Duration, Failure, Timestamp, type Result } from './value.ts';

const NANOS_PER_MS = 1_000_000;
// the range of google.protobuf.Timestamp: years 1 to 9999
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;
// what CEL's reference implementation can hold: 64 bits of nanoseconds, about 292 years
const LONGEST_MS = 9_223_372_036_853;

const OUT_OF_RANGE = new Failure('evaluation', 'a time beyond the years 1 to 9999, or one longer than 292 years');

/** A timestamp, or a failure where it is out of range. `nanos` may be anything from -999,999 to 1,999,998. */
export function timestampOf(ms: number, nanos: number): Timestamp | Failure {
  const carry = Math.floor(nanos / NANOS_PER_MS);
  const whole = ms + carry;
  return whole >= FIRST_MS && whole <= LAST_MS ? new Timestamp(whole, nanos - carry * NANOS_PER_MS) : OUT_OF_RANGE;
}

/** A duration, or a failure where it is out of range. `nanos` as in {@link timestampOf}. */
export function durationOf(ms: number, nanos: number): Duration | Failure {
  const carry = Math.floor(nanos / NANOS_PER_MS);
  const whole = ms + carry;
  return Math.abs(whole) <= LONGEST_MS ? new Duration(whole, nanos - carry * NANOS_PER_MS) : OUT_OF_RANGE;
}

/** The sum of a timestamp and a duration, in any order, or of two durations; undefined for anything else. */
export function addTicks(left: Result, right: Result): Timestamp | Duration | Failure | undefined {
  if (left instanceof Timestamp) {
    return right instanceof Duration ? timestampOf(left.ms + right.ms, left.nanos + right.nanos) : undefined;
  }
  if (!(left instanceof Duration)) return undefined;
  if (right instanceof Timestamp) return timestampOf(left.ms + right.ms, left.nanos + right.nanos);
  return right instanceof Duration ? durationOf(left.ms + right.ms, left.nanos + right.nanos) : undefined;
}

/** The time from the timestamp to 1970, or the duration turned around. */
export function negatedTicks(ticks: Timestamp | Duration): Duration {
  return ticks.nanos === 0 ? new Duration(0 - ticks.ms, 0) : new Duration(0 - ticks.ms - 1, NANOS_PER_MS - ticks.nanos);
}
