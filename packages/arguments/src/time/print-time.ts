import { dateFromDays, SECONDS_PER_DAY, type Moment } from './calendar.ts';
import type { TimeSyntax } from './parse-time.ts';

/** Writes a moment in its one canonical way: UTC, no zeros at the end of a fraction. */
export function printTime(moment: Moment, syntax: TimeSyntax): string | number {
  if (syntax.form === 'epoch-seconds') return moment.seconds;
  if (syntax.form === 'epoch-ms') return moment.seconds * 1000 + Math.floor(moment.nanos / 1_000_000);
  const days = Math.floor(moment.seconds / SECONDS_PER_DAY);
  if (syntax.form === 'date') return printDate(days);
  const zone = syntax.zone === 'none' ? '' : 'Z';
  const clock = printClock(moment.seconds - days * SECONDS_PER_DAY, moment.nanos) + zone;
  return syntax.form === 'time' ? clock : `${printDate(days)}T${clock}`;
}

function printDate(days: number): string {
  const { year, month, day } = dateFromDays(days);
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
}

function printClock(seconds: number, nanos: number): string {
  const whole = `${padded(Math.floor(seconds / 3600))}:${padded(Math.floor(seconds / 60) % 60)}:${padded(seconds % 60)}`;
  return nanos === 0 ? whole : `${whole}.${padded(nanos, 9).replace(/0+$/u, '')}`;
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
