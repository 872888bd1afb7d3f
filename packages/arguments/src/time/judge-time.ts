import { appendPointer, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import { typeName } from '../internal/problems.ts';
import { compareMoments, spanBetween, type Moment } from './calendar.ts';
import type { TimeRules } from './compile-rules.ts';
import { MAX_TIME_LENGTH, parseTime, type TimeFinding } from './parse-time.ts';

/** A finding and where in the value it is. */
export interface PlacedFinding extends TimeFinding {
  readonly pointer: string;
}

/** The moments of a value (one, or the two of an interval), or what is wrong with it. */
export function judgeTime(
  value: JsonValue,
  rules: TimeRules,
): { readonly findings: readonly PlacedFinding[] } | { readonly moments: readonly Moment[] } {
  const parts = partsOf(value, rules);
  if ('findings' in parts) return parts;
  const findings: PlacedFinding[] = [];
  const moments: Moment[] = [];
  for (const { pointer, part } of parts.parts) {
    const moment = parseTime(part, rules.syntax);
    if ('code' in moment) findings.push({ ...moment, pointer });
    else {
      moments.push(moment);
      const finding = findOutside(moment, rules);
      if (finding !== undefined) findings.push({ ...finding, pointer });
    }
  }
  const [from, to] = moments;
  if (findings.length === 0 && from !== undefined && to !== undefined) {
    const finding = findInSpan(from, to, rules);
    if (finding !== undefined) findings.push({ ...finding, pointer: '' });
  }
  return findings.length > 0 ? { findings } : { moments };
}

interface Part {
  readonly pointer: string;
  readonly part: string | number;
}

type Parts = { readonly parts: readonly Part[] } | { readonly findings: readonly PlacedFinding[] };

function partsOf(value: JsonValue, rules: TimeRules): Parts {
  if (rules.interval === 'object') return memberParts(value, rules.members);
  if (typeof value !== 'string' && typeof value !== 'number') return refused('time.type', typeName(value));
  if (rules.interval === undefined) return { parts: [{ pointer: '', part: value }] };
  if (typeof value === 'number') return refused('time.type', 'a number');
  const halves = value.length > 2 * MAX_TIME_LENGTH + 1 ? [] : value.split('/');
  if (halves.length !== 2) return refused('time.form', 'a text of another form', 'join two moments with one `/`');
  return { parts: halves.map((part) => ({ pointer: '', part })) };
}

function memberParts(value: JsonValue, members: readonly string[]): Parts {
  if (!isJsonObject(value)) return refused('time.type', typeName(value));
  const parts: Part[] = [];
  for (const name of members) {
    const part = own(value, name);
    if (part === undefined)
      return refused('time.form', 'an object that lacks a member', `give it the member \`${name}\``);
    const pointer = appendPointer('', name);
    if (typeof part !== 'string' && typeof part !== 'number')
      return refused('time.type', typeName(part), undefined, pointer);
    parts.push({ pointer, part });
  }
  return Object.keys(value).length === members.length
    ? { parts }
    : refused('time.form', 'an object with more members', 'give it the two moments only');
}

function refused(code: TimeFinding['code'], got: string, hint?: string, pointer = ''): Parts {
  return { findings: [{ code, got, pointer, ...(hint === undefined ? {} : { hint }) }] };
}

function findOutside(moment: Moment, rules: TimeRules): TimeFinding | undefined {
  const { earliest = '', latest = '' } = rules.bounds;
  if (compareMoments(moment, rules.earliest) < 0)
    return { code: 'time.early', got: 'an earlier moment', hint: `use \`${earliest}\` or later` };
  if (compareMoments(moment, rules.latest) > 0)
    return { code: 'time.late', got: 'a later moment', hint: `use \`${latest}\` or earlier` };
  return undefined;
}

function findInSpan(from: Moment, to: Moment, rules: TimeRules): TimeFinding | undefined {
  if (compareMoments(from, to) > 0) {
    return { code: 'time.order', got: 'an end before its start', hint: 'put the earlier moment first' };
  }
  const { maxSpan, span = '' } = rules;
  if (maxSpan === undefined || compareMoments(spanBetween(from, to), { seconds: maxSpan, nanos: 0 }) <= 0)
    return undefined;
  return { code: 'time.span', got: 'a longer interval', hint: `make it at most \`${span}\` long` };
}
