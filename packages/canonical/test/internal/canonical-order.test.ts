import { canonicalize, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { inCanonicalOrder, isInCanonicalOrder } from '../../src/internal/canonical-order.ts';
import { jsonValue } from '../support/arbitraries.ts';

describe('what is in canonical order is left to the engine', () => {
  test.each<[JsonValue]>([
    [null],
    ['x'],
    [1],
    [[]],
    [{}],
    [{ a: 1 }],
    [{ a: 1, b: 2 }],
    [[{ a: { c: 1, d: [1, { e: 1, f: 2 }] } }]],
    [{ 0: 1, 1: 2, 9: 3, a: 4 }],
  ])('%j', (value) => {
    expect(isInCanonicalOrder(value)).toBe(true);
    expect(JSON.stringify(inCanonicalOrder(value))).toBe(JSON.stringify(value));
  });
});

describe('what is not is put in order', () => {
  test.each<[JsonValue, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [[1, { b: 1, a: 2 }], '[1,{"a":2,"b":1}]'],
    [{ a: [{ d: 1, c: 2 }], b: 1 }, '{"a":[{"c":2,"d":1}],"b":1}'],
    [{ z: { b: 1, a: null }, a: 2 }, '{"a":2,"z":{"a":null,"b":1}}'],
    [{ a: 1, 1: 2, 10: 3 }, '{"1":2,"10":3,"a":1}'],
    // Not integer-like, though they begin with a digit.
    [{ '9x': 1, '10x': 2, '01': 3 }, '{"01":3,"10x":2,"9x":1}'],
    [{ constructor: 1, a: 2, toString: 3 }, '{"a":2,"constructor":1,"toString":3}'],
  ])('%j', (value, expected) => {
    expect(isInCanonicalOrder(value)).toBe(expected === JSON.stringify(value));
    expect(JSON.stringify(inCanonicalOrder(value))).toBe(expected);
  });
});

describe('what no object holds in order is handed back', () => {
  test.each<[JsonValue]>([
    [{ 9: 1, 10: 2 }],
    [{ 0: 1, '!': 2 }],
    [{ a: { 9: 1, 10: 2 } }],
    [[{ a: 1 }, [{ 9: 1, 10: 2 }]]],
    [{ b: 1, a: [{ 0: 1, ' ': 2 }] }],
  ])('%j', (value) => {
    expect(isInCanonicalOrder(value)).toBe(false);
    expect(inCanonicalOrder(value)).toBeUndefined();
  });
});

test('each way gives the canonical text', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const text = canonicalize(value);
      const ordered = inCanonicalOrder(value);
      if (isInCanonicalOrder(value)) expect(JSON.stringify(value)).toBe(text);
      if (ordered !== undefined) expect(JSON.stringify(ordered)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});
