import { isDeepStrictEqual } from 'node:util';

import { CallgateError, clonePlain, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { awkwardKey, jsonValue } from './support/arbitraries.ts';

function isDeepFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
  );
}

function sharesContainers(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false;
  if (one === other) return true;
  return Object.keys(one).some((key) => sharesContainers(Reflect.get(one, key), Reflect.get(other as object, key)));
}

test('whatever JSON.parse returns is copied, equal, frozen and apart', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const text = JSON.stringify(value);
      const parsed = JSON.parse(text) as JsonValue;
      const copy = clonePlain(parsed);
      expect(isDeepStrictEqual(copy, parsed)).toBe(true);
      expect(JSON.stringify(copy)).toBe(text);
      expect(isDeepFrozen(copy)).toBe(true);
      expect(sharesContainers(copy, parsed)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

/** Anything at all: JSON, and everything that is not. */
const anything = fc.oneof(
  jsonValue,
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
    withObjectString: true,
    key: awkwardKey,
    values: [
      fc.constantFrom<unknown>(undefined, -0, Number.NaN, Infinity, Symbol.iterator, '\ud800'),
      fc.string(),
      fc.double(),
    ],
  }),
);

test('anything is either refused with a typed error, or written by JSON.stringify exactly as its copy', () => {
  fc.assert(
    fc.property(anything, (value) => {
      let copy: JsonValue;
      try {
        copy = clonePlain(value);
      } catch (error) {
        expect(CallgateError.is(error)).toBe(true);
        return;
      }
      expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    }),
    { numRuns: 3000 },
  );
});

test('copying a copy changes nothing', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const copy = clonePlain(value);
      expect(isDeepStrictEqual(clonePlain(copy), copy)).toBe(true);
    }),
  );
});

test('dropping undefined is what JSON.stringify does to properties', () => {
  const withUndefined = fc.dictionary(fc.string(), fc.option(fc.integer(), { nil: undefined }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(withUndefined, (value) => {
      expect(JSON.stringify(clonePlain(value, {}, { dropUndefined: true }))).toBe(JSON.stringify(value));
    }),
  );
});

test('a smaller bound never accepts what a larger one refused', () => {
  fc.assert(
    fc.property(jsonValue, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (value, one, other) => {
      const passes = (limit: number): boolean => {
        try {
          clonePlain(value, { maxBytes: limit, maxNodes: limit, maxDepth: limit });
          return true;
        } catch {
          return false;
        }
      };
      expect(!passes(Math.min(one, other)) || passes(Math.max(one, other))).toBe(true);
    }),
  );
});
