import type { JsonObject, JsonValue } from '@callgate/canonical';

import { accepts, acceptsObject, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { ANY_VALUE, propertyOf } from './any-value.ts';
import { additionalOf, listedValues, textsOf, textsWithin } from './check-sets.ts';
import { MAX_SAMPLES } from './distinct-values.ts';
import { listOf, withItem } from './list-items.ts';
import { freeName, withMember, withoutMember } from './object-members.ts';
import { provesWithin } from './prove-within.ts';
import type { TextSearcher } from './text-search.ts';
import { baseObject, probesOf, samplesOf } from './value-samples.ts';

/** Values that `inner` accepts and `outer` does not, at most 64. Empty where none was found, which proves nothing. */
export function valueDifferences(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  if (inner === outer) return [];
  const candidates = [
    ...(listedValues(inner) ?? []),
    ...textDifference(inner, outer, texts),
    ...structuredDifferences(inner, outer, texts),
    ...samplesOf(inner, texts),
    ...probesOf(outer, texts),
    ...probesOf(inner, texts),
    ...samplesOf(outer, texts),
  ];
  return candidates.filter((value) => accepts(inner, value) && !accepts(outer, value)).slice(0, MAX_SAMPLES);
}

function textDifference(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  const wanted = textsWithin(outer);
  if (listedValues(inner) !== undefined || inner.kind !== undefined || wanted === undefined) return [];
  const search = texts.difference(textsOf(inner), wanted);
  return search.kind === 'found' ? [search.text] : [];
}

/** Containers that differ inside: a passing one with what differs put in. */
function structuredDifferences(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  if (listedValues(inner) !== undefined || inner.kind !== undefined) return [];
  const values: JsonValue[] = [];
  if (inner.object !== undefined && outer.object !== undefined) {
    values.push(...objectDifferences(inner.object, outer.object, texts));
  }
  if (outer.items !== undefined) {
    const items = inner.items ?? ANY_VALUE;
    const base = listOf(inner, samplesOf(items, texts), Math.max(inner.schema.minItems ?? 0, 1));
    if (base !== undefined)
      values.push(...valueDifferences(items, outer.items, texts).map((item) => withItem(base, item)));
  }
  for (const length of [outer.schema.maxItems, outer.schema.minItems]) {
    if (length === undefined || length >= MAX_LENGTH) continue;
    for (const count of [length - 1, length + 1]) {
      const list = count < 0 ? undefined : listOf(inner, samplesOf(inner.items ?? ANY_VALUE, texts), count);
      if (list !== undefined) values.push(list);
    }
  }
  return values;
}

const MAX_LENGTH = 2000;

/** Objects that `inner` accepts and `outer` does not: a passing one with one property at a time as `outer` does not want it. */
export function objectDifferences(inner: ObjectCheck, outer: ObjectCheck, texts: TextSearcher): readonly JsonObject[] {
  const base = baseObject(inner, texts);
  if (base === undefined) return [];
  const found = [base];
  for (const name of [...new Set([...inner.byName.keys(), ...outer.byName.keys()])].toSorted()) {
    const value = propertyOf(inner, name);
    if (value === undefined) continue;
    if (outer.byName.get(name)?.isRequired === true) found.push(withoutMember(base, name));
    const wanted = propertyOf(outer, name);
    found.push(...differing(value, wanted, texts).map((item) => withMember(base, name, item)));
  }
  const additional = additionalOf(inner);
  if (additional !== undefined) {
    const name = freeName(inner, outer);
    found.push(...differing(additional, additionalOf(outer), texts).map((item) => withMember(base, name, item)));
  }
  return found.filter((object) => acceptsObject(inner, object) && !acceptsObject(outer, object)).slice(0, MAX_SAMPLES);
}

function differing(inner: ValueCheck, outer: ValueCheck | undefined, texts: TextSearcher): readonly JsonValue[] {
  if (outer === undefined) return samplesOf(inner, texts);
  return provesWithin(inner, outer, texts) ? [] : valueDifferences(inner, outer, texts);
}
