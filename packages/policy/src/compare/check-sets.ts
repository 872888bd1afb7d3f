import type { JsonValue } from '@callgate/canonical';

import { typeMask } from '../envelope/type-mask.ts';
import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { ANY_VALUE } from './any-value.ts';
import { numberSetOf } from './number-set.ts';
import type { TextSet } from './text-search.ts';

/** The bit of type-mask.ts for null. */
export const NULL: number = typeMask(['null']);

/** The bit for booleans. */
export const BOOLEAN: number = typeMask(['boolean']);

/** The bit for whole numbers. */
export const INTEGER: number = typeMask(['integer']);

/** The bit for numbers. */
export const NUMBER: number = typeMask(['number']);

/** The bit for texts. */
export const STRING: number = typeMask(['string']);

/** The bit for lists. */
export const ARRAY: number = typeMask(['array']);

/** The bit for objects. */
export const OBJECT: number = typeMask(['object']);

/** The values that a schema lists; undefined where it does not. */
export function listedValues({ schema }: ValueCheck): readonly JsonValue[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

/** The numbers that a check accepts, an `enum` aside. */
export function numbersOf({ schema, types }: ValueCheck): ReturnType<typeof numberSetOf> {
  return numberSetOf(schema, !(types & NUMBER));
}

const MAX_LISTED_LENGTH = 2000;

/** The texts that a check accepts, as a set to search; undefined where they are none of this kind, or listed at too great a length. */
export function textsWithin(check: ValueCheck): TextSet | undefined {
  if (check.kind !== undefined || !(check.types & STRING)) return undefined;
  const listed = listedValues(check);
  if (listed === undefined) return textsOf(check);
  const members = listed.filter((value) => typeof value === 'string' && accepts(check, value)) as readonly string[];
  if (members.length === 0 || members.join('').length > MAX_LISTED_LENGTH) return undefined;
  const escaped = members.map((member) => member.replaceAll(/[\\.+*?()|[\]{}^$]/gu, '\\$&'));
  return { minLength: 0, maxLength: Number.POSITIVE_INFINITY, pattern: `\\A(?:${escaped.join('|')})\\z` };
}

/** The texts that a check accepts, an `enum` aside. */
export function textsOf({ schema }: ValueCheck): TextSet {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  return { minLength, maxLength, pattern };
}

/** What a property that is not listed must be; undefined: there must be none. */
export function additionalOf({ additional }: ObjectCheck): ValueCheck | undefined {
  if (additional === true) return ANY_VALUE;
  return additional === false ? undefined : additional;
}
