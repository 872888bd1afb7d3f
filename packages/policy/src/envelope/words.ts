import { excerpt, type JsonValue } from '@callgate/canonical';

import type { ValueSchema, ValueType } from '../document/types.ts';
import { counted } from './shape.ts';
import { acceptedTypes, boundedKinds, type TypedKind } from './value-types.ts';

const SHOWN_VALUES = 8;
const SHOWN_NAMES = 12;

const ARTICLES: Readonly<Record<ValueType, string>> = {
  null: 'null',
  boolean: '`true` or `false`',
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  array: 'an array',
  object: 'an object',
  any: 'any value',
};

/** What a schema accepts, in words: ``one of `us-east`, `us-west` ``, `an integer from 1 to 25`. */
export function wordsOf(schema: ValueSchema): string {
  if (schema.const !== undefined) return `exactly ${literal(schema.const)}`;
  if (schema.enum !== undefined) return enumWords(schema.enum);
  const types = acceptedTypes(schema) ?? ['any'];
  const bounded = boundedKinds(schema);
  return types.map((type) => typeWords(schema, type, bounded)).join(' or ');
}

function enumWords(values: readonly JsonValue[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map(literal);
  const rest = values.length - shown.length;
  if (values.length === 1) return `exactly ${shown[0] ?? ''}`;
  return `one of ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A value of the policy as it may stand in a sentence. */
function literal(value: JsonValue): string {
  return `\`${excerpt(typeof value === 'string' ? value : JSON.stringify(value), 60)}\``;
}

function typeWords(schema: ValueSchema, type: ValueType, bounded: readonly TypedKind[]): string {
  const kind = type === 'integer' ? 'number' : type;
  const base = ARTICLES[type];
  if (!bounded.some((candidate) => candidate === kind)) return kind === 'object' ? 'an empty object' : base;
  if (kind === 'number') return numberWords(schema, base);
  if (kind === 'string') return stringWords(schema, base);
  if (kind === 'array') return arrayWords(schema, base);
  return objectWords(schema);
}

function numberWords(schema: ValueSchema, base: string): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const bounds: string[] = [];
  if (minimum !== undefined && maximum !== undefined) bounds.push(`from ${minimum} to ${maximum}`);
  else if (minimum !== undefined) bounds.push(`of at least ${minimum}`);
  if (exclusiveMinimum !== undefined) bounds.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && minimum === undefined) bounds.push(`of at most ${maximum}`);
  if (exclusiveMaximum !== undefined) bounds.push(`below ${exclusiveMaximum}`);
  if (multipleOf !== undefined) bounds.push(`that is a multiple of ${multipleOf}`);
  return `${base} ${bounds.join(' and ')}`;
}

function stringWords(schema: ValueSchema, base: string): string {
  const length = rangeWords(schema.minLength, schema.maxLength, 'character');
  const pattern = schema.pattern === undefined ? '' : ` that matches \`${excerpt(schema.pattern, 100)}\``;
  return `${base}${length}${pattern}`;
}

function arrayWords(schema: ValueSchema, base: string): string {
  const length = rangeWords(schema.minItems, schema.maxItems, 'item');
  const unique = schema.uniqueItems === true ? ' without repeats' : '';
  const items = schema.items === undefined ? '' : `, each ${wordsOf(schema.items)}`;
  return `${base}${length}${unique}${items}`;
}

function rangeWords(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return '';
  if (least !== undefined && least === most) return counted('', least, unit);
  if (most === undefined) return ` of at least ${least} ${unit}${least === 1 ? '' : 's'}`;
  return least === undefined || least === 0
    ? ` of at most ${most} ${unit}${most === 1 ? '' : 's'}`
    : ` of ${least} to ${most} ${unit}s`;
}

function objectWords(schema: ValueSchema): string {
  const names = Object.keys(schema.properties ?? {}).toSorted();
  const quoted = names
    .slice(0, SHOWN_NAMES)
    .map((name) => `\`${excerpt(name)}\`${schema.properties?.[name]?.optional === true ? ' (optional)' : ''}`);
  if (names.length > SHOWN_NAMES) quoted.push(`${names.length - SHOWN_NAMES} more`);
  if (schema.additional !== undefined && schema.additional !== false) quoted.push('other properties');
  return quoted.length === 0 ? 'an empty object' : `an object with ${quoted.join(', ')}`;
}
