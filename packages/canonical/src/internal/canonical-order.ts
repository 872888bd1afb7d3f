import { isJsonArray, type JsonValue } from '../json.ts';
import { setOwn } from './set-own.ts';

/** Whether every object of `value` has its keys in the order of RFC 8785 §3.2.3: ascending UTF-16 code units. */
export function isInCanonicalOrder(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (isJsonArray(value)) {
    for (const item of value) if (!isInCanonicalOrder(item)) return false;
    return true;
  }
  const keys = Object.keys(value);
  if (!isAscending(keys)) return false;
  for (const key of keys) if (!isInCanonicalOrder(value[key] ?? null)) return false;
  return true;
}

/**
 * A copy of `value` with its keys in canonical order, strings shared; or undefined where no JavaScript object can hold
 * that order: integer-like keys always come first, and in numeric order.
 */
export function inCanonicalOrder(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const ordered = inCanonicalOrder(item);
      if (ordered === undefined) return undefined;
      items.push(ordered);
    }
    return items;
  }
  return orderedObject(value, sorted(Object.keys(value)));
}

function orderedObject(object: { readonly [key: string]: JsonValue }, keys: readonly string[]): JsonValue | undefined {
  const copy: Record<string, JsonValue> = {};
  let digits = false;
  for (const key of keys) {
    const ordered = inCanonicalOrder(object[key] ?? null);
    if (ordered === undefined) return undefined;
    setOwn(copy, key, ordered);
    digits ||= startsWithDigit(key);
  }
  return digits && !isAscending(Object.keys(copy)) ? undefined : copy;
}

/** Only a key that starts with a digit may be integer-like. */
function startsWithDigit(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57;
}

function sorted(keys: string[]): readonly string[] {
  // The default comparison of `toSorted` is by UTF-16 code units.
  return isAscending(keys) ? keys : keys.toSorted();
}

function isAscending(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return false;
  }
  return true;
}
