import { canonicalize as serialize } from 'json-canonicalize';

import { inCanonicalOrder, isInCanonicalOrder } from './internal/canonical-order.ts';
import { isJsonArray, type JsonValue } from './json.ts';

/**
 * The RFC 8785 (JSON Canonicalization Scheme) text of plain data.
 *
 * Numbers and strings of RFC 8785 §3.2.2 are those of ECMAScript's `JSON.stringify`, so that only the order of keys is
 * left to settle: what a JavaScript object can hold in canonical order is written natively, the rest (integer-like keys,
 * which every engine moves to the front in numeric order) by `json-canonicalize`. A property test holds both to the
 * same bytes, and to those of a second implementation.
 *
 * @param value plain data, as {@link clonePlain} returns it; anything else is outside this function's contract
 */
export function canonicalize(value: JsonValue): string {
  if (isToJsonInherited()) return assemble(value);
  const ordered = isInCanonicalOrder(value) ? value : inCanonicalOrder(value);
  if (ordered !== undefined) return JSON.stringify(ordered);
  return isMisread(value, new Set()) ? assemble(value) : serialize(value);
}

/** Both serialisers would call it. */
function isToJsonInherited(): boolean {
  return Object.hasOwn(Object.prototype, 'toJSON') || Object.hasOwn(Array.prototype, 'toJSON');
}

/**
 * Whether `json-canonicalize` 3 would misread `value`: it leaves objects with a `toJSON` member unsorted, and takes a
 * container that is used twice for a cycle when one path is a prefix of the other.
 */
function isMisread(value: JsonValue, seen: Set<JsonValue>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (seen.has(value) || Object.hasOwn(value, 'toJSON')) return true;
  seen.add(value);
  return Object.values(value).some((item: JsonValue) => isMisread(item, seen));
}

/** RFC 8785 §3.2 to the letter, for the few values that no library writes. */
function assemble(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(assemble).join(',')}]`;
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${assemble(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
