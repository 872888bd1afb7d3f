import type { JsonValue } from '@callgate/canonical';

import { accepts, type ValueCheck } from '../envelope/value-check.ts';
import { listedValues, numbersOf } from './check-sets.ts';
import { firstOnly } from './distinct-values.ts';

/** The longest list that is made, in items. */
export const MAX_ITEMS = 2000;

/** The list with another last item. */
export function withItem(list: readonly JsonValue[], item: JsonValue): readonly JsonValue[] {
  return [...list.slice(0, -1), item];
}

/** As many items as asked for, distinct ones where the check wants them so; undefined where there are not enough. */
export function listOf(
  check: ValueCheck,
  items: readonly JsonValue[],
  length: number,
): readonly JsonValue[] | undefined {
  const [first] = items;
  if (length === 0) return [];
  if (first === undefined) return undefined;
  if (check.schema.uniqueItems !== true) return Array.from({ length }, () => first);
  const pool = distinctItems(check, items, length);
  return pool.length < length ? undefined : pool.slice(0, length);
}

function distinctItems(check: ValueCheck, items: readonly JsonValue[], length: number): readonly JsonValue[] {
  if (items.length >= length) return items;
  const counted = Array.from({ length: length + 2 }, (_, index) => index);
  const low = check.items === undefined ? 0 : numbersOf(check.items).low;
  const from = Number.isSafeInteger(low) ? low : 0;
  const more: readonly JsonValue[] = [...counted.map((index) => from + index), ...counted.map((index) => `x${index}`)];
  const { items: itemCheck } = check;
  const fitting = itemCheck === undefined ? more : more.filter((value) => accepts(itemCheck, value));
  return [...(listedValues(itemCheck ?? check) ?? []), ...items, ...fitting].filter(firstOnly());
}
