import { Temporal } from '@js-temporal/polyfill';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { casesOr } from './support/cases.ts';
import { conditionOf, inputOf } from './support/conditions.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

// with summer time of one hour and of half an hour, both hemispheres, odd offsets, a date line that moved, and no changes
const ZONES = [
  'Europe/Madrid',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
  'UTC',
  '+05:30',
];

function at(source: string, instant: string): unknown {
  return conditionOf(source).evaluate(inputOf({}, { now: Date.parse(instant) }));
}

describe('a time window', () => {
  const office = "now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid')";

  it.each([
    ['2026-11-25T08:00:00Z', true],
    ['2026-11-25T07:59:59.999Z', false],
    ['2026-11-25T15:59:59.999Z', true],
    ['2026-11-25T16:00:00Z', false],
    ['2026-07-01T07:00:00Z', true],
    ['2026-07-01T06:59:59Z', false],
    ['2026-11-28T10:00:00Z', false],
    ['2026-11-29T10:00:00Z', false],
    ['2026-11-30T10:00:00Z', true],
  ])('begins with its first minute and ends before its last: %s is %s', (instant, expected) => {
    expect(at(office, instant)).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['Fri 22:00-06:00', '2026-11-27T22:00:00Z', true],
    ['Fri 22:00-06:00', '2026-11-28T05:59:00Z', true],
    ['Fri 22:00-06:00', '2026-11-28T06:00:00Z', false],
    ['Fri 22:00-06:00', '2026-11-27T05:00:00Z', false],
    ['Fri 22:00-06:00', '2026-11-28T22:00:00Z', false],
    ['22:00-06:00', '2026-11-28T22:00:00Z', true],
    ['22:00-06:00', '2026-11-28T12:00:00Z', false],
    ['Sat,Sun 00:00-24:00', '2026-11-28T00:00:00Z', true],
    ['Sat,Sun 00:00-24:00', '2026-11-29T23:59:59Z', true],
    ['Sat,Sun 00:00-24:00', '2026-11-30T00:00:00Z', false],
    ['Fri-Mon 00:00-24:00', '2026-11-30T12:00:00Z', true],
    ['Fri-Mon 00:00-24:00', '2026-12-01T12:00:00Z', false],
    ['Sun 23:00-00:00', '2026-11-29T23:30:00Z', true],
    ['Sun 23:00-00:00', '2026-11-30T00:00:00Z', false],
  ])('counts as of the day it begins on: %s at %s is %s', (window, instant, expected) => {
    expect(at(`now.window('${window}', 'UTC')`, instant)).toBe(expected);
  });

  it('has no part of an hour that clocks skip', () => {
    // Madrid, 2026-03-29: 02:00 to 03:00 does not happen
    const skipped = "now.window('02:00-03:00', 'Europe/Madrid')";
    for (let minute = 0; minute < 180; minute += 1) {
      const now = new Date(Date.UTC(2026, 2, 29, 0, minute)).toISOString();
      expect(at(skipped, now), now).toBe(false);
    }
    const reaching = "now.window('02:30-04:00', 'Europe/Madrid')";
    expect(at(reaching, '2026-03-29T00:59:59Z')).toBe(false);
    expect(at(reaching, '2026-03-29T01:00:00Z')).toBe(true);
  });

  it('has both of an hour that clocks show twice', () => {
    // Madrid, 2026-10-25: 02:00 to 03:00 happens twice
    const twice = "now.window('02:15-02:45', 'Europe/Madrid')";
    const inside = ['2026-10-25T00:15:00Z', '2026-10-25T00:44:59Z', '2026-10-25T01:15:00Z', '2026-10-25T01:44:59Z'];
    const outside = ['2026-10-25T00:14:59Z', '2026-10-25T00:45:00Z', '2026-10-25T01:14:59Z', '2026-10-25T01:45:00Z'];
    for (const instant of inside) expect(at(twice, instant), instant).toBe(true);
    for (const instant of outside) expect(at(twice, instant), instant).toBe(false);
  });

  it.each([
    'Mon-Fri 9:00-17:00',
    'Mon-Fri 09:00-25:00',
    'Mon-Fri 09:60-10:00',
    'Mon - Fri 09:00-17:00',
    'Mo-Fr 09:00-17:00',
    'mon-fri 09:00-17:00',
    'Mon-Wed-Fri 09:00-17:00',
    'Mon, 09:00-17:00',
    '09:00-09:00',
    '24:00-06:00',
    '09:00',
    '',
    'Mon-Fri',
  ])('is not %j', (window) => {
    expect(() => conditionOf(`now.window("${window}", "UTC")`)).toThrow('a time window such as');
  });

  it.each(['Europe/Atlantis', 'CET+1', '', '../../etc/passwd', '+25:00', 'local', ' UTC'])(
    'is in no zone %j',
    (zone) => {
      expect(() => conditionOf(`now.window("00:00-24:00", "${zone}")`)).toThrow('a time zone such as');
    },
  );
});

// The second implementation: fields of the wall clock by Temporal, and the window read in another way.
function isInside(window: { days: readonly string[]; from: number; to: number }, zone: string, now: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDateTime();
  const minute = local.hour * 60 + local.minute;
  const dayOf = (date: Temporal.PlainDateTime): boolean => window.days.includes(DAYS[date.dayOfWeek - 1]!);
  if (window.from < window.to) return dayOf(local) && minute >= window.from && minute < window.to;
  return (dayOf(local) && minute >= window.from) || (dayOf(local.subtract({ days: 1 })) && minute < window.to);
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

// instants around changes of clocks and around midnights, and any others
const instants = fc.oneof(
  fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2050, 0, 1) }),
  fc
    .tuple(
      fc.integer({ min: 2000, max: 2040 }),
      fc.constantFrom([2, 29], [9, 25], [2, 8], [10, 1], [3, 5], [11, 30]),
      fc.integer({ min: -4 * 24 * 60, max: 4 * 24 * 60 }),
    )
    .map(([year, [month, day], minutes]) => Date.UTC(year, month, day) + minutes * 60_000),
);

describe('time zones', () => {
  it('a window holds when the wall clock of a second implementation says so', () => {
    const windows = fc
      .tuple(fc.subarray(DAYS, { minLength: 1 }), fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1440 }))
      .filter(([, from, to]) => from !== to)
      .map(([days, from, to]) => ({ days, from, to }));
    fc.assert(
      fc.property(
        windows,
        fc.constantFrom(...ZONES),
        fc.array(instants, { minLength: 1, maxLength: 20 }),
        (window, zone, times) => {
          const source = `now.window("${window.days.join(',')} ${clock(window.from)}-${clock(window.to)}", "${zone}")`;
          const condition = conditionOf(source);
          for (const now of times) {
            expect(condition.evaluate(inputOf({}, { now })), `${source} at ${now}`).toBe(isInside(window, zone, now));
          }
        },
      ),
      { numRuns: casesOr(300) },
    );
  });

  it('fields of a date are those of a second implementation', () => {
    const fields: Readonly<Record<string, (date: Temporal.ZonedDateTime) => number>> = {
      getFullYear: (date) => date.year,
      getMonth: (date) => date.month - 1,
      getDate: (date) => date.day,
      getDayOfMonth: (date) => date.day - 1,
      getDayOfWeek: (date) => date.dayOfWeek % 7,
      getDayOfYear: (date) => date.dayOfYear - 1,
      getHours: (date) => date.hour,
      getMinutes: (date) => date.minute,
      getSeconds: (date) => date.second,
      getMilliseconds: (date) => date.millisecond,
    };
    const ages = fc.oneof(instants, fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2200, 0, 1) }));
    fc.assert(
      fc.property(ages, fc.constantFrom(...ZONES), (now, zone) => {
        const date = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
        for (const [name, field] of Object.entries(fields)) {
          const source = `now.${name}("${zone}") == ${field(date)}`;
          expect(conditionOf(source).evaluate(inputOf({}, { now })), `${source} at ${now}`).toBe(true);
        }
      }),
      { numRuns: casesOr(300) },
    );
  });

  it('timestamps are read and compared as a second implementation does', () => {
    const texts = fc
      .tuple(
        fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom('Z', '+01:00', '-09:30', '+00:00'),
      )
      .map(([date, nanos, zone]) => `${date.toISOString().slice(0, 23)}${String(nanos).padStart(6, '0')}${zone}`);
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const order = Temporal.Instant.compare(one, other);
        const input = inputOf({ one, other });
        const compare = (operator: string): unknown =>
          conditionOf(`timestamp(arguments.one) ${operator} timestamp(arguments.other)`).evaluate(input);
        expect([compare('<'), compare('=='), compare('>=')]).toStrictEqual([order < 0, order === 0, order >= 0]);
        const difference = Temporal.Instant.from(one).epochNanoseconds - Temporal.Instant.from(other).epochNanoseconds;
        if (difference > -(2n ** 62n) && difference < 2n ** 62n) {
          const source = `timestamp(arguments.one) - timestamp(arguments.other) == duration("${difference}ns")`;
          if (String(difference).length < 15) expect(conditionOf(source).evaluate(input), source).toBe(true);
        }
        expect(
          conditionOf(
            'timestamp(arguments.other) + (timestamp(arguments.one) - timestamp(arguments.other)) == timestamp(arguments.one)',
          ).evaluate(input),
        ).toSatisfy((result) => result === true || (result as { code: string }).code === 'evaluation');
      }),
      { numRuns: casesOr(500) },
    );
  });
});
