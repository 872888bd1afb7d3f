import { typeMask } from '../envelope/type-mask.ts';
import type { ObjectCheck, ValueCheck } from '../envelope/value-check.ts';

const NONE: readonly never[] = Object.freeze([]);

/** A check that every value passes. */
export const ANY_VALUE: ValueCheck = Object.freeze({
  schema: Object.freeze({ type: 'any' }),
  kind: undefined,
  expected: 'any value',
  message: undefined,
  location: undefined,
  takesQuarantined: false,
  types: typeMask(['any']),
  general: NONE,
  number: NONE,
  string: NONE,
  array: NONE,
  items: undefined,
  object: undefined,
});

/** A check that every object passes. */
export const ANY_OBJECT: ObjectCheck = Object.freeze({
  properties: NONE,
  byName: new Map(),
  additional: true,
  ignored: undefined,
});

/** What an object's property must be where it is present: undefined for one that must not be. */
export function propertyOf(check: ObjectCheck, name: string): ValueCheck | undefined {
  const listed = check.byName.get(name);
  if (listed !== undefined) return listed.value;
  if (check.additional === true || name === check.ignored) return ANY_VALUE;
  return check.additional === false ? undefined : check.additional;
}
