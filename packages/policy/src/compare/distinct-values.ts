import { canonicalize, type JsonValue } from '@callgate/canonical';

/** The most values that sampling one check gives. */
export const MAX_SAMPLES = 64;

/** First items first, so that a cut leaves something of every list. */
export function interleave<Item>(...lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const items: Item[] = [];
  for (let index = 0; index < longest; index += 1) {
    for (const list of lists) if (index < list.length) items.push(list[index] as Item);
  }
  return items;
}

/** The first 64 values that differ, in order. */
export function distinct(values: readonly JsonValue[]): readonly JsonValue[] {
  const isFirst = firstOnly();
  const result: JsonValue[] = [];
  for (const value of values) {
    if (result.length >= MAX_SAMPLES) break;
    if (isFirst(value)) result.push(value);
  }
  return result;
}

/** A filter that lets each value pass once. Texts that are not Unicode have no canonical form, and no place in a call. */
export function firstOnly(): (value: JsonValue) => boolean {
  const seen = new Set<string>();
  return (value) => {
    try {
      const key = canonicalize(value);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    } catch {
      return false;
    }
  };
}
