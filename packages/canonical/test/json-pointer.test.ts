import { appendPointer, parsePointer, resolvePointer, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** RFC 6901 §5. */
const DOCUMENT: JsonValue = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

test.each<[string, JsonValue]>([
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('resolves %j as RFC 6901 section 5 says', (pointer, expected) => {
  expect(resolvePointer(DOCUMENT, parsePointer(pointer))).toStrictEqual(expected);
});

test.each([
  '/foo/2',
  '/foo/-',
  '/foo/01',
  '/foo/1e0',
  '/foo/-1',
  '/foo/length',
  '/foo/0/x',
  '/bar',
  '/constructor',
  '//x',
])('finds nothing at %s', (pointer) => {
  expect(resolvePointer(DOCUMENT, parsePointer(pointer))).toBeUndefined();
});

test('finds items at indices of several digits', () => {
  const items = Array.from({ length: 121 }, (_, index) => index);
  expect([9, 10, 99, 100, 120].map((index) => resolvePointer(items, [String(index)]))).toStrictEqual([
    9, 10, 99, 100, 120,
  ]);
});

test('finds nothing below a text: its letters and its length are no members', () => {
  expect(resolvePointer({ a: 'abc' }, ['a', 'length'])).toBeUndefined();
  expect(resolvePointer('abc', ['0'])).toBeUndefined();
});

test('finds an own `__proto__` and no inherited one', () => {
  expect(resolvePointer(JSON.parse('{"__proto__":{"a":1}}') as JsonValue, ['__proto__', 'a'])).toBe(1);
  expect(resolvePointer({}, ['__proto__'])).toBeUndefined();
});

test.each(['foo', ' /foo', '#/foo'])('%s does not begin with a slash', (pointer) => {
  expect(() => parsePointer(pointer)).toThrow(
    new RangeError('pointer: expected an empty string or one that begins with `/`'),
  );
});

test.each(['/~', '/a~2b', '/~~0', '/~0~'])('%s has a stray tilde', (pointer) => {
  expect(() => parsePointer(pointer)).toThrow(new RangeError('pointer: expected `~0` or `~1` wherever there is a `~`'));
});

describe('laws', () => {
  test('parsing undoes appending, whatever the tokens', () => {
    const token = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '~', '/', '~1', '~0', '~01', '0', '-'));
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        expect(parsePointer(tokens.reduce<string>(appendPointer, ''))).toStrictEqual(tokens);
      }),
    );
  });

  test('an index is a token like any other', () => {
    expect(appendPointer('/a', 3)).toBe('/a/3');
  });
});
