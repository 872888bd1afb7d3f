import { isJsonArray, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { SchemaCheck, SchemaPlace } from './schema-check.ts';
import { bound } from './schema-scalars.ts';

export function arrayHolds(
  check: SchemaCheck,
  schema: JsonObject,
  value: readonly JsonValue[],
  place: SchemaPlace,
): boolean {
  return [
    value.length >= (bound(schema, 'minItems') ?? 0) || check.fail('minItems', place),
    value.length <= (bound(schema, 'maxItems') ?? Number.POSITIVE_INFINITY) || check.fail('maxItems', place),
    own(schema, 'uniqueItems') !== true || areUnique(check, value) || check.fail('uniqueItems', place),
    itemsHold(check, schema, value, place),
    containsHolds(check, schema, value, place),
  ].every(Boolean);
}

function areUnique(check: SchemaCheck, value: readonly JsonValue[]): boolean {
  return new Set(value.map((item) => check.textOf(item))).size === value.length;
}

/** `prefixItems` and `items`; in draft-07 `items` as a list, and `additionalItems`. */
function itemsHold(check: SchemaCheck, schema: JsonObject, value: readonly JsonValue[], place: SchemaPlace): boolean {
  const items = own(schema, 'items');
  const first = own(schema, 'prefixItems') ?? (isJsonArray(items) ? items : undefined);
  const prefix = isJsonArray(first) ? first : [];
  const rest = isJsonArray(items) ? own(schema, 'additionalItems') : items;
  let holds = true;
  for (const [index, item] of value.entries()) {
    const ownSchema = index < prefix.length ? prefix[index] : rest;
    if (ownSchema === undefined) {
      if (index >= prefix.length) break;
      continue;
    }
    if (!check.holds(ownSchema, item, check.at(place, index))) holds = false;
  }
  return holds;
}

function containsHolds(
  check: SchemaCheck,
  schema: JsonObject,
  value: readonly JsonValue[],
  place: SchemaPlace,
): boolean {
  const contained = own(schema, 'contains');
  if (contained === undefined) return true;
  const quiet = check.within(place, false);
  const count = value.filter((item) => check.holds(contained, item, quiet)).length;
  const isWithin =
    count >= (bound(schema, 'minContains') ?? 1) && count <= (bound(schema, 'maxContains') ?? Number.POSITIVE_INFINITY);
  return isWithin || check.fail('contains', place);
}
