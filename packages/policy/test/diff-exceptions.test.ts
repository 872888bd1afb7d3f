/* oxlint-disable oxc/no-map-spread -- generated values are small */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compileExceptions,
  decide,
  diffPolicies,
  parseExceptions,
  parsePolicy,
  withExceptions,
  type DiffItem,
  type Effect,
  type ExceptionDocument,
} from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { anyCall, anyPolicyDocument, tryPolicy } from './support/policy-arbitraries.ts';

const POLICY = parsePolicy(`callgate: 1
name: shop
version: "1"
servers:
  shop:
    tools:
      refund:
        ring: 2
        arguments: { amount: { type: number, maximum: 200 } }
        approval: required
rules:
  - { id: nights, match: { effect: write }, deny: "!(now.window('09:00-17:00', 'UTC'))" }
`);
const AT = Date.UTC(2026, 10, 25, 10);
const BASE = 'owner: o, reason: r, server: shop, tool: refund, approver: a, created: 2026-11-01';
const BIG = `{ id: big, ${BASE}, expires: 2026-12-01, arguments: { amount: { type: number, maximum: 900 } } }`;

function compare(before: string, after: string, policies = [POLICY, POLICY] as const): readonly DiffItem[] {
  const registers = [before, after].map((list) => parseExceptions(`callgate: 1\nexceptions: [${list}]\n`));
  const [old, fresh] = [withExceptions(policies[0], registers[0]), withExceptions(policies[1], registers[1])];
  return diffPolicies(old, fresh, { at: AT }).items;
}

describe('the diff of exceptions', () => {
  it('shows a call that an added one lets pass, and that a removed one does no more', () => {
    const [added] = compare('', BIG);
    expect(added).toMatchObject({
      subject: 'exception',
      server: 'shop',
      name: 'big',
      status: 'added',
      direction: 'widened',
    });
    expect(added?.flips[0]).toMatchObject({ from: 'deny', to: 'hold', at: AT, after: { code: 'approval.required' } });
    expect(compare(BIG, '')[0]).toMatchObject({
      status: 'removed',
      direction: 'narrowed',
      flips: [{ kind: 'newly-denied' }],
    });
  });

  it('tells a later expiry by the time that it adds, and counts renewals', () => {
    const renewed = BIG.replace('12-01', '12-31').replace('id:', 'renewals: [{ at: 2026-11-20, by: ciso }], id:');
    const [item] = compare(BIG, renewed);
    expect(item).toMatchObject({ direction: 'widened', narrows: 'no', flips: [{ at: Date.UTC(2026, 11, 1, 12) }] });
    expect(item?.changes).toContainEqual({
      key: 'renewals',
      direction: 'changed',
      before: 'renewed 0 times',
      after: 'renewed 1 time',
    });
  });

  it('proves that a smaller one widens nothing', () => {
    const [item] = compare(BIG, BIG.replace('900', '800'));
    expect(item).toMatchObject({ direction: 'narrowed', widens: 'no', flips: [{ kind: 'newly-denied' }] });
  });

  it('takes no notice of one that has expired, and tells who answers for one as a change of words', () => {
    const expired = BIG.replace('12-01', '11-20');
    expect(compare('', expired)).toMatchObject([{ direction: 'changed', widens: 'no', flips: [] }]);
    expect(compare(BIG, BIG.replace('owner: o', 'owner: p'))).toMatchObject([
      { direction: 'changed', changes: [{ key: 'owner', before: 'o', after: 'p' }] },
    ]);
    expect(compare(BIG, BIG)).toStrictEqual([]);
  });

  it('finds the hour in which a waived rule would deny', () => {
    const night = `{ id: night, ${BASE}, expires: 2026-12-01, waives: { rules: [nights], approval: true } }`;
    expect(compare('', night)[0]).toMatchObject({ direction: 'widened', widens: 'yes' });
  });

  it('lifts nothing where the policy has no entry for the tool', () => {
    expect(compare('', BIG.replace('tool: refund', 'tool: other'))).toMatchObject([{ direction: 'changed' }]);
  });

  it('tells what one that is written alike lifts in a policy that gives it a tool', () => {
    const other = parsePolicy(`callgate: 1
name: shop
version: "1"
servers: { shop: { tools: { other: { ring: 1, arguments: {} } } } }
`);
    const items = compare(BIG, BIG, [other, POLICY]).filter(({ subject }) => subject === 'exception');
    expect(items).toMatchObject([{ name: 'big', status: 'modified' }]);
    expect(items[0]?.widens).not.toBe('no');
  });

  it('widens where its tool has no entry and its server only observes, if a rule that it waives is enforced', () => {
    const policy = parsePolicy(`callgate: 1
name: shop
version: "1"
stage: observe
servers: { shop: { tools: {} } }
rules: [{ id: r1, hold: "has(arguments.a)", stage: enforce }]
`);
    const register = parseExceptions(`callgate: 1
exceptions: [{ id: e1, owner: o, reason: r, server: shop, tool: get, approver: a, created: 2026-11-01, expires: 2026-12-31, waives: { rules: [r1] } }]
`);
    const excepted = withExceptions(policy, register);
    expect(diffPolicies(policy, excepted, { at: AT }).verdict).toBe('widened');
    expect(diffPolicies(excepted, policy, { at: AT }).verdict).toBe('narrowed');
  });

  it('is left out without a time', () => {
    const register = parseExceptions(`callgate: 1\nexceptions: [${BIG}]\n`);
    const diff = diffPolicies(POLICY, withExceptions(POLICY, register));
    expect([diff.verdict, diff.at, diff.after.exceptions]).toStrictEqual(['same', null, null]);
    expect(diffPolicies(POLICY, withExceptions(POLICY, register), { at: AT }).after.exceptions).not.toBeNull();
  });
});

const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };
const CASES = casesOr(120);

const anyException: fc.Arbitrary<ExceptionDocument> = fc
  .record({
    tool: fc.constantFrom('get', 'get_a', 'put'),
    created: fc.constantFrom('2026-11-01', '2026-11-25', '2026-11-28'),
    expires: fc.constantFrom('2026-11-26', '2026-12-01', '2026-12-31'),
    what: fc.constantFrom(
      { arguments: 'none' as const },
      { arguments: { a: { enum: ['x', 1] } } },
      { arguments: { a: { enum: ['x', 1, 2] }, b: { type: 'any' as const, optional: true } } },
      { waives: { approval: true as const } },
      { waives: { rules: ['r1', 'r2'] } },
    ),
    isFor: fc.boolean(),
  })
  .map(({ what, isFor, created, expires, tool }) => ({
    id: 'e1',
    owner: 'o',
    reason: 'r',
    server: 'shop',
    approver: 'a',
    tool,
    created: created >= expires ? '2026-11-01' : created,
    expires,
    ...('arguments' in what && what.arguments === 'none' ? { arguments: {} } : what),
    ...(isFor ? { who: { roles: ['x*'] } } : {}),
  })) as fc.Arbitrary<ExceptionDocument>;

const anyRegister = fc
  .option(anyException, { nil: undefined })
  .map((exception) => compileExceptions({ callgate: 1, exceptions: exception === undefined ? [] : [exception] }));

it(
  '[diff.exceptions] every witness comes to what is claimed, and where nothing is said to widen no call is found that does',
  () => {
    let witnesses = 0;
    fc.assert(
      fc.property(
        anyPolicyDocument,
        anyRegister,
        anyRegister,
        fc.array(anyCall, { minLength: 12, maxLength: 12 }),
        (document, old, fresh, calls) => {
          const policy = tryPolicy(document);
          if (policy === undefined) return;
          const [before, after] = [withExceptions(policy, old), withExceptions(policy, fresh)];
          const { items } = diffPolicies(before, after, { at: AT });
          for (const { flips } of items) {
            for (const { witness, at, from, to } of flips) {
              witnesses += 1;
              const now = at ?? undefined;
              expect([decide(before, witness, { now }).effect, decide(after, witness, { now }).effect]).toEqual([
                from,
                to,
              ]);
            }
          }
          const isWidened = items.some((item) => item.widens !== 'no');
          const isNarrowed = items.some((item) => item.narrows !== 'no');
          for (const call of calls) {
            for (const now of [AT, Date.UTC(2026, 10, 29), Date.UTC(2026, 11, 15)]) {
              const [was, is] = [decide(before, call, { now }).effect, decide(after, call, { now }).effect];
              if (!isWidened) expect(RANK[is]).toBeGreaterThanOrEqual(RANK[was]);
              if (!isNarrowed) expect(RANK[is]).toBeLessThanOrEqual(RANK[was]);
            }
          }
        },
      ),
      { numRuns: CASES },
    );
    expect(witnesses).toBeGreaterThan(0);
  },
  60_000 + CASES * 20,
);
