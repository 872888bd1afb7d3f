import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { ObjectCheck } from '../envelope/value-check.ts';

/** A name that the object's check does not list. */
export function freeName(...checks: readonly ObjectCheck[]): string {
  let name = 'other';
  while (checks.some((check) => check.byName.has(name) || check.ignored === name)) name += 'x';
  return name;
}

/** The object with one member set. */
export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== name), [name, value]]);
}

/** The object with one member left out. */
export function withoutMember(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
