import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { timeKind } from '../src/index.ts';
import { dateFromDays, daysFromDate } from '../src/time/calendar.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const HOSTILE = [
  '',
  'now',
  'tomorrow',
  '2026-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:60:00Z',
  '2016-12-31T23:59:60Z',
  '2026-01-01T00:00:61Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  '-0001-01-01T00:00:00Z',
  '+12026-01-01T00:00:00Z',
  '12026-01-01T00:00:00Z',
  '26-01-01T00:00:00Z',
  '2026-1-1T00:00:00Z',
  '2026-01-01t00:00:00Z',
  '2026-01-01T00:00:00z',
  '2026-01-01 00:00:00Z',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00Z',
  '2026-01-01T00:00:00-00:00',
  '2026-01-01T00:00:00+24:00',
  '2026-01-01T00:00:00+00:60',
  '2026-01-01T00:00:00+0200',
  '2026-01-01T00:00:00+02',
  '2026-01-01T00:00:00.Z',
  '2026-01-01T00:00:00,5Z',
  '2026-01-01T00:00:00.1234567890Z',
  '2026-01-01T00:00:00ZZ',
  '2026-01-01TT00:00:00Z',
  ' 2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00Z\n',
  '2026-01-01T00:00:00Z[Europe/Madrid]',
  '\uff12026-01-01T00:00:00Z',
  '\u0662\u0660\u0662\u0666-01-01T00:00:00Z',
  '2026\u201101\u201101T00:00:00Z',
  '20260101T000000Z',
  '2026-W01-1T00:00:00Z',
  '2026-001T00:00:00Z',
  'Thu, 01 Jan 2026 00:00:00 GMT',
  1_768_469_400,
  null,
  true,
  {},
  [],
];

kindContract(timeKind, [
  {
    specification: {},
    pass: [
      '2026-01-15T09:30:00Z',
      '2026-01-15T09:30:00+02:00',
      '2026-01-15T09:30:00.5-05:30',
      '2024-02-29T23:59:59.999999999Z',
      '2000-02-29T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
    ],
    fail: HOSTILE,
  },
  {
    specification: { zone: 'utc', fraction: 3, earliest: '2026-01-01T00:00:00+01:00', latest: '2026-12-31T23:59:59Z' },
    pass: ['2025-12-31T23:00:00Z', '2026-06-01T00:00:00.123Z', '2026-12-31T23:59:59+00:00'],
    fail: [
      '2025-12-31T22:59:59.999Z',
      '2026-12-31T23:59:59.001Z',
      '2026-06-01T00:00:00+02:00',
      '2026-06-01T00:00:00.1234Z',
    ],
  },
  {
    specification: { zone: 'none', fraction: 0 },
    pass: ['2026-01-15T09:30:00'],
    fail: ['2026-01-15T09:30:00Z', '2026-01-15T09:30:00.1'],
  },
  {
    specification: { form: 'date', earliest: '2026-01-01', latest: '2026-12-31' },
    pass: ['2026-01-01', '2026-12-31'],
    fail: ['2025-12-31', '2027-01-01', '2026-02-30', '2026-1-1', '01/02/2026', '2026-01-01T00:00:00Z'],
  },
  {
    specification: { form: 'time', latest: '18:00:00' },
    pass: ['09:30', '09:30:00', '18:00:00.0'],
    fail: ['24:00', '9:30', '18:00:01', '09:30Z', '09:30:60', '9h'],
  },
  {
    specification: { form: 'time', zone: 'offset' },
    pass: ['23:30:00-02:00', '09:30:00Z'],
    fail: ['09:30:00', '09:30Z'],
  },
  {
    specification: { form: 'epoch-seconds', earliest: '2026-01-01T00:00:00Z' },
    pass: [1_767_225_600, 1_768_469_400_0],
    fail: [1_767_225_599, 1_767_225_600.5, '1767225600', 1e300, -1, 253_402_300_800],
  },
  {
    specification: { form: 'epoch-ms', latest: '2100-01-01T00:00:00Z' },
    pass: [0, 1_768_469_400_123, -1],
    fail: [4_102_444_800_001, 0.5],
  },
  {
    specification: { interval: 'text', maxSpan: '31d' },
    pass: ['2026-01-01T00:00:00Z/2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z/2026-01-01T01:00:00+01:00'],
    fail: [
      '2026-01-01T00:00:00Z/2026-02-01T00:00:00.000000001Z',
      '2026-01-02T00:00:00Z/2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z/P1D',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z/2026-01-01T00:00:00Z/2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z--2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z/',
      'R/2026-01-01T00:00:00Z/P1D',
    ],
  },
  {
    specification: { form: 'date', interval: 'object', members: ['start', 'end'], maxSpan: '1w' },
    pass: [
      { start: '2026-01-01', end: '2026-01-08' },
      { end: '2026-01-01', start: '2026-01-01' },
    ],
    fail: [
      { start: '2026-01-01', end: '2026-01-09' },
      { start: '2026-01-02', end: '2026-01-01' },
      { start: '2026-01-01' },
      { start: '2026-01-01', end: '2026-01-02', zone: 'x' },
      { start: '2026-01-01', end: 5 },
      { start: '2026-01-01', end: null },
      '2026-01-01/2026-01-02',
    ],
  },
  {
    specification: { form: 'epoch-ms', interval: 'object', maxSpan: '1h' },
    pass: [{ from: 0, to: 3_600_000 }],
    fail: [{ from: 0, to: 3_600_001 }],
  },
]);

const within = (inner: object, outer: object): string =>
  compileKind(timeKind, inner as never).isWithin(compileKind(timeKind, outer as never));

describe('how specifications compare', () => {
  test.each([
    [{ zone: 'utc' }, {}],
    [{ fraction: 3 }, { fraction: 6 }],
    [{ earliest: '2026-01-01T00:00:00Z' }, { earliest: '2026-01-01T01:00:00+02:00' }],
    [
      { interval: 'text', maxSpan: '24h' },
      { interval: 'text', maxSpan: '1d' },
    ],
    [
      { form: 'date', interval: 'text', earliest: '2026-01-01', latest: '2026-01-05' },
      { form: 'date', interval: 'text', maxSpan: '4d' },
    ],
  ])('%j lies within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('yes');
  });

  test.each([
    [{}, { zone: 'utc' }],
    [{ zone: 'none' }, {}],
    [{ fraction: 6 }, { fraction: 5 }],
    [{}, { earliest: '2026-01-01T00:00:00Z' }],
    [{}, { latest: '2026-01-01T00:00:00Z' }],
    [{ latest: '2026-01-01T00:00:01Z' }, { latest: '2026-01-01T00:00:00Z' }],
    [
      { interval: 'text', maxSpan: '25h' },
      { interval: 'text', maxSpan: '1d' },
    ],
    [{ interval: 'text' }, { interval: 'text', maxSpan: '400d' }],
    [{ interval: 'text' }, {}],
    [{ form: 'date' }, {}],
    [{ form: 'epoch-ms' }, { form: 'epoch-seconds' }],
  ])('%j is shown not to lie within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('no');
  });
});

test.each([
  [{ form: 'date', zone: 'utc' }, '/zone'],
  [{ form: 'epoch-ms', fraction: 1 }, '/fraction'],
  [{ form: 'epoch-ms', interval: 'text' }, '/interval'],
  [{ maxSpan: '1d' }, '/maxSpan'],
  [{ interval: 'text', maxSpan: '1 day' }, '/maxSpan'],
  [{ interval: 'text', members: ['a', 'b'] }, '/members'],
  [{ interval: 'object', members: ['a', 'a'] }, '/members'],
  [{ earliest: '2026-01-01' }, '/earliest'],
  [{ form: 'date', latest: '2026-02-30' }, '/latest'],
  [{ form: 'date', earliest: '2026-02-02', latest: '2026-02-01' }, '/latest'],
])('a specification that cannot be meant: %j', (specification, pointer) => {
  const reported: string[] = [];
  timeKind.compile(specification as never, (place) => reported.push(place));
  expect(reported).toStrictEqual([pointer]);
});

test.each([
  [{}, '2026-01-01T01:00:00.500+02:00', '2025-12-31T23:00:00.5Z'],
  [{}, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z'],
  [{ form: 'time', zone: 'offset' }, '23:30:00-02:00', '01:30:00Z'],
  [{ form: 'time' }, '09:30', '09:30:00'],
  [{ zone: 'none' }, '2026-01-01T00:00:00.10', '2026-01-01T00:00:00.1'],
  [
    { interval: 'text' },
    '2026-01-01T00:00:00+00:00/2026-01-01T03:00:00+02:00',
    '2026-01-01T00:00:00Z/2026-01-01T01:00:00Z',
  ],
] as const)('%j: %s and %s are the same', (specification, value, canonical) => {
  expect(compileKind(timeKind, specification).canonical(value)).toBe(canonical);
});

test('the calendar is that of the platform, over all its years', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      const date = new Date(days * 86_400_000);
      const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      expect(dateFromDays(days)).toStrictEqual(expected);
      expect(daysFromDate(expected.year, expected.month, expected.day)).toBe(days);
    }),
    { numRuns: casesOr(5000) },
  );
});

test('moments are ordered as the platform orders them', () => {
  const date = fc.date({
    min: new Date('0001-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, date, fc.integer({ min: -1439, max: 1439 }), (value, bound, offset) => {
      const local = new Date(value.getTime() + offset * 60_000).toISOString().slice(0, -1);
      fc.pre(/^[0-9]{4}/u.test(local) && local >= '0001');
      const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
      const zone =
        offset === 0
          ? 'Z'
          : `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
      const kind = compileKind(timeKind, { earliest: bound.toISOString() });
      expect(passes(kind, local + zone)).toBe(value >= bound);
    }),
    { numRuns: casesOr(2000) },
  );
});
