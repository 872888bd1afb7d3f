import type { JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { jsonKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const HOSTILE = [
  '',
  ' ',
  '{',
  '{"a":1,}',
  "{'a':1}",
  '{a:1}',
  '[1,]',
  '// a\n1',
  '/* a */1',
  '1 2',
  '{}{}',
  'NaN',
  'Infinity',
  '-Infinity',
  '01',
  '+1',
  '.5',
  '0x1',
  'undefined',
  'True',
  '"a\nb"',
  '"\\x41"',
  '\ufeff{}',
  '\u00a01',
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"x":{"b":[{"c":1,"c":1}]}}',
  '{"__proto__":{"isAdmin":true}}',
  '[{"\\u005f_proto__":1}]',
  '{"a":{"constructor":{"prototype":{"b":1}}}}',
  '9007199254740992',
  '-9007199254740993',
  '1e400',
  '1e-400',
  '1e16',
  '0.1234567890123456789',
  '[12345678901234567890]',
  '"\\ud800"',
  '"\ud800"',
  '{"\\udc00":1}',
  '['.repeat(17) + ']'.repeat(17),
  '['.repeat(100_000),
  '{"a":'.repeat(100_000),
  `"${'a'.repeat(65_535)}"`,
  `[${'0,'.repeat(10_000)}0]`,
  5,
  null,
  { a: 1 },
  ['[]'],
];

kindContract(jsonKind, [
  {
    specification: {},
    pass: [
      '{}',
      ' {"a" : [1, 2.5e3, -0, "\\u00e9\\ud83d\\ude00", true, null]} ',
      '9007199254740991',
      '0.1',
      '1e15',
      '0e0',
      '0.12345678901234567',
      '{"constructor":1,"prototype":2,"a":{"constructor":{}}}',
      '{"a":{"b":1},"b":{"a":1}}',
      '["a","a"]',
      '{"a":"b","b":"a"}',
      '{"A":1,"a":2}',
      '"[[[[[[[[[[[[[[[[[[[[["',
      '['.repeat(16) + ']'.repeat(16),
    ],
    fail: HOSTILE,
  },
  {
    specification: {
      type: 'object',
      keys: ['name', 'count'],
      required: ['name'],
      maxDepth: 2,
      maxKeys: 2,
      maxItems: 3,
      maxLength: 60,
    },
    pass: ['{"name":"x"}', '{"count":[1,2,3],"name":null}'],
    fail: [
      '{}',
      '[]',
      '{"name":1,"other":2}',
      '{"Name":1}',
      '{"name":[[1]]}',
      '{"name":[1,2,3,4]}',
      `{"name":"${'a'.repeat(60)}"}`,
      '{"name":1,"count":2,"name":3}',
    ],
  },
  {
    specification: { type: ['array', 'null'], maxItems: 0 },
    pass: ['[]', ' [ ] ', 'null'],
    fail: ['[0]', '[[]]', '[{}]', '[true]', '{}', '""'],
  },
  { specification: { maxDepth: 0, maxLength: 5 }, pass: ['1', '"a"', '1e4'], fail: ['[]', '{}', '1e9'] },
  {
    specification: { type: 'object', maxKeys: 1 },
    pass: ['{"a":[{"b":{}}]}'],
    fail: ['{"a":1,"b":2}', '{"a":{"b":1,"c":2}}'],
  },
]);

const within = (inner: object, outer: object): string =>
  compileKind(jsonKind, inner as never).isWithin(compileKind(jsonKind, outer as never));

describe('how specifications compare', () => {
  test.each([
    [{ type: 'object' }, {}],
    [{ keys: ['a'] }, { keys: ['a', 'b'] }],
    [{ required: ['a'] }, {}],
    [{ type: 'array' }, { keys: ['a'] }],
    [{ maxDepth: 2, maxLength: 10 }, { maxDepth: 3 }],
  ])('%j lies within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('yes');
  });

  test.each([
    [{}, { type: 'object' }],
    [{}, { keys: ['a'] }],
    [{ keys: ['a', 'b'] }, { keys: ['a'] }],
    [{ keys: ['a'] }, { required: ['a'] }],
    [{}, { maxDepth: 15 }],
    [{}, { maxLength: 65_535 }],
    [{}, { maxKeys: 999 }],
    [{}, { maxItems: 9999 }],
    [{ type: 'array' }, { maxKeys: 5 }],
    [{ type: 'object', keys: ['a'], required: ['a'] }, { maxItems: 9999 }],
    [{ type: 'object', keys: ['a'], required: ['a'] }, { maxKeys: 999 }],
    [{ type: 'object', keys: ['a'], required: ['a'] }, { maxDepth: 15 }],
    [{ type: 'object', keys: ['a'], required: ['a'] }, { maxLength: 65_535 }],
  ])('%j is shown not to lie within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('no');
  });
});

test.each([
  [{ type: 'array', keys: ['a'] }, '/keys'],
  [{ keys: ['a'], required: ['b'] }, '/required/0'],
  [{ keys: ['__proto__'] }, '/keys'],
  [{ required: ['a', 'b'], maxKeys: 1 }, '/maxKeys'],
  [{ required: ['a'], maxDepth: 0 }, '/maxDepth'],
])('a specification that cannot be meant: %j', (specification, pointer) => {
  const reported: string[] = [];
  jsonKind.compile(specification as never, (place) => reported.push(place));
  expect(reported).toStrictEqual([pointer]);
});

test('what is the same value has one form', () => {
  const kind = compileKind(jsonKind);
  expect(kind.canonical(' {"b":1.0,"a":"\\u0041"}')).toBe('{"a":"A","b":1}');
});

test('the text of any plain value passes, unless a number or name in it does not', () => {
  const kind = compileKind(jsonKind, { maxDepth: 100 });
  const number = fc.double({ noDefaultInfinity: true, noNaN: true, min: -(2 ** 53 - 1), max: 2 ** 53 - 1 });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.string({ unit: 'grapheme' }),
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1), (plain, indent) => {
      const text = JSON.stringify(plain, null, indent);
      fc.pre(!text.includes('__proto__'));
      expect(kind.check(text)).toStrictEqual([]);
      expect(JSON.parse(kind.canonical(text) as string)).toStrictEqual(JSON.parse(text) as JsonValue);
    }),
    { numRuns: casesOr(3000) },
  );
});

test('a name that repeats anywhere is found', () => {
  const kind = compileKind(jsonKind);
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(name, fc.constantFrom('1', '{}', '["x"]', '"a:b,{"', '{"k":[]}'), fc.nat(3), (key, between, depth) => {
      const quoted = JSON.stringify(key);
      fc.pre(key !== '__proto__' && key.isWellFormed());
      const escaped = `"${Array.from({ length: key.length }, (_, at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
      const open = '[{"o":'.repeat(depth);
      const close = '}]'.repeat(depth);
      expect(passes(kind, `${open}{${quoted}:${between}}${close}`)).toBe(true);
      expect(passes(kind, `${open}{${quoted}:${between},${escaped}:1}${close}`)).toBe(false);
    }),
    { numRuns: casesOr(100) },
  );
});

test('it takes just what `JSON.parse` takes', () => {
  const kind = compileKind(jsonKind, { maxDepth: 100 });
  const pieces =
    `{ } [ ] , : " \\ "a" "b" "\\n" "\\u00e9" \\u 1 0 - . e + true fals null a "k": [] {} -0.5e1 ' /`.split(' ');
  const piece = fc.constantFrom(...pieces, ' ', '\n', '\u00a0', '\t', '\0');
  const isSyntax = (text: string): boolean => kind.check(text).some(({ code }) => code === 'json.syntax');
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (chosen) => {
      const text = chosen.join('');
      if (passes(kind, text)) expect(parses(text)).toBe(true);
      if (isSyntax(text)) expect(parses(text)).toBe(false);
    }),
    { numRuns: casesOr(50_000) },
  );
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ' ', '0', ':'), (json, at, change) => {
      const place = at % (json.length + 1);
      const text = json.slice(0, place) + change + json.slice(place + (at % 2));
      if (passes(kind, text)) expect(parses(text)).toBe(true);
      if (isSyntax(text)) expect(parses(text)).toBe(false);
    }),
    { numRuns: casesOr(10_000) },
  );
});
