import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

/** A place in arguments: names of members and indexes of items. */
export type Place = readonly (string | number)[];

/** The object with one member set, last. A member may have any name. */
export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== name), [name, value]]);
}

/** The object with one member left out. */
export function withoutMember(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** Every place in a value below it, outer ones first, at most `limit`. */
export function placesIn(value: JsonValue, limit = 200): readonly Place[] {
  const places: Place[] = [[]];
  for (let index = 0; index < places.length && places.length <= limit; index += 1) {
    const place = places[index] ?? [];
    for (const key of keysOf(valueAt(value, place))) places.push([...place, key]);
  }
  return places.slice(1, limit + 1);
}

function keysOf(value: JsonValue | undefined): readonly (string | number)[] {
  if (value === undefined || value === null || typeof value !== 'object') return [];
  return isJsonArray(value) ? value.map((_, index) => index) : Object.keys(value);
}

/** The value at a place; undefined where there is none. */
export function valueAt(value: JsonValue, place: Place): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const key of place) {
    if (typeof key === 'number' && isJsonArray(current)) current = current[key];
    else if (typeof key === 'string' && isJsonObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current;
}

/** The value with what is at a place replaced, or taken out where the replacement is undefined. */
export function withValueAt(value: JsonValue, [key, ...rest]: Place, replacement: JsonValue | undefined): JsonValue {
  if (key === undefined) return replacement ?? value;
  const inner = valueAt(value, [key]);
  const next = rest.length === 0 || inner === undefined ? replacement : withValueAt(inner, rest, replacement);
  if (typeof key === 'number') {
    const items = isJsonArray(value) ? value : [];
    return items.flatMap((item, index): JsonValue[] => (index === key ? (next === undefined ? [] : [next]) : [item]));
  }
  const object = isJsonObject(value) ? value : {};
  return next === undefined ? withoutMember(object, key) : withMember(object, key, next);
}
