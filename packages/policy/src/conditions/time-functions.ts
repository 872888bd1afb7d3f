import { atomOf } from './atoms.ts';
import { literalText, type CallRule, type Part } from './call.ts';
import { constantOf, unusable, wrongKind, type Compilation, type Compiled } from './compilation.ts';
import { BOOL, DURATION, INT, STRING, TIMESTAMP, typeOfKinds } from './static-type.ts';
import { dateOf, daysOf } from '../internal/civil-date.ts';
import { NO_SLOT, recall } from './path-slots.ts';
import { parseDuration, parseTimestamp } from './time-text.ts';
import { isInWindow, parseWindow } from './time-window.ts';
import { Duration, Failure, Timestamp, type Evaluate, type Result } from './value.ts';
import { nearestZone, zoneNamed, type Zone } from './zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Functions that make times, and methods on them. */
export const TIME_FUNCTIONS: Readonly<Record<string, CallRule>> = {
  timestamp: fromText('timestamp("2026-01-01T00:00:00Z")', TIMESTAMP, 'a time in RFC 3339', parseTimestamp),
  duration: fromText('duration("1h30m")', DURATION, 'a duration such as `1h30m`', parseDuration),
  window: {
    usage: "now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid')",
    form: 'method',
    parts: [TIMESTAMP, STRING, STRING],
    compile: compileWindow,
  },
  getFullYear: dateField('getFullYear', (local) => dateOf(dayOf(local)).year),
  getMonth: dateField('getMonth', (local) => dateOf(dayOf(local)).month - 1),
  getDate: dateField('getDate', (local) => dateOf(dayOf(local)).day),
  getDayOfMonth: dateField('getDayOfMonth', (local) => dateOf(dayOf(local)).day - 1),
  getDayOfWeek: dateField('getDayOfWeek', (local) => modulo(dayOf(local) + 4, 7)),
  getDayOfYear: dateField('getDayOfYear', dayOfYear),
  getHours: timeField(
    'getHours',
    (local) => Math.floor(modulo(local, DAY_MS) / HOUR_MS),
    (ms) => ms / HOUR_MS,
  ),
  getMinutes: timeField(
    'getMinutes',
    (local) => Math.floor(modulo(local, HOUR_MS) / MINUTE_MS),
    (ms) => ms / MINUTE_MS,
  ),
  getSeconds: timeField(
    'getSeconds',
    (local) => Math.floor(modulo(local, MINUTE_MS) / 1000),
    (ms) => ms / 1000,
  ),
  getMilliseconds: timeField(
    'getMilliseconds',
    (local) => modulo(local, 1000),
    (ms) => ms % 1000,
  ),
};

function dayOf(local: number): number {
  return Math.floor(local / DAY_MS);
}

function dayOfYear(local: number): number {
  const day = dayOf(local);
  return day - daysOf({ year: dateOf(day).year, month: 1, day: 1 });
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** `timestamp(text)` and `duration(text)`. A literal is read when the condition is compiled. */
function fromText(
  usage: string,
  kind: number,
  expected: string,
  parse: (text: string) => Timestamp | Duration | Failure | undefined,
): CallRule {
  const unreadable = new Failure('evaluation', `expected ${expected}, got a string that is none`);
  return {
    usage,
    form: 'function',
    parts: [STRING],
    compile: ([part], _node, compilation) => {
      const type = typeOfKinds(kind);
      if (typeof part.constant === 'string') {
        const value = parse(part.constant);
        if (value !== undefined && !(value instanceof Failure)) return constantOf(type, value);
        compilation.issues.add(part.node, expected, 'a string that is none');
        return unusable();
      }
      const wrong = wrongKind(compilation, part.node, 'a string');
      const run: Evaluate = (input, scope) => {
        const text = part.run(input, scope);
        return typeof text === 'string' ? (parse(text) ?? unreadable) : wrong(text);
      };
      return { type, run };
    },
  };
}

/** The zone of a literal argument; UTC without one, as in CEL. */
function zoneOf(part: Part | undefined, compilation: Compilation): Zone | undefined {
  const text = part === undefined ? 'UTC' : literalText(part, 'a time zone', compilation);
  const zone = text === undefined ? undefined : zoneNamed(text);
  if (text !== undefined && zone === undefined && part !== undefined) {
    const expected = 'a time zone such as `Europe/Madrid`, `UTC` or `+02:00`';
    compilation.issues.add(part.node, expected, 'an unknown one', nearestZone(text));
  }
  return zone;
}

/** A field of a date by the clocks of a zone. */
function dateField(name: string, field: (local: number) => number): CallRule {
  return {
    usage: `now.${name}('Europe/Madrid')`,
    form: 'method',
    parts: [TIMESTAMP, STRING],
    optional: 1,
    compile: ([target, zonePart], _node, compilation) =>
      compileField(target, zoneOf(zonePart, compilation), 'a timestamp', compilation, (value, zone) =>
        value instanceof Timestamp ? field(value.ms + zone.offsetAt(value.ms)) : undefined,
      ),
  };
}

/** A field of a time by the clocks of a zone, or all of a duration in that unit (`getMilliseconds`: the rest of a second). */
function timeField(name: string, field: (local: number) => number, ofDuration: (ms: number) => number): CallRule {
  return {
    usage: `now.${name}('Europe/Madrid')`,
    form: 'method',
    parts: [TIMESTAMP | DURATION, STRING],
    optional: 1,
    compile: ([target, zonePart], node, compilation) => {
      if (zonePart !== undefined && (target.type.kinds & TIMESTAMP) === 0) {
        compilation.issues.add(node, 'no time zone: a duration is the same everywhere', 'one');
      }
      return compileField(
        target,
        zoneOf(zonePart, compilation),
        'a timestamp or a duration',
        compilation,
        (value, zone) => {
          if (value instanceof Timestamp) return field(value.ms + zone.offsetAt(value.ms));
          return value instanceof Duration ? Math.trunc(ofDuration(towardsZero(value))) + 0 : undefined;
        },
      );
    },
  };
}

/** Whole milliseconds of a duration, cut towards zero. */
function towardsZero({ ms, nanos }: Duration): number {
  return ms < 0 && nanos > 0 ? ms + 1 : ms;
}

function compileField(
  target: Part,
  zone: Zone | undefined,
  expected: string,
  compilation: Compilation,
  field: (value: Result, zone: Zone) => number | undefined,
): Compiled {
  const type = typeOfKinds(INT);
  if (zone === undefined) return unusable();
  const wrong = wrongKind(compilation, target.node, expected);
  const run: Evaluate = (input, scope) => {
    const value = target.run(input, scope);
    return field(value, zone) ?? wrong(value);
  };
  return { type, run };
}

function compileWindow(
  [target, windowPart, zonePart]: readonly [Part, ...Part[]],
  _node: unknown,
  compilation: Compilation,
): Compiled {
  const type = typeOfKinds(BOOL);
  if (windowPart === undefined || zonePart === undefined) return unusable();
  const text = literalText(windowPart, 'a time window', compilation);
  const zone = zoneOf(zonePart, compilation);
  const window = text === undefined ? undefined : parseWindow(text);
  if (text !== undefined && window === undefined) {
    const expected = 'a time window such as `Mon-Fri 09:00-17:00`, `Sat,Sun 00:00-24:00` or `22:00-06:00`';
    compilation.issues.add(windowPart.node, expected, 'another text');
  }
  if (text === undefined || zone === undefined || window === undefined) return unusable();
  const wrong = wrongKind(compilation, target.node, 'a timestamp');
  const { run: read, slot = NO_SLOT } = target;
  const run: Evaluate = (input, scope) => {
    const value = recall(scope, slot) ?? read(input, scope);
    return value instanceof Timestamp ? isInWindow(window, value.ms + zone.offsetAt(value.ms)) : wrong(value);
  };
  return { type, run, ...atomOf(target.path, 'window', text, run, { zone: zone.name }) };
}
