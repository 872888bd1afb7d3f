import type { Instant } from '@callgate/canonical';

const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))?$/u;
const MONTH_DAYS: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;

/**
 * The instant of an RFC 3339 date-time (`2026-11-25T08:00:00Z`, `…+01:00`), or of a date, which stands for its first instant in UTC.
 * Undefined for everything else: days that no month has, leap seconds, offsets of a day or more.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [numberAt(match, 1), numberAt(match, 2), numberAt(match, 3)];
  const [hour, minute, second] = [numberAt(match, 4), numberAt(match, 5), numberAt(match, 6)];
  const [offsetHour, offsetMinute] = [numberAt(match, 9), numberAt(match, 10)];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const offsetMs = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  return (
    daysFromEpoch(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offsetMs
  );
}

function numberAt(match: RegExpExecArray, index: number): number {
  return Number(match[index] ?? '0');
}

function daysOf(year: number, month: number): number {
  return month === 2 && !isLeap(year) ? 28 : (MONTH_DAYS[month - 1] ?? 0);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
function daysFromEpoch(year: number, month: number, day: number): number {
  // years are counted from March, so that the leap day is the last of its year
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
