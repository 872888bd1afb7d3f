import { runInNewContext } from 'node:vm';

import { DEFAULT_PLAIN_DATA_LIMITS, PlainDataError, clonePlain, type JsonValue } from '@callgate/canonical';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { growthExponent } from './support/growth.ts';

function refusal(
  value: unknown,
  ...rest: [Parameters<typeof clonePlain>[1]?, Parameters<typeof clonePlain>[2]?]
): PlainDataError {
  try {
    clonePlain(value, ...rest);
  } catch (error) {
    if (error instanceof PlainDataError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** An object or array whose member `name` must never be read. */
function withAccessor<T extends object>(target: T, name: PropertyKey, descriptor: PropertyDescriptor = {}): T {
  const get = (): never => {
    throw new Error('an accessor ran');
  };
  return Object.defineProperty(target, name, { get, enumerable: true, configurable: true, ...descriptor });
}

class Money {
  amount = 5;
}

class Rows extends Array<unknown> {}

function argumentsObject(_one: unknown, _two: unknown): unknown {
  return arguments;
}

describe('refuses what is not JSON data', () => {
  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['a function', () => 1, 'function'],
    ['a symbol', Symbol('x'), 'symbol'],
    ['a bigint', 5n, 'bigint'],
  ])('%s', (_, value, got) => {
    expect(refusal(value)).toMatchObject({
      code: 'CALLGATE_CANONICAL_NOT_PLAIN',
      pointer: '',
      expected: 'a JSON value',
      got,
    });
    expect(refusal({ a: [0, value] })).toMatchObject({ pointer: '/a/1', got });
  });

  test.each([Number.NaN, Infinity, -Infinity])('the number %s', (value) => {
    expect(refusal([value])).toMatchObject({ pointer: '/0', expected: 'a finite number', got: String(value) });
  });

  test.each<[string, unknown]>([
    ['a map', new Map([['a', 1]])],
    ['a set', new Set([1])],
    ['a date', new Date(0)],
    ['a regular expression', /x/u],
    ['an error', new Error('x')],
    ['a promise', Promise.resolve(1)],
    ['a boxed string', Object('x')],
    ['a boxed number', Object(1)],
    ['a boxed boolean', Object(true)],
    ['a boxed bigint', Object(1n)],
    ['an instance of a class', new Money()],
    ['an object with a plain prototype of its own', Object.create({ inherited: 1 })],
    ['an object with a null-prototype prototype', Object.create(Object.create(null))],
    ['bytes', new Uint8Array(2)],
    ['a buffer', Buffer.from('x')],
    ['an array buffer', new ArrayBuffer(2)],
    ['an object of another realm', runInNewContext('({ a: 1 })')],
  ])('%s', (_, value) => {
    expect(refusal({ deep: value })).toMatchObject({
      pointer: '/deep',
      expected: 'a plain object',
      got: 'an exotic prototype',
    });
  });

  test.each<[string, unknown]>([
    ['an array subclass', Rows.of(1)],
    ['an array of another realm', runInNewContext('[1]')],
    ['an array without a prototype', Object.setPrototypeOf([1], null)],
  ])('%s', (_, value) => {
    expect(refusal(value)).toMatchObject({ pointer: '', got: 'an exotic array' });
  });

  test('an arguments object', () => {
    expect(refusal(argumentsObject(1, 2)).got).toBe('a symbol key');
  });

  test('a symbol key, on an object or an array', () => {
    expect(refusal({ a: { [Symbol('s')]: 1 } })).toMatchObject({ pointer: '/a', got: 'a symbol key' });
    expect(refusal(Object.assign([1], { [Symbol('s')]: 1 }))).toMatchObject({ pointer: '', got: 'a symbol key' });
  });

  test('a hidden property or item', () => {
    expect(refusal(Object.defineProperty({ a: 1 }, 'b', { value: 2 }))).toMatchObject({
      pointer: '/b',
      got: 'a hidden one',
    });
    expect(refusal(Object.defineProperty([1], 1, { value: 2 })).got).toBe('a hole');
  });

  test.each<[string, string]>([
    ['a high one alone', '\ud800'],
    ['a low one alone', 'a\udc00'],
    ['a pair the wrong way round', '\udc00\ud800'],
  ])('a lone surrogate in a text: %s', (_, text) => {
    expect(refusal({ a: text })).toMatchObject({
      pointer: '/a',
      expected: 'well-formed Unicode',
      got: 'a lone surrogate',
    });
  });

  test('a lone surrogate in a key, placed at the object: the pointer stays well-formed', () => {
    expect(refusal({ a: { '\ud800': 1 } })).toMatchObject({ pointer: '/a', got: 'a lone surrogate' });
  });
});

describe('runs nothing of the value', () => {
  test('an accessor is refused, not read', () => {
    expect(refusal(withAccessor({ a: 1 }, 'b'))).toMatchObject({ pointer: '/b', got: 'an accessor' });
    expect(refusal({ deep: withAccessor([1, 2], 1) })).toMatchObject({ pointer: '/deep/1', got: 'an accessor' });
    expect(refusal(withAccessor(Object.create(null), 'b')).got).toBe('an accessor');
    expect(refusal(withAccessor({}, '__proto__'))).toMatchObject({ pointer: '/__proto__', got: 'an accessor' });
  });

  test('a hidden accessor neither', () => {
    expect(refusal(withAccessor({}, 'toJSON', { enumerable: false })).got).toBe('an accessor');
    expect(refusal(withAccessor([1], 'toJSON', { enumerable: false })).got).toBe('a `toJSON` property');
  });

  test('a setter alone', () => {
    const set = (): undefined => undefined;
    expect(refusal(Object.defineProperty({}, 'a', { set, enumerable: true })).got).toBe('an accessor');
    expect(refusal(Object.defineProperty([0], 0, { set, enumerable: true })).got).toBe('undefined');
  });

  test('an own `toJSON` method', () => {
    expect(refusal({ toJSON: () => 'forged' })).toMatchObject({ pointer: '/toJSON', got: 'function' });
    expect(refusal(Object.defineProperty({}, 'toJSON', { value: () => 'forged' }))).toMatchObject({
      pointer: '/toJSON',
    });
    expect(refusal(Object.defineProperty([1], 'toJSON', { value: () => 'forged' })).got).toBe('a `toJSON` property');
    expect(refusal(Object.assign([1], { toJSON: () => 'forged' })).got).toBe('a named property');
  });

  test('a `toJSON` member that is data stays data', () => {
    expect(clonePlain({ toJSON: 'x' })).toStrictEqual({ toJSON: 'x' });
  });

  test('an inherited `toJSON` method', () => {
    expect(refusal(Object.create({ toJSON: () => 'forged' })).got).toBe('an exotic prototype');
  });
});

describe('refuses arrays that serialisers write differently', () => {
  test.each<[string, unknown]>([
    // oxlint-disable-next-line no-sparse-arrays -- what is tested
    ['a hole in the middle', [1, , 3]],
    // oxlint-disable-next-line no-sparse-arrays -- what is tested
    ['a hole at the end', [1, ,]],
    ['nothing but holes', Array(3)],
    ['a hole that a name makes up for', Object.assign(Array(1), { name: 1 })],
    ['two holes and a name', Object.assign([1, ...Array<number>(2)].slice(0, 1).concat(Array<number>(2)), { name: 1 })],
  ])('%s', (_, value) => {
    expect(refusal({ list: value })).toMatchObject({ pointer: '/list', got: 'a hole' });
  });

  test('a named property beside the items', () => {
    expect(refusal(Object.assign([1], { extra: 2 })).got).toBe('a named property');
    expect(refusal('ab'.match(/b/u)).got).toBe('a named property');
    expect(refusal(Object.assign([], { '-1': 2 })).got).toBe('a named property');
  });

  test('a huge and empty array, at once', () => {
    const sparse: unknown[] = [];
    sparse.length = 2 ** 32 - 1;
    expect(refusal(sparse).code).toBe('CALLGATE_CANONICAL_TOO_LARGE');
  });

  test('undefined items, whatever the options', () => {
    expect(refusal([undefined], {}, { dropUndefined: true })).toMatchObject({ pointer: '/0', got: 'undefined' });
  });
});

describe('cycles', () => {
  test('are refused where they close', () => {
    const object: { a: { b: unknown[] } } = { a: { b: [] } };
    object.a.b.push(object.a);
    expect(refusal(object)).toMatchObject({ pointer: '/a/b/0', expected: 'a tree', got: 'a cycle' });
    const list: unknown[] = [];
    list.push(list);
    expect(refusal(list)).toMatchObject({ pointer: '/0', got: 'a cycle' });
  });

  test('are not shared parts: those are copied each time', () => {
    const shared = { x: [1] };
    const copy = clonePlain({ a: shared, ab: shared, list: [shared, shared] }) as Record<string, JsonValue>;
    expect(copy).toStrictEqual({ a: { x: [1] }, ab: { x: [1] }, list: [{ x: [1] }, { x: [1] }] });
    expect(copy['a']).not.toBe(copy['ab']);
  });
});

describe('bounds', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };

  test('depth', () => {
    expect(clonePlain(nested(64))).toBeDefined();
    expect(refusal(nested(65))).toMatchObject({
      code: 'CALLGATE_CANONICAL_TOO_LARGE',
      expected: 'at most 64 levels',
      got: 'more',
    });
    expect(clonePlain([], { maxDepth: 1 })).toStrictEqual([]);
    expect(refusal([[]], { maxDepth: 1 })).toMatchObject({ pointer: '/0' });
    expect(clonePlain(nested(1000), { maxDepth: 1000 })).toBeDefined();
  });

  test('a chain far too deep for the stack', () => {
    expect(refusal(nested(1_000_000)).expected).toBe('at most 64 levels');
  });

  test('values, containers included', () => {
    expect(clonePlain([1, [2]], { maxNodes: 4 })).toStrictEqual([1, [2]]);
    expect(refusal([1, [2]], { maxNodes: 3 })).toMatchObject({
      code: 'CALLGATE_CANONICAL_TOO_LARGE',
      pointer: '/1/0',
      expected: 'at most 3 values',
    });
    expect(refusal([1, 2, 3], { maxNodes: 2 }).pointer).toBe('');
  });

  test.each<[unknown, number]>([
    ['abc', 5],
    [{ ab: 'c' }, 2 + 4 + 3],
    [[null, true, 1], 2 + 4 + 5 + 8],
    [{}, 2],
  ])('size: %j takes %i', (value, size) => {
    expect(clonePlain(value, { maxBytes: size })).toStrictEqual(value);
    expect(refusal(value, { maxBytes: size - 1 })).toMatchObject({
      code: 'CALLGATE_CANONICAL_TOO_LARGE',
      expected: `at most ${size - 1} bytes`,
    });
  });

  test('the defaults are what is documented, and nobody can change them', () => {
    expect(DEFAULT_PLAIN_DATA_LIMITS).toStrictEqual({ maxDepth: 64, maxNodes: 100_000, maxBytes: 16 * 1024 * 1024 });
    expect(Object.isFrozen(DEFAULT_PLAIN_DATA_LIMITS)).toBe(true);
    expect(refusal('x'.repeat(16 * 1024 * 1024 - 1)).code).toBe('CALLGATE_CANONICAL_TOO_LARGE');
    expect(refusal(Array(100_000).fill(0)).code).toBe('CALLGATE_CANONICAL_TOO_LARGE');
    expect(clonePlain(Array(99_999).fill(0))).toHaveLength(99_999);
  });

  test.each(['maxDepth', 'maxNodes', 'maxBytes'])('%s must be a bound', (name) => {
    for (const value of [Number.NaN, Infinity, 0, -1, 1.5, '5', null]) {
      const limits = { [name]: value } as never;
      if (value === null) expect(clonePlain(1, limits)).toBe(1);
      else expect(() => clonePlain(1, limits)).toThrow(RangeError);
    }
    expect(() => clonePlain(1, { maxDepth: 1001 })).toThrow('limits.maxDepth: expected an integer from 1 to 1000');
    expect(clonePlain(1, { [name]: undefined } as never)).toBe(1);
  });

  test('the pointer of a refusal is bounded too: it stops at the nearest container', () => {
    const key = 'k'.repeat(400);
    expect(refusal({ [key]: { b: undefined } }).pointer).toBe(`/${key}/b`);
    expect(refusal({ a: { [key]: { [key]: undefined } } }).pointer).toBe(`/a/${key}`);
    expect(refusal({ ['k'.repeat(600)]: undefined }).pointer).toBe('');
    expect(refusal({ ['k'.repeat(511)]: undefined }).pointer).toHaveLength(512);
    expect(refusal({ ['k'.repeat(512)]: undefined }).pointer).toBe('');
  });
});

describe('the copy', () => {
  test('is frozen throughout and independent of the original', () => {
    const original = { list: [{ a: 1 }], object: { b: 'x' } };
    const copy = clonePlain(original) as typeof original;
    original.list[0]!.a = 2;
    original.list.push({ a: 3 });
    original.object.b = 'y';
    expect(copy).toStrictEqual({ list: [{ a: 1 }], object: { b: 'x' } });
    for (const part of [copy, copy.list, copy.list[0], copy.object]) expect(Object.isFrozen(part)).toBe(true);
  });

  test('is left open where asked', () => {
    const copy = clonePlain({ list: [1] }, {}, { freeze: false }) as { list: number[] };
    copy.list.push(2);
    expect(copy).toStrictEqual({ list: [1, 2] });
  });

  test('keeps an own `__proto__` as data and the prototype as it was', () => {
    const copy = clonePlain(JSON.parse('{"__proto__":{"admin":true},"a":1}')) as Record<string, JsonValue>;
    expect(Object.keys(copy)).toStrictEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy['admin']).toBeUndefined();
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true},"a":1}');
  });

  test('has the ordinary prototype where the original had none', () => {
    const copy = clonePlain(Object.assign(Object.create(null), { a: 1 }));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).toStrictEqual({ a: 1 });
  });

  test('keeps the order of keys: a server sees what was sent', () => {
    expect(Object.keys(clonePlain({ z: 1, a: 2, m: 3 }) as object)).toStrictEqual(['z', 'a', 'm']);
  });

  test('has no negative zero', () => {
    expect(Object.is(clonePlain(-0), 0)).toBe(true);
    expect(Object.is((clonePlain([-0]) as readonly number[])[0], 0)).toBe(true);
  });

  test('leaves out undefined properties only where asked', () => {
    expect(refusal({ a: 1, b: undefined })).toMatchObject({ pointer: '/b', got: 'undefined' });
    expect(clonePlain({ a: 1, b: undefined, c: 3 }, {}, { dropUndefined: true })).toStrictEqual({ a: 1, c: 3 });
    expect(refusal(undefined, {}, { dropUndefined: true }).pointer).toBe('');
    // A key that is dropped is not looked at; one that is kept is.
    expect(clonePlain({ '\ud800': undefined }, {}, { dropUndefined: true })).toStrictEqual({});
  });
});

describe('proxies', () => {
  test('are read once, so that a second answer changes nothing', () => {
    let reads = 0;
    const lying = new Proxy(
      { limit: 1 },
      {
        getOwnPropertyDescriptor: (target, key) => {
          reads += 1;
          return {
            ...Reflect.getOwnPropertyDescriptor(target, key),
            value: reads,
            configurable: true,
            enumerable: true,
          };
        },
        get: () => 'never asked',
      },
    );
    expect(clonePlain({ lying })).toStrictEqual({ lying: { limit: 1 } });
    expect(reads).toBe(1);
  });

  test('around arrays give each item once', () => {
    const asked: PropertyKey[] = [];
    const lying = new Proxy([1, 2], {
      get: (target, key, receiver): unknown => {
        asked.push(key);
        return key === 'length' ? Reflect.get(target, key, receiver) : 10;
      },
    });
    expect(clonePlain(lying)).toStrictEqual([10, 10]);
    expect(asked).toStrictEqual(['length', '0', '1']);
  });

  test('that take a property back are refused', () => {
    const vanishing = new Proxy({ a: 1 }, { getOwnPropertyDescriptor: () => undefined });
    expect(refusal(vanishing)).toMatchObject({ pointer: '/a', got: 'a property that vanished' });
  });

  test('that hide an accessor behind a data descriptor have their value checked like any other', () => {
    const forged = new Proxy(
      { a: 1 },
      { getOwnPropertyDescriptor: () => ({ value: () => 1, enumerable: true, configurable: true }) },
    );
    expect(refusal(forged).got).toBe('function');
  });

  test('that claim a plain prototype are copied as the data they give, and nothing more', () => {
    const dressed = new Proxy(new Money(), { getPrototypeOf: () => Object.prototype });
    expect(clonePlain(dressed)).toStrictEqual({ amount: 5 });
  });
});

describe('a host that pollutes prototypes', () => {
  afterEach(() => {
    for (const name of ['toJSON', 'region', 'extra']) delete (Object.prototype as Record<string, unknown>)[name];
    for (const name of ['toJSON', '0']) delete (Array.prototype as unknown as Record<string, unknown>)[name];
  });

  test.each([
    ['Object', Object.prototype],
    ['Array', Array.prototype],
  ])('with %s.prototype.toJSON: no serialiser would write what was decided on', (_, prototype) => {
    Object.defineProperty(prototype, 'toJSON', { value: () => 'forged', configurable: true });
    const { got, expected } = refusal({ a: 1 });
    delete (prototype as { toJSON?: unknown }).toJSON;
    expect([expected, got]).toStrictEqual(['plain prototypes', 'an inherited `toJSON`']);
  });

  test('with an accessor: it does not run, and the key is kept', () => {
    let ran = 0;
    Object.defineProperty(Object.prototype, 'region', {
      set: () => {
        ran += 1;
      },
      get: () => {
        ran += 1;
        return undefined;
      },
      configurable: true,
    });
    const copy = clonePlain(JSON.parse('{"region":"x"}'));
    delete (Object.prototype as { region?: unknown }).region;
    expect([ran, JSON.stringify(copy)]).toStrictEqual([0, '{"region":"x"}']);
  });

  test('with an enumerable member: it is not data of the value', () => {
    (Object.prototype as Record<string, unknown>)['extra'] = 1;
    const keys = Object.keys(clonePlain({ a: 1 }) as object);
    delete (Object.prototype as Record<string, unknown>)['extra'];
    expect(keys).toStrictEqual(['a']);
  });

  test('with an item: a hole stays a hole', () => {
    Object.defineProperty(Array.prototype, '0', {
      value: 'inherited',
      configurable: true,
      enumerable: false,
      writable: true,
    });
    const { got } = refusal(Array(1));
    delete (Array.prototype as unknown as Record<string, unknown>)['0'];
    expect(got).toBe('a hole');
  });
});

describe('says what would have passed', () => {
  const set = (): void => {};

  test.each<[string, unknown, string]>([
    ['no accessor', Object.defineProperty({}, 'a', { set, enumerable: true }), 'a data property'],
    ['no accessor among items', withAccessor([1], 0), 'a data property'],
    ['nothing hidden', Object.defineProperty({}, 'a', { value: 1 }), 'an enumerable property'],
    ['no symbol', { [Symbol('s')]: 1 }, 'string keys'],
    ['no symbol beside items', Object.assign([], { [Symbol('s')]: 1 }), 'nothing but items'],
    ['no name beside items', Object.assign([], { name: 1 }), 'nothing but items'],
    ['no method beside items', Object.defineProperty([], 'toJSON', { value: set }), 'plain data'],
    ['no hole', Array(1), 'an item at every index'],
    ['no subclass', Rows.of(), 'a plain array'],
    ['no lie', new Proxy({ a: 1 }, { getOwnPropertyDescriptor: () => undefined }), 'a stable object'],
  ])('%s', (_, value, expected) => {
    expect(refusal(value).expected).toBe(expected);
  });

  test('a limit by its name', () => {
    for (const name of ['maxDepth', 'maxNodes', 'maxBytes']) {
      expect(() => clonePlain(1, { [name]: 0 })).toThrow(`limits.${name}: expected an integer from 1 to `);
    }
  });
});

describe('hidden properties, where the caller drops them', () => {
  const drop = { dropHidden: true };

  test('and symbol keys are left out, unread', () => {
    const value = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'b', { value: 3 });
    expect(clonePlain(withAccessor(value, 'c', { enumerable: false }), {}, drop)).toStrictEqual({ a: 1 });
  });

  test('a visible accessor is refused all the same', () => {
    expect(refusal(withAccessor({}, 'a'), {}, drop).got).toBe('an accessor');
  });

  test('a hidden `toJSON` is refused all the same', () => {
    const value = Object.defineProperty({}, 'toJSON', { value: () => 'forged' });
    expect(refusal(value, {}, drop)).toMatchObject({ pointer: '/toJSON', got: 'a hidden one' });
  });

  test('a property that vanished is refused all the same', () => {
    const vanishing = new Proxy({ a: 1 }, { getOwnPropertyDescriptor: () => undefined });
    expect(refusal(vanishing, {}, drop).got).toBe('a property that vanished');
  });
});

test('an engine without __lookupGetter__ gets the same answers', async () => {
  const prototype = Object.prototype as { __lookupGetter__?: unknown };
  const lookup = Object.getOwnPropertyDescriptor(prototype, '__lookupGetter__')!;
  vi.resetModules();
  delete prototype.__lookupGetter__;
  try {
    const { clonePlain: copy } = await import('../src/plain-data.ts');
    expect(copy([1, ['x']])).toStrictEqual([1, ['x']]);
    expect(() => copy(withAccessor([1, 2], 1))).toThrow('expected a data property at `/1`, got an accessor');
  } finally {
    Object.defineProperty(prototype, '__lookupGetter__', lookup);
    vi.resetModules();
  }
});

test('names that Object.prototype has are ordinary properties of an open copy', () => {
  const copy = clonePlain({ constructor: 1, toString: 2 }, {}, { freeze: false }) as Record<string, unknown>;
  copy['constructor'] = 3;
  expect(delete copy['toString']).toBe(true);
  expect(JSON.stringify(copy)).toBe('{"constructor":3}');
});

test('never shows the value in a refusal', () => {
  const secret = 'sk-live-4242';
  for (const value of [
    { key: `${secret}\ud800` },
    [Symbol(secret)],
    [BigInt(4242)],
    { f: Object.assign(() => 1, { secret }) },
  ]) {
    const { message, pointer, expected, got } = refusal(value);
    expect([message, pointer, expected, got].join(' ')).not.toMatch(/sk-live|4242/u);
  }
});

describe('takes linear time', () => {
  const sizes = [2000, 4000, 8000, 16_000, 32_000];

  test.each<[string, (size: number) => unknown]>([
    ['many keys', (size) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`key${index}`, index]))],
    ['many items', (size) => Array.from({ length: size }, (_, index) => index)],
    ['many rows', (size) => Array.from({ length: size / 4 }, (_, index) => ({ id: index, name: 'x', tags: ['y'] }))],
    ['long texts', (size) => Array.from({ length: 20 }, () => 'é☃'.repeat(size))],
    ['deep', (size) => Array.from({ length: size / 60 }, () => JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown)],
  ])('in %s', (_, make) => {
    const exponent = growthExponent(sizes, (size) => {
      const value = make(size);
      return () => clonePlain(value);
    });
    // Quadratic would be 2; a busy machine bends a line.
    expect(exponent).toBeLessThan(1.8);
  });
});
