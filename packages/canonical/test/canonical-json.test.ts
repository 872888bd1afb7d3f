import { canonicalize, clonePlain, digestJson, type JsonValue } from '@callgate/canonical';
import { afterEach, describe, expect, test } from 'vitest';

import { CORPORA, corpusTest, readCorpus } from './support/corpora.ts';

/** RFC 8785 Appendix B: IEEE-754 bits and the number as JSON. */
const APPENDIX_B: readonly (readonly [string, string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

function doubleOf(bits: string): number {
  return Buffer.from(bits.padStart(16, '0'), 'hex').readDoubleBE();
}

function canonicalOf(json: string): string {
  return canonicalize(clonePlain(JSON.parse(json)));
}

describe('RFC 8785', () => {
  test('writes the sample of section 3.2.2', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalOf(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test('sorts keys by UTF-16 code units, the sample of section 3.2.3', () => {
    const input = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const values = Object.values(JSON.parse(canonicalOf(input).replace('"1"', '"x"')) as Record<string, string>);
    expect(values).toStrictEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each(APPENDIX_B)('writes the number %s as %s', (bits, expected) => {
    expect(canonicalize(clonePlain(doubleOf(bits)))).toBe(expected);
    expect(canonicalize([doubleOf(bits)])).toBe(`[${expected}]`);
  });

  test.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('has no number for %s', (bits) => {
    expect(() => clonePlain(doubleOf(bits))).toThrow(/finite number/u);
  });
});

describe('keys that no JavaScript object holds in canonical order', () => {
  test('integer-like keys are ordered as text', () => {
    expect(canonicalize({ 10: 1, 9: 2, a: 3 })).toBe('{"10":1,"9":2,"a":3}');
    expect(canonicalize({ b: { 2: 0, 11: 0 }, '!': [{ z: 1, y: 2 }] })).toBe(
      '{"!":[{"y":2,"z":1}],"b":{"11":0,"2":0}}',
    );
    expect(canonicalize({ 1: 'a', '!': 'b' })).toBe('{"!":"b","1":"a"}');
  });

  test('integer-like keys in agreement with text order stay', () => {
    expect(canonicalize({ 1: 1, 2: 2, a: { d: 1, c: 2 } })).toBe('{"1":1,"2":2,"a":{"c":2,"d":1}}');
  });

  test('a `toJSON` member that is data is sorted like any other', () => {
    const value = { toJSON: 'x', b: 1, 10: { z: 1, toJSON: 0, a: 2 }, 9: null };
    expect(canonicalize(value)).toBe('{"10":{"a":2,"toJSON":0,"z":1},"9":null,"b":1,"toJSON":"x"}');
  });

  test('a part that is used twice is no cycle, whatever its paths', () => {
    const part = { 10: 1, 9: 2 };
    expect(canonicalize({ a: part, ab: part })).toBe('{"a":{"10":1,"9":2},"ab":{"10":1,"9":2}}');
  });

  test('an own `__proto__` key is data', () => {
    const value = JSON.parse('{"z":1,"__proto__":{"b":2,"a":1}}') as JsonValue;
    expect(canonicalize(value)).toBe('{"__proto__":{"a":1,"b":2},"z":1}');
    const awkward = JSON.parse('{"10":1,"9":2,"__proto__":{"b":2,"a":1}}') as JsonValue;
    expect(canonicalize(awkward)).toBe('{"10":1,"9":2,"__proto__":{"a":1,"b":2}}');
  });
});

describe('a host that pollutes prototypes', () => {
  afterEach(() => {
    delete (Object.prototype as { toJSON?: unknown }).toJSON;
    delete (Array.prototype as { toJSON?: unknown }).toJSON;
    delete (Object.prototype as { region?: unknown }).region;
  });

  test.each([
    ['Object', Object.prototype],
    ['Array', Array.prototype],
  ])('does not change the text through %s.prototype.toJSON', (_, prototype) => {
    const before = canonicalize({ b: [1, { d: 'é', c: null }], a: true });
    Object.defineProperty(prototype, 'toJSON', { value: () => 'forged', configurable: true });
    const during = canonicalize({ b: [1, { d: 'é', c: null }], a: true });
    expect([during, before]).toStrictEqual([before, '{"a":true,"b":[1,{"c":null,"d":"é"}]}']);
  });

  test('does not swallow a key through an inherited setter', () => {
    Object.defineProperty(Object.prototype, 'region', { set: () => {}, configurable: true });
    expect(canonicalize(JSON.parse('{"region":"x","limit":1}') as JsonValue)).toBe('{"limit":1,"region":"x"}');
  });
});

test('sorting nested objects costs no more than linear time', () => {
  // Were each level to visit what is below it twice, 60 levels would never end.
  let value: JsonValue = { b: 1, a: 2 };
  for (let level = 0; level < 60; level += 1) value = { z: level, deeper: value };
  expect(canonicalize(value)).toMatch(/^(?:\{"deeper":){60}\{"a":2,"b":1\}/u);
});

test('the digest is that of the canonical text', () => {
  expect(digestJson({ b: 2, a: 1 })).toBe('sha256:43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777');
});

describe.skipIf(CORPORA === undefined)(corpusTest('the published vectors'), () => {
  test('documents', () => {
    const rows = readCorpus<{ input: string; canonical: string }>('jcs/rfc8785.jsonl.gz');
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(canonicalOf(row.input)).toBe(row.canonical);
  });

  test('numbers', () => {
    const rows = readCorpus<{ hex: string; expected: string }>('jcs/es6_numbers_10k.jsonl.gz');
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(canonicalize(doubleOf(row.hex))).toBe(row.expected);
  });
});
