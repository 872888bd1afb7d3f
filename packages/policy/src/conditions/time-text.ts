import { dateOf, daysOf, isDate } from '../internal/civil-date.ts';
import { durationOf, timestampOf } from './time-arithmetic.ts';
import type { Duration, Failure, Timestamp } from './value.ts';

const DAY_MS = 86_400_000;

const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/u;

/** A timestamp as RFC 3339 writes it; undefined where the text is none. Seconds go to 59: UTC without leap seconds. */
export function parseTimestamp(text: string): Timestamp | Failure | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const days = daysOf({ year, month, day });
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  if (!isDate({ year, month, day })) return undefined;
  const offset = offsetMs(match[8], match[9], match[10]);
  if (offset === undefined) return undefined;
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  const ms = days * DAY_MS + (hour * 3600 + minute * 60 + second) * 1000 - offset;
  return timestampOf(ms + Math.floor(nanos / 1_000_000), nanos % 1_000_000);
}

/** An offset such as `+`, `02`, `00` in milliseconds; 0 without a sign; undefined where it is none. */
export function offsetMs(sign = '', hours = '0', minutes = '0'): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

// CEL writes durations as Go does; at most 9 digits behind the point keep them exact
const DURATION = /^([+-]?)((?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})(?:h|ms|m|s|us|ns))+$/u;
const DURATION_PART = /(\d*)(?:\.(\d*))?(h|ms|m|s|us|ns)/gu;

const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

/** A duration such as `1h30m` or `-1.5s`; undefined where the text is none. Below a nanosecond it is cut off. */
export function parseDuration(text: string): Duration | Failure | undefined {
  if (text === '0') return durationOf(0, 0);
  if (text.length > 128 || !DURATION.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(DURATION_PART)) {
    const nanos = UNIT_NANOS[unit] ?? 0n;
    total += BigInt(whole === '' ? '0' : whole) * nanos;
    if (fraction !== '') total += (BigInt(fraction) * nanos) / 10n ** BigInt(fraction.length);
  }
  const signed = text.startsWith('-') ? -total : total;
  const nanos = ((signed % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return durationOf(Number((signed - nanos) / 1_000_000n), Number(nanos));
}

/** A timestamp in milliseconds as RFC 3339 writes it, in UTC. */
export function isoText(ms: number): string {
  const { year, month, day } = dateOf(Math.floor(ms / DAY_MS));
  const time = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
  const [hour, minute, second] = [
    Math.floor(time / 3_600_000),
    Math.floor(time / 60_000) % 60,
    Math.floor(time / 1000) % 60,
  ];
  const fraction = time % 1000 === 0 ? '' : `.${padded(time % 1000, 3)}`;
  const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  return `${date}T${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}${fraction}Z`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
