import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { ANY_VALUE, propertyOf } from './any-value.ts';
import {
  additionalOf,
  ARRAY,
  BOOLEAN,
  INTEGER,
  listedValues,
  NULL,
  NUMBER,
  numbersOf,
  OBJECT,
  STRING,
  textsOf,
  textsWithin,
} from './check-sets.ts';
import { isNumberSetWithin, listNumbers } from './number-set.ts';
import { provesEmpty, provesEmptyObject } from './prove-empty.ts';
import type { TextSearcher } from './text-search.ts';

/** Proves that every value that `inner` accepts is one that `outer` accepts. False: not proved, whether it is so or not. */
export function provesWithin(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): boolean {
  return inner === outer || provesByParts(inner, outer, texts) || provesEmpty(inner, texts);
}

function provesByParts(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): boolean {
  const listed = listedValues(inner);
  if (listed !== undefined) return listed.every((value) => !accepts(inner, value) || accepts(outer, value));
  if (inner.kind !== undefined) return provesKind(inner, outer);
  if (inner.types & NULL && !accepts(outer, null)) return false;
  if (inner.types & BOOLEAN && !(accepts(outer, true) && accepts(outer, false))) return false;
  if (inner.types & (NUMBER | INTEGER) && !provesNumbers(inner, outer)) return false;
  if (inner.types & STRING && !provesStrings(inner, outer, texts)) return false;
  if (inner.types & ARRAY && !provesArrays(inner, outer, texts)) return false;
  return !(inner.types & OBJECT) || provesObjects(inner, outer, texts);
}

/** A kind is inside another where that kind says so, and inside a schema that only says the type. */
function provesKind(inner: ValueCheck, outer: ValueCheck): boolean {
  const isTyped = (inner.types & ~outer.types & ~(outer.types & NUMBER ? INTEGER : 0)) === 0;
  if (!isTyped || inner.kind === undefined) return false;
  if (outer.kind !== undefined) return isWithinKind(inner.kind, outer.kind);
  const isOpen = (mask: number, rules: readonly unknown[]): boolean => !(inner.types & mask) || rules.length === 0;
  return (
    outer.general.length === 0 &&
    isOpen(NUMBER | INTEGER, outer.number) &&
    isOpen(STRING, outer.string) &&
    isOpen(ARRAY, outer.array) &&
    !(inner.types & ARRAY && outer.items !== undefined) &&
    !(inner.types & OBJECT && outer.object !== undefined)
  );
}

/** A kind that throws has a defect, and proves nothing. */
function isWithinKind(inner: NonNullable<ValueCheck['kind']>, outer: NonNullable<ValueCheck['kind']>): boolean {
  try {
    return inner.isWithin(outer) === 'yes';
  } catch {
    return false;
  }
}

function provesNumbers(inner: ValueCheck, outer: ValueCheck): boolean {
  const set = numbersOf(inner);
  if (outer.kind === undefined && listedValues(outer) === undefined && outer.types & (NUMBER | INTEGER)) {
    if (isNumberSetWithin(set, numbersOf(outer))) return true;
  }
  return listNumbers(set)?.every((number) => !accepts(inner, number) || accepts(outer, number)) === true;
}

function provesStrings(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): boolean {
  if (inner.schema.maxLength === 0) return !accepts(inner, '') || accepts(outer, '');
  const wanted = textsWithin(outer);
  return wanted !== undefined && texts.difference(textsOf(inner), wanted).kind === 'none';
}

function provesArrays(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): boolean {
  const { schema } = inner;
  const isAlwaysEmpty = schema.maxItems === 0 || (inner.items !== undefined && provesEmpty(inner.items, texts));
  if (isAlwaysEmpty) return !accepts(inner, []) || accepts(outer, []);
  if (outer.kind !== undefined || listedValues(outer) !== undefined || !(outer.types & ARRAY)) return false;
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = outer.schema;
  if ((schema.minItems ?? 0) < minItems || (schema.maxItems ?? Number.POSITIVE_INFINITY) > maxItems) return false;
  const isDistinct = schema.uniqueItems === true || (schema.maxItems ?? 2) <= 1;
  if (uniqueItems === true && !isDistinct) return false;
  return outer.items === undefined || provesWithin(inner.items ?? ANY_VALUE, outer.items, texts);
}

function provesObjects(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): boolean {
  if (outer.kind === undefined && listedValues(outer) === undefined && outer.types & OBJECT) {
    if (outer.object === undefined) return true;
    if (inner.object !== undefined) return provesObjectWithin(inner.object, outer.object, texts);
  }
  const isAlwaysEmpty = inner.object?.additional === false && inner.object.properties.length === 0;
  return isAlwaysEmpty && accepts(outer, {});
}

/** Proves that every object that `inner` accepts is one that `outer` accepts. */
export function provesObjectWithin(inner: ObjectCheck, outer: ObjectCheck, texts: TextSearcher): boolean {
  return provesPropertiesWithin(inner, outer, texts) || provesEmptyObject(inner, texts);
}

function provesPropertiesWithin(inner: ObjectCheck, outer: ObjectCheck, texts: TextSearcher): boolean {
  if (inner.ignored !== outer.ignored) return false;
  for (const { name, isRequired } of outer.properties) {
    if (isRequired && inner.byName.get(name)?.isRequired !== true) return false;
  }
  const names = new Set([...inner.byName.keys(), ...outer.byName.keys()]);
  for (const name of names) {
    if (!provesOptional(propertyOf(inner, name), propertyOf(outer, name), texts)) return false;
  }
  return provesOptional(additionalOf(inner), additionalOf(outer), texts);
}

/** The same for what may be absent; undefined: it must be. */
function provesOptional(inner: ValueCheck | undefined, outer: ValueCheck | undefined, texts: TextSearcher): boolean {
  if (inner === undefined) return true;
  return outer === undefined ? provesEmpty(inner, texts) : provesWithin(inner, outer, texts);
}
