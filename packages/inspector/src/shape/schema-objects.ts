import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { SchemaCheck, SchemaPlace } from './schema-check.ts';
import { bound, matches } from './schema-scalars.ts';

export function objectHolds(check: SchemaCheck, schema: JsonObject, value: JsonObject, place: SchemaPlace): boolean {
  const names = Object.keys(value);
  return [
    names.length >= (bound(schema, 'minProperties') ?? 0) || check.fail('minProperties', place),
    names.length <= (bound(schema, 'maxProperties') ?? Number.POSITIVE_INFINITY) || check.fail('maxProperties', place),
    hasAll(own(schema, 'required'), value) || check.fail('required', place),
    membersHold(check, schema, value, names, place),
    namesHold(check, schema, names, place),
    dependentsHold(check, schema, value, place),
  ].every(Boolean);
}

function hasAll(required: JsonValue | undefined, value: JsonObject): boolean {
  return !isJsonArray(required) || required.every((name) => typeof name !== 'string' || Object.hasOwn(value, name));
}

function membersHold(
  check: SchemaCheck,
  schema: JsonObject,
  value: JsonObject,
  names: readonly string[],
  place: SchemaPlace,
): boolean {
  const properties = objectIn(schema, 'properties');
  const patterns = Object.entries(objectIn(schema, 'patternProperties'));
  const additional = own(schema, 'additionalProperties');
  let holds = true;
  for (const name of names) {
    const member = own(value, name) ?? null;
    const ownSchema = own(properties, name);
    const schemas = ownSchema === undefined ? [] : [ownSchema];
    for (const [pattern, part] of patterns) if (matches(check, pattern, name)) schemas.push(part);
    if (schemas.length === 0 && additional !== undefined) schemas.push(additional);
    for (const part of schemas) if (!check.holds(part, member, check.at(place, name))) holds = false;
  }
  return holds;
}

function namesHold(check: SchemaCheck, schema: JsonObject, names: readonly string[], place: SchemaPlace): boolean {
  const named = own(schema, 'propertyNames');
  if (named === undefined) return true;
  const quiet = check.within(place, false);
  return names.every((name) => check.holds(named, name, quiet)) || check.fail('propertyNames', place);
}

/** `dependentRequired` and `dependentSchemas`; draft-07 has both as `dependencies`. */
function dependentsHold(check: SchemaCheck, schema: JsonObject, value: JsonObject, place: SchemaPlace): boolean {
  let holds = true;
  for (const keyword of ['dependentRequired', 'dependentSchemas', 'dependencies']) {
    for (const [name, dependent] of Object.entries(objectIn(schema, keyword))) {
      if (!Object.hasOwn(value, name)) continue;
      if (isJsonArray(dependent)) {
        if (!hasAll(dependent, value)) holds = check.fail(keyword, place);
      } else if (!check.holds(dependent, value, check.within(place))) holds = false;
    }
  }
  return holds;
}

function objectIn(schema: JsonObject, keyword: string): JsonObject {
  const found = own(schema, keyword);
  return isJsonObject(found) ? found : NONE;
}

const NONE: JsonObject = Object.freeze({});
