/* oxlint-disable oxc/no-map-spread -- small lists */
import type { JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  explain,
  explainToModel,
  parseExceptions,
  parsePolicy,
  withExceptions,
  type Call,
  type Principal,
} from '../src/index.ts';

const POLICY = parsePolicy(
  `callgate: 1
name: shop
version: "1"
owners: { exceptions: security }
servers:
  shop:
    tools:
      refund.create:
        ring: 2
        who: { roles: [support, "lead-*"] }
        arguments:
          order: { type: string, pattern: "^o-[0-9]+$" }
          amount: { type: number, minimum: 0, maximum: 200 }
          note: { type: string, optional: true }
        approval: { when: "arguments.amount > 50", by: [role:refund-lead] }
rules:
  - id: change-window
    match: { effect: write }
    deny: "!(now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid'))"
  - id: acme-limit
    match: { tool: "refund.*" }
    deny: >-
      principal.tenant == "acme" &&
      arguments.amount >= 100
  - id: note
    deny: '!has(arguments.note)'
`,
  { file: 'p.yaml' },
);
const DAY = Date.UTC(2026, 10, 25, 10);
const NIGHT = Date.UTC(2026, 10, 25, 23, 7);
const AGENT: Principal = { user: 'u-17', tenant: 'acme', roles: ['support'] };

function refund(args: JsonValue, principal: Principal = AGENT, tool = 'refund.create'): Call {
  const params = { name: tool, arguments: args };
  return { server: 'shop', direction: 'client-to-server', method: 'tools/call', params, principal };
}

function waysOf(
  call: Call,
  now: number | undefined = DAY,
  policy = POLICY,
): readonly (readonly [string, ...string[]])[] {
  return explain(policy, call, { now }).ways.map(({ effect, changes }) => [
    effect,
    ...changes.map(({ words }) => words),
  ]);
}

describe('the ways to pass', () => {
  it('of a held call are those without approval', () => {
    expect(waysOf(refund({ order: 'o-1', amount: 70, note: 'x' }))).toStrictEqual([['allow', 'set `amount` to `50`']]);
  });

  it('join arguments, rules and approval, and say who then may approve', () => {
    const call = refund({ order: 'o-1', amount: 120 });
    expect(waysOf(call)).toStrictEqual([
      ['allow', 'set `amount` to `50`', 'set `note` to `a`'],
      ['hold', 'set `amount` to `99`', 'set `note` to `a`'],
    ]);
    expect(explain(POLICY, call, { now: DAY }).ways[1]?.approvers).toStrictEqual(['role:refund-lead']);
  });

  it('name another time, another role and the tool that was meant', () => {
    const good = { order: 'o-1', amount: 5, note: 'x' };
    expect(waysOf(refund(good), NIGHT)).toStrictEqual([['allow', 'call at `2026-11-26T08:00:00Z`']]);
    expect(waysOf(refund(good, { user: 'u' }))).toContainEqual(['allow', 'act with the role `support`']);
    expect(waysOf(refund(good, AGENT, 'refund.craete'))).toStrictEqual([['allow', 'call the tool `refund.create`']]);
    expect(waysOf({ ...refund(good), server: 'shpo' })).toStrictEqual([['allow', 'call the server `shop`']]);
  });

  it('show a text that fits a pattern which no small change fits', () => {
    expect(waysOf(refund({ order: '?', amount: 5, note: 'x' }))).toStrictEqual([['allow', 'set `order` to `o-0`']]);
  });

  it('are none where nothing can be changed', () => {
    const good = { order: 'o-1', amount: 5, note: 'x' };
    expect(explain(POLICY, refund(good)).ways).toStrictEqual([]);
    expect(waysOf({ ...refund(good), server: 'something-else' })).toStrictEqual([]);
  });

  it('may wait for an exception, or fit into one', () => {
    const register = parseExceptions(`callgate: 1
exceptions:
  - id: big-refunds
    owner: payments
    reason: the audit of November
    server: shop
    tool: refund.create
    arguments: { order: { type: string }, amount: { type: number, maximum: 900 }, note: { type: string } }
    waives: { rules: [acme-limit, /servers/shop/tools/refund.create/approval] }
    approver: ciso
    created: 2026-11-26T09:00:00Z
    expires: 2026-12-26
`);
    const policy = withExceptions(POLICY, register);
    const call = refund({ order: 'o-1', amount: 500, note: 'x' });
    const explanation = explain(policy, call, { now: DAY });
    expect(explanation.exceptions).toMatchObject([{ id: 'big-refunds', state: 'not-yet', approver: 'ciso' }]);
    const later = explanation.ways.find(({ changes }) => changes.every(({ path }) => path[0] === 'now'));
    expect(later).toMatchObject({ effect: 'allow', exceptions: ['big-refunds'], now: Date.UTC(2026, 10, 26, 9) });
    const inForce = explain(policy, call, { now: Date.UTC(2026, 10, 26, 10) });
    expect([inForce.decision.effect, inForce.exceptions[0]?.state]).toStrictEqual(['allow', 'used']);
    const after = explain(policy, call, { now: Date.UTC(2027, 0, 4, 10) });
    expect(after.exceptions[0]?.state).toBe('expired');
  });
});

describe('the parts of a condition', () => {
  it('stand at their line and column, whatever the text is written in', () => {
    const { rules } = explain(POLICY, refund({ order: 'o-1', amount: 120 }), { now: NIGHT });
    expect(
      rules.map(({ id, parts }) => [
        id,
        ...parts.map(({ words, got, location }) => `${location?.line}:${location?.column} ${words}, got ${got}`),
      ]),
    ).toStrictEqual([
      [
        'acme-limit',
        '23:7 `principal.tenant` is `acme`, got a string of 4 characters',
        '24:7 `arguments.amount` at least 100, got a number',
      ],
      ['change-window', '19:12 the time outside `Mon-Fri 09:00-17:00` (Europe/Madrid), got a time'],
      ['note', '26:12 `arguments.note` absent, got nothing'],
    ]);
  });

  it('tell what could not be evaluated', () => {
    const { rules } = explain(POLICY, refund({ order: 'o-1', amount: 'much', note: 'x' }), { now: DAY });
    expect(rules[0]).toMatchObject({
      id: 'acme-limit',
      parts: [{ outcome: 'error', got: 'a string of 4 characters', location: { line: 24, column: 7 } }],
    });
  });
});

describe('what a model is told', () => {
  it('is where to go, without where the rule draws the line', () => {
    const { ways } = explainToModel(POLICY, refund({ order: 'o-1', amount: 120, note: 'x' }), { now: DAY });
    expect(ways).toStrictEqual([{ effect: 'allow', changes: ['set `amount` to a smaller number'] }]);
  });

  it('is the value, where the envelope asks for it', () => {
    const { ways } = explainToModel(POLICY, refund({ order: 'o-1', amount: -3, note: 'x' }), { now: DAY });
    expect(ways).toStrictEqual([{ effect: 'allow', changes: ['set `amount` to `0`'] }]);
  });

  it('leaves out what is not its own to change', () => {
    const stranger = refund({ order: 'o-1', amount: 5, note: 'x' }, { user: 'u' });
    expect(explain(POLICY, stranger, { now: DAY }).ways).not.toStrictEqual([]);
    expect(explainToModel(POLICY, stranger, { now: DAY }).ways).toStrictEqual([]);
  });
});
