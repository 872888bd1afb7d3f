import { isDeepStrictEqual } from 'node:util';

import { canonicalize, clonePlain, type JsonValue } from '@callgate/canonical';
import secondImplementation from 'canonicalize';
import fc from 'fast-check';
import { canonicalize as library } from 'json-canonicalize';
import { expect, test } from 'vitest';

import { jsonValue, objectOf } from './support/arbitraries.ts';

/** RFC 8785 §3.2 written down as plainly as possible. */
function reference(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => reference(item)).join(',')}]`;
  const members = Object.entries(value as Record<string, JsonValue>).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${reference(item)}`).join(',')}}`;
}

/** Whether the libraries can be asked: both misread a `toJSON` member, the second one `__proto__` too. */
function isFairToLibraries(value: JsonValue): boolean {
  return !/"(?:toJSON|__proto__)":/u.test(JSON.stringify(value));
}

test('agrees with the specification on any value', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      expect(canonicalize(value)).toBe(reference(value));
    }),
    { numRuns: 2000 },
  );
});

test('agrees byte for byte with two other implementations', () => {
  fc.assert(
    fc.property(jsonValue.filter(isFairToLibraries), (value) => {
      const text = canonicalize(value);
      expect(text).toBe(library(value));
      expect(text).toBe(secondImplementation(value));
    }),
    { numRuns: 2000 },
  );
});

test('reads back as the same value, and is a fixed point', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const text = canonicalize(value);
      const read = JSON.parse(text) as JsonValue;
      expect(isDeepStrictEqual(clonePlain(read), clonePlain(value))).toBe(true);
      expect(canonicalize(read)).toBe(text);
    }),
  );
});

test('does not depend on the order of keys', () => {
  const shuffled = fc
    .uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 4 }), jsonValue), { selector: ([key]) => key })
    .chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(canonicalize(objectOf(one))).toBe(canonicalize(objectOf(other)));
    }),
  );
});

test('different values have different texts', () => {
  fc.assert(
    fc.property(jsonValue, jsonValue, (one, other) => {
      const same = canonicalize(one) === canonicalize(other);
      expect(same).toBe(reference(one) === reference(other));
    }),
  );
});

test('leaves its argument alone', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const before = JSON.stringify(value);
      canonicalize(value);
      expect(JSON.stringify(value)).toBe(before);
    }),
  );
});
