import { clonePlain, deepFreeze } from '@callgate/canonical';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { jsonValue } from './support/arbitraries.ts';

function isDeepFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
  );
}

test('everything in it is frozen, in place', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const copy = clonePlain(value, {}, { freeze: false });
      expect(deepFreeze(copy)).toBe(copy);
      expect(isDeepFrozen(copy)).toBe(true);
    }),
  );
});

test('a frozen part is taken to be frozen throughout', () => {
  const inner = { open: true };
  const shallow = Object.freeze({ inner });
  deepFreeze({ shallow });
  expect(Object.isFrozen(inner)).toBe(false);
});

test('a cycle ends', () => {
  const one: { self?: unknown } = {};
  one.self = one;
  expect(Object.isFrozen(deepFreeze(one))).toBe(true);
});

test('primitives pass', () => {
  expect([deepFreeze(1), deepFreeze('x'), deepFreeze(null), deepFreeze(undefined)]).toStrictEqual([
    1,
    'x',
    null,
    undefined,
  ]);
});
