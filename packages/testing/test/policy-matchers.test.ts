import { compilePolicy, type CompiledPolicy } from '@callgate/policy';
import { describe, expect, it } from 'vitest';

import { assertDecision, policyMatchers, type TestedCall } from '../src/index.ts';

const policy = compilePolicy({
  callgate: 1,
  name: 'matched',
  version: '1',
  servers: {
    shop: {
      identity: { command: 'shop', args: [] },
      tools: { search: { ring: 1, arguments: { limit: { maximum: 25 } } }, wipe: { ring: 3, arguments: 'any' } },
    },
  },
  rules: [{ id: 'late', match: { tool: 'search' }, deny: "now >= timestamp('2030-01-01T00:00:00Z')" }],
});
const search = (limit: number, now = 0): TestedCall => ({ server: 'shop', tool: 'search', arguments: { limit }, now });
const wipe: TestedCall = { server: 'shop', tool: 'wipe', principal: { user: 'ada' } };

interface Matchers {
  toAllow(call: TestedCall): void;
  toDeny(call: TestedCall, code?: string): void;
  toHold(call: TestedCall, code?: string): void;
  readonly not: Matchers;
}

const expectPolicy = (one: CompiledPolicy): Matchers => expect(one) as unknown as Matchers;

describe('matchers', () => {
  expect.extend(policyMatchers);

  it('match the effect, and the code where one is given', () => {
    expectPolicy(policy).toAllow(search(5));
    expectPolicy(policy).toDeny(search(500), 'arguments.envelope');
    expectPolicy(policy).toDeny(search(5, 2_000_000_000_000), 'rule.denied');
    expectPolicy(policy).toHold(wipe, 'approval.required');
    expectPolicy(policy).not.toAllow(search(500));
    expectPolicy(policy).not.toDeny(search(500), 'rule.denied');
  });

  it('look at the call alone, as if nothing had happened before', () => {
    const metered = compilePolicy({
      ...policy.document,
      meters: [{ id: 'few', count: 'calls', per: ['run'], max: 3 }],
    });
    expectPolicy(metered).toAllow(search(5));
    expectPolicy(metered).toDeny(search(500), 'arguments.envelope');
    const read = {
      server: 'shop',
      direction: 'client-to-server',
      method: 'tools/list',
      params: {},
      principal: {},
    } as const;
    expectPolicy(metered).toAllow(read);
  });

  it('say what was decided instead, and why', () => {
    expect(() => expectPolicy(policy).toAllow(search(500))).toThrow(
      /expected policy `matched` to allow, got deny \(arguments\.envelope\): .*by \/servers\/shop\/tools\/search/u,
    );
    expect(() => expectPolicy(policy).not.toAllow(search(5))).toThrow(/not to allow, got allow/u);
  });

  it('take any message, and work without a framework', () => {
    const ping = { server: 'shop', direction: 'client-to-server', method: 'ping', params: {}, principal: {} } as const;
    expectPolicy(policy).toAllow(ping);
    assertDecision(policy, search(5), 'allow');
    expect(() => assertDecision(policy, search(5), 'deny')).toThrow(/to deny, got allow/u);
  });
});
