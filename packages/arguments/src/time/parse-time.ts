import { daysFromDate, daysInMonth, FIRST_SECOND, LAST_SECOND, SECONDS_PER_DAY, type Moment } from './calendar.ts';
import type { TimeForm } from './specification.ts';

/** How one moment is written. */
export interface TimeSyntax {
  readonly form: TimeForm;
  readonly zone: 'offset' | 'utc' | 'none';
  /** The most digits of a fraction of a second. */
  readonly fraction: number;
}

/** What the kind `time` finds wrong. */
export type TimeProblemCode =
  | 'time.type'
  | 'time.form'
  | 'time.calendar'
  | 'time.clock'
  | 'time.zone'
  | 'time.fraction'
  | 'time.early'
  | 'time.late'
  | 'time.order'
  | 'time.span';

/** One thing that is wrong: its code, what came in words, and what to do. */
export interface TimeFinding {
  readonly code: TimeProblemCode;
  readonly got: string;
  readonly hint?: string;
}

// RFC 3339 §5.6, in upper case; `[0-9]` where `\d` would do, so that nobody has to know that it is the same
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/u;
const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/u;

/** The longest text of one moment. */
export const MAX_TIME_LENGTH = 40;

/** Reads one moment, or says what is wrong with it. */
export function parseTime(value: string | number, syntax: TimeSyntax): Moment | TimeFinding {
  if (syntax.form === 'epoch-ms' || syntax.form === 'epoch-seconds') return parseEpoch(value, syntax.form);
  if (typeof value === 'number') return { code: 'time.type', got: 'a number' };
  if (value.length > MAX_TIME_LENGTH) return wrongForm(value);
  if (syntax.form === 'date') return parseDate(value);
  if (syntax.form === 'time') return withinDay(parseClock(value, syntax));
  const [date = '', clock = '', ...rest] = value.split('T');
  if (rest.length > 0 || clock === '') return wrongForm(value);
  const day = parseDate(date);
  if ('code' in day) return day;
  const time = parseClock(clock, syntax);
  if ('code' in time) return time;
  return inRange({ seconds: day.seconds + time.seconds, nanos: time.nanos });
}

/** A time of day is one of UTC, whatever the day there. */
function withinDay(time: Moment | TimeFinding): Moment | TimeFinding {
  if ('code' in time) return time;
  return { seconds: (time.seconds + SECONDS_PER_DAY) % SECONDS_PER_DAY, nanos: time.nanos };
}

function parseEpoch(value: string | number, form: 'epoch-ms' | 'epoch-seconds'): Moment | TimeFinding {
  if (typeof value !== 'number') return { code: 'time.type', got: 'a text', hint: 'give a number, not a text' };
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    return { code: 'time.form', got: 'a number that is not whole' };
  if (form === 'epoch-seconds') return inRange({ seconds: value, nanos: 0 });
  const seconds = Math.floor(value / 1000);
  return inRange({ seconds, nanos: (value - seconds * 1000) * 1_000_000 });
}

function inRange(moment: Moment): Moment | TimeFinding {
  if (moment.seconds < FIRST_SECOND) return { code: 'time.calendar', got: 'a moment before the year 1' };
  return moment.seconds > LAST_SECOND ? { code: 'time.calendar', got: 'a moment after the year 9999' } : moment;
}

function wrongForm(value: string): TimeFinding {
  if (/^[0-9-]{10}[tT ][0-9:.]{5,24}(?:[zZ]|[+-][0-9:]{5})?$/u.test(value)) {
    return { code: 'time.form', got: 'a date-time in another spelling', hint: 'write `T` and `Z` in upper case' };
  }
  return { code: 'time.form', got: 'a text of another form' };
}

function parseDate(text: string): Moment | TimeFinding {
  const match = DATE.exec(text);
  if (match === null) return wrongForm(text);
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return { code: 'time.calendar', got: 'a day that the calendar does not have' };
  }
  return { seconds: daysFromDate(year, month, day) * SECONDS_PER_DAY, nanos: 0 };
}

/** A time of day, moved to UTC where it has an offset; it may then lie on the day before or after. */
function parseClock(text: string, syntax: TimeSyntax): Moment | TimeFinding {
  const match = TIME.exec(text);
  if (match === null) return wrongForm(text);
  const [, hour, minute, second, fraction = '', zone] = match;
  // RFC 3339 has seconds always; a time of day without an offset is not of it, and is mostly written without
  if (second === undefined && (syntax.form !== 'time' || zone !== undefined)) return wrongForm(text);
  const seconds = Number(second ?? 0);
  if (seconds === 60) return { code: 'time.clock', got: 'a leap second', hint: 'use second 59' };
  if (Number(hour) > 23 || Number(minute) > 59 || seconds > 59) {
    return { code: 'time.clock', got: 'a time that no clock shows', hint: 'use hours from 00 to 23' };
  }
  if (fraction.length > syntax.fraction) {
    return { code: 'time.fraction', got: 'a longer fraction', hint: fractionHint(syntax.fraction) };
  }
  const offset = parseOffset(zone, syntax);
  if (typeof offset !== 'number') return offset;
  return {
    seconds: Number(hour) * 3600 + Number(minute) * 60 + seconds - offset,
    nanos: Number(fraction.padEnd(9, '0')),
  };
}

function fractionHint(most: number): string {
  return most === 0 ? 'leave the fraction of a second out' : `use at most ${most} digits for the fraction of a second`;
}

/** Seconds that local time is ahead of UTC. */
function parseOffset(zone: string | undefined, syntax: TimeSyntax): number | TimeFinding {
  if (zone === undefined) {
    return syntax.zone === 'none' ? 0 : { code: 'time.zone', got: 'a time without an offset', hint: 'add `Z` for UTC' };
  }
  if (syntax.zone === 'none') {
    return { code: 'time.zone', got: 'a time with an offset', hint: 'leave the offset out' };
  }
  if (zone === 'Z') return 0;
  // RFC 3339 §4.3: an unknown offset; programs differ in what they make of it
  if (zone === '-00:00') return { code: 'time.zone', got: 'an unknown offset', hint: 'write `Z` for UTC' };
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 23 || minutes > 59) return { code: 'time.zone', got: 'an offset that no zone has' };
  const offset = (hours * 60 + minutes) * 60;
  if (syntax.zone === 'utc' && offset !== 0) {
    return { code: 'time.zone', got: 'an offset from UTC', hint: 'convert it to UTC and end it with `Z`' };
  }
  return zone.startsWith('-') ? -offset : offset;
}
