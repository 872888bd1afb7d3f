import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { emailKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

kindContract(emailKind, [
  {
    specification: {},
    pass: [
      'name@example.com',
      'First.Last@Example.COM',
      'name+tag@mail.example.co.uk',
      "o'brien@example.com",
      'a@b.io',
      '_bounces=a=b@example.com',
      'x.y_z-1~a&b@example-host.museum',
      `${'a'.repeat(64)}@example.com`,
    ],
    fail: [
      7,
      null,
      {},
      ['name@example.com'],
      '',
      'name',
      '@example.com',
      'name@',
      'name@localhost',
      'name@example',
      'name@.example.com',
      'name@example..com',
      'name@example.com.',
      'name@-example.com',
      'name@exa_mple.com',
      'name@example.c',
      'name@example.123',
      'name@1.2.3.4',
      'name@[127.0.0.1]',
      'name@[IPv6:::1]',
      '.name@example.com',
      'name.@example.com',
      'na..me@example.com',
      'na me@example.com',
      ' name@example.com',
      'name@example.com ',
      'name @example.com',
      'name@example.com\n',
      'name@example.com\r\nBcc: other@example.net',
      'name@example.com%0ABcc:other@example.net',
      'name\0@example.com',
      'name@example.com\u2028',
      'Name <name@example.com>',
      '<name@example.com>',
      '"a@example.net"@example.com',
      '"name"@example.com',
      '"evil@example.net" <name@example.com>',
      'name(comment)@example.com',
      'name@(comment)example.com',
      'name@example.com(comment)',
      'name%other.example@example.com',
      'other.example!name@example.com',
      '@relay.example,@b.example:name@example.com',
      '@relay.example:name@example.com',
      'name@example.net@example.com',
      'name@example.com,other@example.net',
      'name@example.com;other@example.net',
      'name@example.com other@example.net',
      'mailto:name@example.com',
      '-oQ/tmp@example.com',
      '-X@example.com',
      '=name@example.com',
      'name\\@example.com',
      'name@exаmple.com',
      'nаme@example.com',
      'name@example。com',
      'name＠example.com',
      'name@ｅxample.com',
      'name@bücher.example',
      'name@xn--bcher-kva.example',
      'n\u200bame@example.com',
      'name@example.com\u202e',
      '=?utf-8?q?name?=@example.com',
      '`id`@example.com',
      '$(id)@example.com',
      'a|b@example.com',
      '/etc/passwd@example.com',
      `${'a'.repeat(65)}@example.com`,
      `name@${'a'.repeat(64)}.com`,
      `name@${'a.'.repeat(130)}com`,
    ],
  },
  {
    specification: {
      form: 'list',
      domains: ['example.com', '.example.org', 'xn--bcher-kva.example'],
      maxRecipients: 3,
    },
    pass: [
      ['name@example.com'],
      ['a@example.com', 'b@mail.example.org', 'c@XN--bcher-kva.example'],
      ['a@example.com', 'a@example.com'],
    ],
    fail: [
      'name@example.com',
      [],
      [[]],
      [7],
      [''],
      ['a@example.com', null],
      ['a@example.org'],
      ['a@example.com', 'b@evil.example'],
      ['a@evilexample.com'],
      ['a@example.com.evil.example'],
      ['a@xn--a.example.org'],
      ['a@example.com, b@evil.example'],
      ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com'],
    ],
  },
  {
    specification: { form: 'either', separators: 'comma', domains: ['example.com'], plus: 'deny', maxRecipients: 2 },
    pass: [
      'a@example.com',
      'a@example.com, b@example.com',
      'a@example.com,b@example.com',
      'a@example.com , b@example.com',
      ['a@example.com', 'b@example.com'],
    ],
    fail: [
      '',
      ',',
      'a@example.com,',
      'a@example.com,,b@example.com',
      'a@example.com;b@example.com',
      'a@example.com,  b@example.com',
      'a@example.com,\n b@example.com',
      'a@example.com, b@example.com, c@example.com',
      'a@example.com, b@example.net',
      'a+tag@example.com',
      ['a@example.com, b@example.com'],
    ],
  },
  {
    specification: { separators: 'semicolon' },
    pass: ['a@example.com; b@example.net', 'a@example.com'],
    fail: ['a@example.com, b@example.net', ['a@example.com']],
  },
]);

describe('the canonical form', () => {
  test('has its domain in lower case, and leaves the name as it is', () => {
    expect(compileKind(emailKind).canonical('First.Last@Example.COM')).toBe('First.Last@example.com');
  });

  test('of a list has no order and no repetition', () => {
    const either = compileKind(emailKind, { form: 'either', separators: 'comma' });
    const expected = ['a@example.com', 'b@example.com'];
    expect(either.canonical('b@example.com, a@EXAMPLE.com,b@example.com')).toStrictEqual(expected);
    expect(either.canonical(['b@example.com', 'a@example.com'])).toStrictEqual(expected);
    const text = compileKind(emailKind, { separators: 'semicolon' });
    expect(text.canonical('b@example.com;a@example.com')).toBe('a@example.com; b@example.com');
  });
});

test('a value names each address once, in lower case', () => {
  const list = compileKind(emailKind, { form: 'list' });
  expect(list.resources?.(['A@Example.com', 'a@example.com', 'b@example.com'])).toStrictEqual([
    { type: 'address', name: 'a@example.com' },
    { type: 'address', name: 'b@example.com' },
  ]);
});

test('a problem of a list says which item', () => {
  const list = compileKind(emailKind, { form: 'list', domains: ['example.com'] });
  expect(list.check(['a@example.com', 'b@example.net', 'c'])).toMatchObject([
    { code: 'email.domain', pointer: '/1', verdict: 'fail' },
    { code: 'email.syntax', pointer: '/2', verdict: 'error' },
  ]);
});

test('repair keeps what passes', () => {
  const list = compileKind(emailKind, { form: 'list', domains: ['example.com'] });
  expect(list.repair(['a@example.com', 'b@example.net'])[0]).toStrictEqual(['a@example.com']);
  expect(compileKind(emailKind).repair('Name <name@example.com>')[0]).toBe('name@example.com');
});

describe('what an author can get wrong', () => {
  test.each([[{ form: 'list', separators: 'comma' }], [{ maxRecipients: 5 }]])(
    'keys that contradict: %j',
    (specification) => {
      expect(() => compileKind(emailKind, specification)).toThrow(/expected/u);
    },
  );

  test.each([
    [{ domains: [] }],
    [{ domains: ['@example.com'] }],
    [{ domains: ['*.example.com'] }],
    [{ domains: ['com'] }],
    [{ domains: ['.com'] }],
    [{ domains: ['bücher.example'] }],
    [{ domain: ['example.com'] }],
    [{ maxRecipients: 0 }],
  ])('%j', (specification) => {
    expect(emailKind.specification.safeParse(specification).success).toBe(false);
  });
});

describe('containment', () => {
  test.each([
    [{ domains: ['a.example.com'] }, { domains: ['.example.com'] }, 'yes'],
    [{ domains: ['.example.com'] }, {}, 'yes'],
    [{}, { domains: ['example.com'] }, 'no'],
    [{ domains: ['xn--bcher-kva.example'] }, {}, 'no'],
    [{}, { form: 'either' }, 'yes'],
    [{ form: 'either' }, {}, 'no'],
    [{ form: 'list', maxRecipients: 5 }, { form: 'either' }, 'yes'],
    [{ form: 'list' }, { form: 'list', maxRecipients: 5 }, 'no'],
    [{ separators: 'comma' }, {}, 'no'],
    [{}, { separators: 'comma' }, 'yes'],
    [{ separators: 'comma' }, { separators: 'semicolon' }, 'no'],
    [{ plus: 'deny' }, {}, 'yes'],
    [{}, { plus: 'deny' }, 'no'],
  ])('%j within %j: %s', (inner, outer, expected) => {
    expect(compileKind(emailKind, inner).isWithin(compileKind(emailKind, outer))).toBe(expected);
  });
});

test('what passes a domain is exactly one address at it', () => {
  const compiled = compileKind(emailKind, { domains: ['example.com'] });
  const piece = fc.oneof(
    fc.constantFrom(
      '@',
      'example.com',
      '@example.com',
      '.',
      ',',
      '<',
      '"',
      '%',
      '\n',
      ' ',
      'evil.example',
      'a',
      '\\',
      '(',
    ),
    fc.string({ maxLength: 2, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      if (passes(compiled, text)) expect(text).toMatch(/^[\w'+=&~.-]+@example\.com$/iu);
    }),
    { numRuns: casesOr(3000) },
  );
});
