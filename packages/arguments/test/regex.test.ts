import fc from 'fast-check';
import { checkSync } from 'recheck';
import { describe, expect, test } from 'vitest';

import { regexKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const linear = [
  '',
  'error',
  '^[a-z]+$',
  '^https?://[a-z.]+/',
  '\\d{4}-\\d{2}-\\d{2}',
  '^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$',
  '^"(?:[^"\\\\]|\\\\.)*"$',
  '^(?:[a-z]+\\.)*$',
  'function\\s+\\w+\\(',
  'GET|POST|PUT|PATCH',
  '\\d+',
  'TODO.*',
  '^\\s*(\\w+)\\s*=',
  '^.*foo',
  '(?<year>\\d{4})',
  '[\\w.+-]{1,64}@[a-z]{1,32}',
  '[/()|]',
];
const superlinear = [
  '^(a+)+$',
  '^(a*)*$',
  '^(a|a)*$',
  '^(a|ab|b)*$',
  '^(?:a?){50}a{50}$',
  '^(\\w+\\s?)*$',
  '^\\s*\\s*$',
  '^a*a*$',
  '^.*.*$',
  '^\\w*\\d*$',
  '^.*foo.*bar$',
  '\\d+x',
  '\\s+$',
  '(?:a+b)*',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}$',
  '^(k+|\\u212a)+$',
  '^([a-z]|[A-Z])*x$',
  '^(\\d|[^a])*$',
];

/** Refused for flags that a tool may set, for global matching, for the size of a constant, or to be on the safe side. */
const OTHERWISE = ['^(?:a?){50}a{50}$', '^(\\d|[^a])*$', '^(k+|\\u212a)+$', '^([a-z]|[A-Z])*x$', '^.*.*$', '(?:a+b)*'];

kindContract(regexKind, [
  {
    specification: {},
    pass: ['error', '(?i)^warn', '(a+)+$', '\\pL+', '(?P<x>a)', '[[:alpha:]]', '\\bfoo\\b', 'a{1,400}'],
    fail: [
      '(',
      '[',
      'a**',
      '(?=a)',
      '(?<!a)b',
      '(a)\\1',
      '\\k<a>',
      '(?>a)',
      '(?U)a',
      '\\Qa\\E',
      'a{1001}',
      '(a{100}){100}',
      'x'.repeat(257),
      '\uD800',
      7,
      null,
      ['a'],
      '\\pL'.repeat(40),
    ],
  },
  {
    specification: { mustBeAnchored: true, flags: ['i'], maxLength: 40 },
    pass: ['^a$', '(?i)^a|b$'.replace('|', ''), '\\Aa\\z', '^(?:a|b)$', '^a\\$$'],
    fail: ['a', '^a', 'a$', '^a\\$', '^a|b$', '(?m)^a$', '^a$|b', '^[$', '^a[$]', '(^a$)'],
  },
  {
    specification: { syntax: 'ecmascript' },
    pass: linear,
    fail: [
      ...superlinear,
      '(?=a)',
      '(?<=a)b',
      '(a)\\1',
      '\\p{L}',
      '(?i:a)',
      '[[a]]',
      '[a&&b]',
      'a{2,1}',
      '{',
      '\\',
      '(',
      ')',
      'a++',
      '\\8',
      '[z-a]',
      '[\\d-x]',
      '\u{1F600}',
      '\\uD83D',
      'a{500}{2}',
      '(?:a{100}){11}',
    ],
  },
  {
    specification: { syntax: 'ecmascript', mustBeAnchored: true },
    pass: ['^a$', '^a$|^b$', '^(?:a|b)+$'],
    fail: ['a', '^a|b$', '^a', '^a+'],
  },
  { specification: { syntax: 'ecmascript', multiline: true }, pass: ['^a', '^[a-z]+'], fail: ['^[a-z]+$', '^[a-z]+x'] },
]);

describe('a backtracking engine', () => {
  const kind = compileKind(regexKind, { syntax: 'ecmascript' });
  const oracle = (source: string, flags: string): string =>
    checkSync(source, flags, { timeout: 2000, checker: 'automaton' }).status;

  test.each(superlinear.filter((source) => !OTHERWISE.includes(source)))(
    'is spared %s, which another analysis finds slow too',
    (source) => {
      expect(oracle(source, 's')).not.toBe('safe');
    },
  );

  const atom = fc.constantFrom('a', 'b', 'c', '[ab]', '[^a]', '.', '\\w', '\\s', ' ', '[bc]', '\\d');
  const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.array(tie('term'), { minLength: 1, maxLength: 4 }).map((terms) => terms.join('')),
      fc.tuple(tie('term'), tie('term')).map(([left, right]) => `${left}|${right}`),
    ),
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(atom, fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?')).map(([item, sign]) => item + sign),
      fc
        .tuple(tie('pattern'), fc.constantFrom('', '*', '+', '?', '{2}', '{0,2}'))
        .map(([item, sign]) => `(?:${item})${sign}`),
      fc.constantFrom('\\b', '^', '$'),
    ),
  }));
  const anchored = fc.tuple(fc.constantFrom('', '^'), pattern, fc.constantFrom('', '$')).map((parts) => parts.join(''));

  test('runs every pattern that passes in linear time, says another analysis', () => {
    let passed = 0;
    fc.assert(
      fc.property(anchored, (source) => {
        if (!passes(kind, source)) return;
        passed += 1;
        expect(['safe', 'unknown'], source).toContain(oracle(source, 'is'));
      }),
      { numRuns: casesOr(500) },
    );
    expect(passed).toBeGreaterThan(50);
  });

  test('compiles every pattern that passes, with and without `u`', () => {
    fc.assert(
      fc.property(
        fc.oneof(anchored, fc.string({ unit: fc.constantFrom(...'ab^$*+?.()[]{}|\\-,1:<>=!dwsu&#/'.split('')) })),
        (source) => {
          if (!passes(kind, source)) return;
          for (const flags of ['', 'u']) expect(() => new RegExp(source, flags), source).not.toThrow();
        },
      ),
      { numRuns: casesOr(3000) },
    );
  });
});

describe('containment', () => {
  test.each([
    ['a longer pattern', { maxLength: 257 }],
    ['a larger one', { maxSize: 999 }, { maxSize: 998 }],
    ['a flag more', { flags: ['i', 'm', 's', 'U'] }],
    ['no anchors', {}, { mustBeAnchored: true }],
    ['anchors that hold', { syntax: 'ecmascript' }, { syntax: 'ecmascript', multiline: true }],
  ] as const)('%s widens, and a probe shows it', (_, wider, narrower?: object) => {
    const outer = compileKind(regexKind, wider as never);
    const inner = compileKind(regexKind, (narrower ?? {}) as never);
    expect(inner.isWithin(outer)).toBe('yes');
    expect(outer.isWithin(inner)).toBe('no');
  });
});

test('keys of one syntax are refused with the other', () => {
  expect(() => compileKind(regexKind, { syntax: 'ecmascript', flags: ['i'] })).toThrow(/flags/u);
  expect(() => compileKind(regexKind, { multiline: true })).toThrow(/multiline/u);
});
