import type { Instant } from '@callgate/canonical';

import { daysOf, isDate } from './civil-date.ts';

const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))?$/u;
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
  if (!isDate({ year, month, day })) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const offsetMs = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  return daysOf({ year, month, day }) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offsetMs;
}

function numberAt(match: RegExpExecArray, index: number): number {
  return Number(match[index] ?? '0');
}
