import { isJsonObject, type JsonValue } from '@callgate/canonical';

import { compareMoments, SECONDS_PER_DAY, type Moment } from './calendar.ts';
import type { TimeRules } from './compile-rules.ts';
import { parseTime } from './parse-time.ts';
import { printTime } from './print-time.ts';

const PLAIN: Moment = { seconds: 1_768_469_400, nanos: 0 };
const PLAIN_TIME: Moment = { seconds: 34_200, nanos: 0 };
const STEPS = [0, 1, 60, 3600, SECONDS_PER_DAY, 2 * SECONDS_PER_DAY, 31 * SECONDS_PER_DAY, 366 * SECONDS_PER_DAY];

/** Values most of which pass, plain ones first, those at bounds among them. */
export function* candidateTimes(rules: TimeRules): Generator<JsonValue> {
  if (rules.interval !== undefined) {
    yield* intervals(rules);
    return;
  }
  for (const moment of moments(rules)) yield printTime(moment, rules.syntax);
  yield* spellings(clamp(plainOf(rules), rules), rules);
}

function plainOf(rules: TimeRules): Moment {
  return rules.syntax.form === 'time' ? PLAIN_TIME : PLAIN;
}

function clamp(moment: Moment, rules: TimeRules): Moment {
  if (compareMoments(moment, rules.earliest) < 0) return rules.earliest;
  return compareMoments(moment, rules.latest) > 0 ? rules.latest : moment;
}

/** From the middle to the bounds, and just beyond. */
function* moments(rules: TimeRules): Generator<Moment> {
  yield clamp(plainOf(rules), rules);
  for (const bound of [rules.earliest, rules.latest]) {
    for (const step of [0, 1, -1, SECONDS_PER_DAY, -SECONDS_PER_DAY]) {
      yield { seconds: bound.seconds + step, nanos: bound.nanos };
    }
    yield { seconds: bound.seconds, nanos: 0 };
  }
}

/** One moment in all its spellings. */
function* spellings(moment: Moment, rules: TimeRules): Generator<string> {
  const { syntax } = rules;
  if (syntax.form !== 'date-time' && syntax.form !== 'time') return;
  const local = { ...syntax, zone: 'none' } as const;
  for (const [zone, ahead] of [
    ['', 0],
    ['Z', 0],
    ['+02:00', 7200],
    ['-05:30', -19_800],
    ['+00:00', 0],
  ] as const) {
    yield `${printTime({ ...moment, seconds: moment.seconds + ahead }, local)}${zone}`;
  }
  const nanos = [
    100_000_000, 120_000_000, 123_000_000, 123_400_000, 123_450_000, 123_456_000, 123_456_700, 123_456_780, 123_456_789,
  ];
  for (const each of nanos) yield String(printTime({ ...moment, nanos: each }, syntax));
  if (syntax.form === 'time')
    yield String(printTime({ seconds: moment.seconds - (moment.seconds % 60), nanos: 0 }, local)).slice(0, 5);
}

function* intervals(rules: TimeRules): Generator<JsonValue> {
  const { maxSpan } = rules;
  const steps = maxSpan === undefined ? STEPS : [maxSpan, maxSpan + 1, maxSpan - 1, ...STEPS];
  const starts = [clamp(plainOf(rules), rules), rules.earliest];
  for (const from of starts) {
    for (const step of steps) yield joined(from, clamp({ ...from, seconds: from.seconds + step }, rules), rules);
  }
  for (const moment of moments(rules)) yield joined(moment, moment, rules);
  const last = rules.latest;
  for (const step of steps) yield joined({ ...last, seconds: last.seconds - step }, last, rules);
  yield joined(rules.earliest, last, rules);
  for (const text of spellings(clamp(plainOf(rules), rules), rules)) yield joinedParts(text, text, rules);
}

function joined(from: Moment, to: Moment, rules: TimeRules): JsonValue {
  return joinedParts(printTime(from, rules.syntax), printTime(to, rules.syntax), rules);
}

/** The value that an interval is written as. */
export function joinedParts(from: string | number, to: string | number, rules: TimeRules): JsonValue {
  return rules.interval === 'object' ? { [rules.members[0]]: from, [rules.members[1]]: to } : `${from}/${to}`;
}

/** Values that are near to passing. */
export function* timesBeyond(rules: TimeRules): Generator<JsonValue> {
  const hostile = [
    '2026-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01t00:00:00z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00-00:00',
    '0000-01-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '09:30:00',
    1_768_469_400,
    1_768_469_400_000,
    1.5,
  ];
  for (const value of hostile) yield rules.interval === undefined ? value : joinedParts(value, value, rules);
  if (rules.interval !== undefined) yield joined(rules.latest, rules.earliest, rules);
}

const LENIENT = /([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?/u;
const LENIENT_CLOCK = /([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?/u;

/** Values near one that does not pass. */
export function* timesNear(value: JsonValue | undefined, rules: TimeRules): Generator<JsonValue> {
  if (rules.interval === undefined) {
    for (const moment of momentsNear(value, rules)) yield printTime(clamp(moment, rules), rules.syntax);
    return;
  }
  const [first, second] = isJsonObject(value)
    ? [value[rules.members[0]], value[rules.members[1]]]
    : typeof value === 'string'
      ? value.slice(0, 200).split('/')
      : [value];
  for (const from of momentsNear(first, rules)) {
    const start = clamp(from, rules);
    for (const to of [...momentsNear(second, rules), start]) {
      const most = { ...start, seconds: start.seconds + (rules.maxSpan ?? Number.MAX_SAFE_INTEGER / 2) };
      const end = clamp(to, rules);
      yield joined(start, compareMoments(end, most) > 0 ? most : end, rules);
    }
  }
}

function* momentsNear(value: JsonValue | undefined, rules: TimeRules): Generator<Moment> {
  if (typeof value === 'number') {
    yield { seconds: Math.floor(value), nanos: 0 };
    yield { seconds: Math.floor(value / 1000), nanos: 0 };
    return;
  }
  if (typeof value !== 'string') return;
  const text = value.slice(0, 100).trim();
  for (const candidate of [text.toUpperCase(), text.toUpperCase().replace(' ', 'T'), `${text.toUpperCase()}Z`]) {
    const exact = parseTime(candidate, { form: 'date-time', zone: 'offset', fraction: 9 });
    if (!('code' in exact)) yield { ...exact, nanos: 0 };
  }
  const pad = (part: string | undefined): string => (part ?? '0').padStart(2, '0');
  const found = LENIENT.exec(text);
  const clock = found === null ? LENIENT_CLOCK.exec(text) : null;
  const parts = found === null ? ['1970', '01', '01', ...(clock ?? []).slice(1)] : found.slice(1);
  const [year, month, day, hour, minute, second] = parts;
  const lenient = parseTime(`${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`, {
    form: 'date-time',
    zone: 'none',
    fraction: 0,
  });
  if (!('code' in lenient)) yield lenient;
  const last = parseTime(`${year}-${pad(month)}-28`, { form: 'date', zone: 'none', fraction: 0 });
  if (rules.syntax.form !== 'time' && !('code' in last)) yield last;
}
