import type { JsonValue } from '@callgate/canonical';

import type { ValueType } from '../document/types.ts';

const NULL = 1;
const BOOLEAN = 2;
const INTEGER = 4;
const NUMBER = 8;
const STRING = 16;
const ARRAY = 32;
const OBJECT = 64;

const BITS: Readonly<Record<ValueType, number>> = {
  null: NULL,
  boolean: BOOLEAN,
  integer: INTEGER,
  number: NUMBER,
  string: STRING,
  array: ARRAY,
  object: OBJECT,
  any: NULL | BOOLEAN | NUMBER | STRING | ARRAY | OBJECT,
};

/** A set of types as bits, for {@link hasType}. */
export function typeMask(types: readonly ValueType[]): number {
  return types.reduce((mask, type) => mask | BITS[type], 0);
}

/**
 * Whether the value has one of the types. `integer` is every number without a fraction, as in JSON Schema. What JSON cannot carry
 * (`NaN`, `Infinity`, big integers, functions) has none of them.
 */
export function hasType(mask: number, value: JsonValue): boolean {
  if (typeof value === 'string') return (mask & STRING) !== 0;
  if (typeof value === 'number') {
    return ((mask & NUMBER) !== 0 && Number.isFinite(value)) || ((mask & INTEGER) !== 0 && Number.isInteger(value));
  }
  if (typeof value === 'boolean') return (mask & BOOLEAN) !== 0;
  if (value === null) return (mask & NULL) !== 0;
  return typeof value === 'object' && (mask & (Array.isArray(value) ? ARRAY : OBJECT)) !== 0;
}
