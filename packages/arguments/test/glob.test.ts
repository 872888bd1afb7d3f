import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { globKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

kindContract(globKind, [
  {
    specification: {},
    pass: [
      'a',
      '*.ts',
      'src/**/*.ts',
      'docs/[a-c]?.md',
      '*.{ts,tsx}',
      'app/(group)/[[]slug]/page',
      '[!a]b',
      'a\\*',
      '.github/**',
      'файл*',
      'a..b*',
      '...a',
    ],
    fail: [
      '',
      '*',
      '**',
      '**/*',
      '*.*',
      '?',
      '[a]',
      '!a',
      '#a',
      'a/../b',
      '..',
      '../a*',
      'a/..',
      'a\\\\..\\\\b',
      'a[\\\\]..b',
      'a/.[.]',
      'a/[.][.]',
      'a/[!x].',
      'a/[-./]./b',
      'a{.,.}/b',
      'a/.{,x}./b',
      'a/\\.\\./b',
      'a/\\..',
      '{a,b}{a,b}{a,b}{a,b}{a,b}',
      '{1..1000000}',
      '{a,{b,c}}',
      '{a}',
      '{a',
      'a}',
      '[a',
      'a\\',
      '@(a|b)',
      '!(a)',
      '(a|b)',
      'a\nb',
      'a\0',
      '?'.repeat(9) + 'a',
      'a'.repeat(513),
      '{a*,b}',
      '{a/..,b}',
      7,
      null,
    ],
  },
  {
    specification: { prefixes: ['docs/', 'src/app/'], wildcards: ['*', '**'], maxWildcards: 2, minLiterals: 5 },
    pass: ['docs/*.md', 'docs/**/*.md', 'src/app/x', 'docs/a/b/*', 'docs\\/a/b*'],
    fail: [
      'docs/**',
      '*',
      'doc*s/a',
      'docs',
      '/docs/a*',
      './docs/*.md',
      'docs/?a.md',
      'docs/../x*',
      'src/*.md',
      'docs/*/*/*.md',
      '{docs/a,docs/b}',
      'docs/[a]b',
    ],
  },
  {
    specification: { wildcards: 'none' },
    pass: ['a.md', 'a\\*b', 'a-b c'],
    fail: ['a*', 'a?', '[a]', '{a,b}', '*', '-'],
  },
  {
    specification: { syntax: 'sql-like', minPrefix: 3 },
    pass: ['abc%', 'abc_d', 'abc', '10\\%x%', 'a\\_b%', 'abc\\[x\\]'],
    fail: ['%', '%%', '_', 'ab%', '%abc', '', '---', '100', 'abc\\', 'abc[a-z]', '\\%\\%\\%%'].filter(
      (value) => value !== '100',
    ),
  },
  {
    specification: { syntax: 'sql-like', wildcards: ['_'], minLiterals: 2, maxWildcards: 1 },
    pass: ['ab', 'a_b'],
    fail: ['a%b', 'a__b', 'a_'],
  },
]);

test('wildcards of another syntax are refused', () => {
  expect(() => compileKind(globKind, { wildcards: ['%'] })).toThrow(/wildcards/u);
  expect(() => compileKind(globKind, { syntax: 'sql-like', wildcards: ['*'] })).toThrow(/wildcards/u);
  expect(() => compileKind(globKind, { minPrefix: 600 })).toThrow(/maxLength/u);
});

describe('laws', () => {
  const anywhere = compileKind(globKind);
  const below = compileKind(globKind, { prefixes: ['docs/'] });
  const pattern = fc.string({ unit: fc.constantFrom(...'ab./*?[]{},\\-!x'.split('')), maxLength: 12 });

  test('nothing that passes below a prefix has a segment of two dots, however it is written', () => {
    fc.assert(
      fc.property(pattern, (tail) => {
        const text = `docs/${tail}`;
        if (!passes(below, text)) return;
        const plain = text.replaceAll(/\\([\s\S])/gu, '$1');
        expect(plain.split(/[/\\]/u)).not.toContain('..');
        expect(plain.replaceAll(/\[([^\]])\]/gu, '$1').split(/[/\\]/u)).not.toContain('..');
      }),
      { numRuns: casesOr(10_000) },
    );
  });

  test('a pattern of wildcards alone never passes', () => {
    const wild = fc.array(fc.constantFrom('*', '**', '?', '[ab]', '[!a]', '/', '.', '-', '{.a,}'), { maxLength: 8 });
    fc.assert(
      fc.property(wild, (parts) => {
        expect(passes(anywhere, parts.join(''))).toBe(false);
      }),
      { numRuns: casesOr(100) },
    );
  });
});

describe('containment', () => {
  const base = {
    prefixes: ['docs/a'],
    wildcards: ['*'],
    minPrefix: 8,
    minLiterals: 7,
    maxWildcards: 2,
    maxLength: 40,
  } as const;
  test.each([
    ['prefixes', { prefixes: ['docs/a', 'src/'] }],
    ['prefixes', { prefixes: ['docs/'] }],
    ['wildcards', { wildcards: ['*', '?'] }],
    ['wildcards', { wildcards: ['*', '**'] }],
    ['wildcards', { wildcards: ['*', '[]'] }],
    ['wildcards', { wildcards: ['*', '{}'] }],
    ['minPrefix', { minPrefix: 7 }],
    ['minLiterals', { minLiterals: 6 }],
    ['maxWildcards', { maxWildcards: 3 }],
    ['maxLength', { maxLength: 41 }],
  ] as const)('more %s widens, and a probe shows it', (_, change) => {
    const inner = compileKind(globKind, base as never);
    const outer = compileKind(globKind, { ...base, ...change } as never);
    expect(inner.isWithin(outer)).toBe('yes');
    expect(outer.isWithin(inner)).toBe('no');
  });

  test('more branches widen, and a probe shows it', () => {
    const inner = compileKind(globKind, { maxBranches: 3 });
    const outer = compileKind(globKind, { maxBranches: 4 });
    expect(inner.isWithin(outer)).toBe('yes');
    expect(outer.isWithin(inner)).toBe('no');
  });
});
