import { describe, expect, it } from 'vitest';

import { coverageOf, mutateSuite, parsePolicy, parseSuite, PolicyError, runSuite } from '../src/index.ts';

const POLICY = parsePolicy(
  `callgate: 1
name: suite
version: '1'
servers:
  shop:
    identity: { command: shop, args: [] }
    tools:
      search:
        ring: 1
        who: { roles: [support] }
        arguments:
          region: { enum: [us-east, us-west] }
          limit: { type: integer, minimum: 1, maximum: 25 }
      refund: { ring: 2, arguments: { amount: { type: number, maximum: 100 } }, approval: { by: [role:lead] } }
rules:
  - { id: frozen, match: { tool: refund, who: { tenants: [frozen] } }, deny: true }
`,
  { file: 'p.yaml' },
);

const SUITE = `callgate: 1
server: shop
now: 2026-11-25
principals:
  ada: { user: ada, roles: [support], tenant: acme }
  eve: { user: eve, tenant: frozen }
calls:
  narrow: { tool: search, arguments: { region: us-east, limit: 5 } }
  wild: { tool: search, arguments: { region: '*', limit: 5 } }
  refund: { tool: refund, arguments: { amount: 5 } }
tests:
  - name: who may do what
    matrix:
      ada: { narrow: allow, refund: { effect: hold, code: approval.required } }
      eve: {}
  - name: a wildcard is refused with a hint
    principals: ada
    calls: wild
    expect: { effect: deny, code: arguments.envelope, hint: us-east, violation: enum }
  - name: a frozen tenant
    principals: eve
    calls: [refund]
    expect: { effect: deny, rule: frozen }
`;

describe('a suite of tests beside a policy', () => {
  it('runs every principal with every call, and what is not listed is expected to be denied', () => {
    const results = runSuite(parseSuite(SUITE, { file: 'p.test.yaml' }), POLICY);
    expect(results.map(({ case: { name }, problems }) => [name, problems])).toStrictEqual([
      ['who may do what › ada › narrow', []],
      ['who may do what › ada › refund', []],
      ['who may do what › eve › narrow', []],
      ['who may do what › eve › refund', []],
      ['a wildcard is refused with a hint', []],
      ['a frozen tenant', []],
    ]);
    expect(results[0]?.case.location).toStrictEqual({ file: 'p.test.yaml', line: 14, column: 14 });
  });

  it('says what differs, in words', () => {
    const text = `callgate: 1
server: shop
principals: { ada: { roles: [support] } }
tests:
  - name: wrong
    principals: ada
    calls: { tool: search, arguments: { region: mars, limit: 500 } }
    expect: { effect: allow, code: allowed, hint: moon, rule: frozen, violation: type, exception: EX-1, message: no, would: hold }
`;
    const [result] = runSuite(parseSuite(text), POLICY);
    expect(result?.problems.map((problem) => problem.slice(0, 34))).toStrictEqual(
      [
        'expected effect `allow`, got `deny`',
        'expected would `hold`, got `deny`',
        'expected code `allowed`, got `argum',
        'expected a hint with `moon`, got `s',
        'expected rule `frozen`, got `/serve',
        'expected violation `type`, got `max',
        'expected exception `EX-1`, got none',
      ].map((problem) => problem.slice(0, 34)),
    );
  });

  it('covers entries that let through, arguments that are refused, and rules that apply', () => {
    const coverage = coverageOf(POLICY, runSuite(parseSuite(SUITE), POLICY));
    expect(coverage.items.filter((item) => !item.isCovered)).toMatchObject([
      { kind: 'argument', pointer: '/servers/shop/tools/search/arguments/limit', location: { line: 13 } },
      { kind: 'argument', pointer: '/servers/shop/tools/refund/arguments/amount' },
    ]);
    expect([coverage.covered, coverage.items.length]).toStrictEqual([4, 6]);
    expect(coverageOf(POLICY, []).covered).toBe(0);
  });

  it('shows which weakenings of the policy no test would notice', () => {
    const { survivors, killed } = mutateSuite(parseSuite(SUITE), POLICY, {});
    const pointers = survivors.map(({ pointer, what }) => `${pointer.split('/').slice(4).join('/')}: ${what}`);
    expect(pointers).toContain('search/arguments/limit/maximum: bound removed');
    expect(pointers).toContain('refund/arguments/amount/maximum: bound removed');
    expect(pointers).not.toContain('search/who: opened to everybody');
    expect(pointers).not.toContain('search/arguments/region: any value accepted');
    expect(pointers).not.toContain('refund/approval: no longer held');
    expect(survivors.some(({ what }) => what.includes('frozen'))).toBe(false);
    expect(killed).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['a call that is not there', 'tests: [{ name: a, calls: nope, expect: deny }]', /one of the suite's `calls`/u],
    ['neither expect nor matrix', 'tests: [{ name: a, calls: { tool: x } }]', /exactly one of `expect`, `matrix`/u],
    ['an unknown key', 'tests: [{ name: a, call: x, expect: deny }]', /did you mean `calls`/u],
    ['no call', 'tests: [{ name: a, expect: deny }]', /at least one call/u],
    [
      'a call without server',
      'tests: [{ name: a, calls: { tool: x }, expect: deny }]',
      /`server` on the call or on the suite/u,
    ],
    ['no test', 'tests: []', /at least one test/u],
  ])('does not load with %s', (_, more, message) => {
    expect(() => parseSuite(`callgate: 1\n${more}\n`)).toThrow(PolicyError);
    expect(() => parseSuite(`callgate: 1\n${more}\n`)).toThrow(message);
  });
});
