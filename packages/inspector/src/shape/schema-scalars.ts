import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { SchemaCheck, SchemaPlace } from './schema-check.ts';
import { schemaPattern } from './schema-pattern.ts';

/** Whether the value has the type, or one of the types. */
export function typeHolds(schema: JsonObject, value: JsonValue): boolean {
  const type = own(schema, 'type');
  if (typeof type === 'string') return isOfType(type, value);
  return !isJsonArray(type) || type.some((name) => typeof name === 'string' && isOfType(name, value));
}

function isOfType(type: string, value: JsonValue): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return isJsonArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

export function stringHolds(check: SchemaCheck, schema: JsonObject, value: string, place: SchemaPlace): boolean {
  const least = bound(schema, 'minLength');
  const most = bound(schema, 'maxLength');
  let holds = true;
  if (least !== undefined || most !== undefined) {
    check.meter.spend(Math.ceil(value.length / 16));
    const length = codePoints(value);
    if (least !== undefined && length < least) holds = check.fail('minLength', place);
    if (most !== undefined && length > most) holds = check.fail('maxLength', place);
  }
  const pattern = own(schema, 'pattern');
  if (typeof pattern !== 'string') return holds;
  return (matches(check, pattern, value) || check.fail('pattern', place)) && holds;
}

/** Whether a pattern is found in a text; true where the pattern is not read. */
export function matches(check: SchemaCheck, source: string, text: string): boolean {
  const pattern = schemaPattern(source);
  if (pattern === undefined) {
    check.unread.add('pattern');
    return true;
  }
  check.meter.spend(1 + Math.ceil((text.length * pattern.weight) / 8));
  return pattern.test(text);
}

function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const isSecond = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (!isSecond) count += 1;
  }
  return count;
}

export function numberHolds(check: SchemaCheck, schema: JsonObject, value: number, place: SchemaPlace): boolean {
  const broken = NUMBER_BOUNDS.filter(([keyword, isWithin]) => {
    const limit = bound(schema, keyword);
    return limit !== undefined && !isWithin(value, limit);
  });
  for (const [keyword] of broken) check.fail(keyword, place);
  return broken.length === 0;
}

const NUMBER_BOUNDS: readonly (readonly [keyword: string, isWithin: (value: number, limit: number) => boolean])[] = [
  ['minimum', (value, limit) => value >= limit],
  ['maximum', (value, limit) => value <= limit],
  ['exclusiveMinimum', (value, limit) => value > limit],
  ['exclusiveMaximum', (value, limit) => value < limit],
  ['multipleOf', isMultiple],
];

/** As decimal fractions are meant: 0.3 is three times 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  if (divisor <= 0) return true;
  const quotient = value / divisor;
  if (!Number.isFinite(quotient)) return false;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON * 2;
}

/** A number that a keyword gives; undefined for none. */
export function bound(schema: JsonObject, keyword: string): number | undefined {
  const limit = own(schema, keyword);
  return typeof limit === 'number' ? limit : undefined;
}
