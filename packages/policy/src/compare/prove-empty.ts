import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import {
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
} from './check-sets.ts';
import { isEmptyNumberSet, listNumbers } from './number-set.ts';
import type { TextSearcher } from './text-search.ts';

/** Proves that no value passes. */
export function provesEmpty(check: ValueCheck, texts: TextSearcher): boolean {
  const listed = listedValues(check);
  if (listed !== undefined) return !listed.some((value) => accepts(check, value));
  if (check.kind !== undefined || check.types & (NULL | BOOLEAN)) return false;
  if (check.types & (NUMBER | INTEGER) && !provesNoNumber(check)) return false;
  if (check.types & STRING && texts.anyOf(textsOf(check)).kind !== 'none') return false;
  if (check.types & ARRAY && !provesNoArray(check, texts)) return false;
  return !(check.types & OBJECT) || (check.object !== undefined && provesEmptyObject(check.object, texts));
}

function provesNoNumber(check: ValueCheck): boolean {
  const set = numbersOf(check);
  return isEmptyNumberSet(set) || listNumbers(set)?.some((number) => accepts(check, number)) === false;
}

function provesNoArray({ schema, items }: ValueCheck, texts: TextSearcher): boolean {
  const { minItems = 0, uniqueItems } = schema;
  if (minItems === 0 || items === undefined) return false;
  if (provesEmpty(items, texts)) return true;
  const listed = listedValues(items);
  return uniqueItems === true && listed !== undefined && listed.length < minItems;
}

/** Proves that no object passes. */
export function provesEmptyObject(check: ObjectCheck, texts: TextSearcher): boolean {
  return check.properties.some(({ isRequired, value }) => isRequired && provesEmpty(value, texts));
}
