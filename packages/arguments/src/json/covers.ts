import type { JsonRules } from './compile-rules.ts';

/** Whether it is proved that every text that passes `inner` passes `outer`. */
export function isJsonCovered(inner: JsonRules, outer: JsonRules): boolean {
  return (
    isSubset(inner.types, outer.types) &&
    inner.maxLength <= outer.maxLength &&
    inner.maxDepth <= outer.maxDepth &&
    inner.maxItems <= outer.maxItems &&
    (inner.maxKeys <= outer.maxKeys || !(inner.types.has('object') || inner.types.has('array'))) &&
    (!inner.types.has('object') || isObjectCovered(inner, outer))
  );
}

function isObjectCovered(inner: JsonRules, outer: JsonRules): boolean {
  return (
    isSubset(outer.required, inner.required) &&
    (outer.keys === undefined || (inner.keys !== undefined && isSubset(inner.keys, outer.keys)))
  );
}

function isSubset<Item>(inner: ReadonlySet<Item>, outer: ReadonlySet<Item>): boolean {
  return [...inner].every((item) => outer.has(item));
}
