import { isJsonArray, isJsonObject, own, type JsonObject } from '@callgate/canonical';
import { expect, test } from 'vitest';

test('an object is neither null nor an array', () => {
  expect([{}, [], null, 'x', 1, true, undefined].map(isJsonObject)).toStrictEqual([true, ...Array(6).fill(false)]);
});

test('an array is an array', () => {
  expect([[], {}, null, 'x', undefined].map(isJsonArray)).toStrictEqual([true, false, false, false, false]);
});

test('inherited names are absent, own ones are read', () => {
  const object = JSON.parse('{"a":1,"__proto__":2}') as JsonObject;
  expect(own(object, 'a')).toBe(1);
  expect(own(object, '__proto__')).toBe(2);
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'b']) expect(own(object, name)).toBeUndefined();
  expect(own({}, '__proto__')).toBeUndefined();
});
