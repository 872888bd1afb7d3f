const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const DAYS: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const EVERY_DAY = 0b111_1111;

const WINDOW = /^(?:([A-Za-z,-]+) )?(\d{2}):(\d{2})-(\d{2}):(\d{2})$/u;

/**
 * Hours of a week by the clocks of one zone.
 *
 * A moment is inside when what a clock on the wall there shows is: from `from`, up to and not with `to`. Where `to` is not
 * after `from` the window ends on the next day, and the day that counts is the one it began on. So an hour that clocks skip in
 * spring is in no window, and one that they show twice in autumn is inside or outside both times.
 */
export interface TimeWindow {
  /** The days a window begins on, as bits: Sunday is 1, Monday 2. */
  readonly days: number;
  /** Milliseconds from midnight. */
  readonly from: number;
  /** Milliseconds from midnight, at most 24 hours. */
  readonly to: number;
}

/** Reads `Mon-Fri 09:00-17:00`, `Sat,Sun 00:00-24:00`, `22:00-06:00`; undefined where the text is none of these. */
export function parseWindow(text: string): TimeWindow | undefined {
  const match = WINDOW.exec(text);
  if (match === null) return undefined;
  const [, days, fromHour, fromMinute, toHour, toMinute] = match;
  const from = timeOfDay(fromHour, fromMinute);
  const to = timeOfDay(toHour, toMinute);
  const bits = days === undefined ? EVERY_DAY : daysOfWeek(days);
  // a window that begins at the end of the day, or when it ends, is more likely a slip than meant
  if (from === undefined || to === undefined || bits === undefined || from === to || from === DAY_MS) return undefined;
  return { days: bits, from, to };
}

function timeOfDay(hour = '', minute = ''): number | undefined {
  const ms = (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
  return Number(minute) > 59 || ms > DAY_MS ? undefined : ms;
}

/** `Mon-Fri,Sun` as bits. A range may go over the end of the week. */
function daysOfWeek(text: string): number | undefined {
  let bits = 0;
  for (const part of text.split(',')) {
    const [first = -1, last = first, ...more] = part.split('-').map((day) => DAYS.indexOf(day));
    if (first < 0 || last < 0 || more.length > 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      bits |= 1 << day;
      if (day === last) break;
    }
  }
  return bits;
}

/** Whether a local time, as milliseconds from 1970-01-01 00:00 by the same clock, is inside the window. */
export function isInWindow({ days, from, to }: TimeWindow, localMs: number): boolean {
  const day = Math.floor(localMs / DAY_MS);
  const time = localMs - day * DAY_MS;
  const beganToday = time >= from && hasDay(days, day);
  if (to > from) return beganToday && time < to;
  return beganToday || (time < to && hasDay(days, day - 1));
}

/** 1970-01-01 was a Thursday. */
function hasDay(days: number, day: number): boolean {
  return (days & (1 << ((((day + 4) % 7) + 7) % 7))) !== 0;
}
