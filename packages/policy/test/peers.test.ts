import type { JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { coverageOf, decide, lint, parsePolicy, PolicyError } from '../src/index.ts';
import { SOMEBODY, policyOf, toolCall, toolPolicy } from './support/policies.ts';

// Failures seen in other policy engines. Each must be impossible here.

describe('a condition that cannot be evaluated', () => {
  const policy = toolPolicy({ ring: 1, arguments: { amount: { maximum: 100 }, currency: { enum: ['EUR'] } } });
  it.each<[string, JsonValue]>([
    ['text for a number', { amount: '500', currency: 'EUR' }],
    ['text for a number within bounds', { amount: '50', currency: 'EUR' }],
    ['null', { amount: null, currency: 'EUR' }],
    ['an empty text', { amount: '', currency: 'EUR' }],
    ['a list of one number', { amount: [5], currency: 'EUR' }],
    ['another field missing', { amount: 50 }],
    ['the field itself missing', { currency: 'EUR' }],
  ])('does not make the rule vanish: %s', (_, args) => {
    expect(decide(policy, toolCall(args)).effect).toBe('deny');
  });
});

describe('rules', () => {
  it('an allow does not beat a hold, and a failed entry does not fall through to a wildcard', () => {
    const policy = policyOf({
      tools: {
        'pay*': { ring: 0, approval: 'required' },
        '*': { ring: 0 },
        refund: { ring: 1, arguments: { amount: { maximum: 5 } } },
      },
    });
    expect(decide(policy, toolCall({}, { tool: 'payout' })).effect).toBe('hold');
    expect(decide(policy, toolCall({ amount: 50 }, { tool: 'refund' })).effect).toBe('deny');
  });

  it('an empty policy allows nothing', () => {
    const policy = parsePolicy('callgate: 1\nname: x\nversion: "1"\nservers: {}\n');
    expect(decide(policy, toolCall({})).effect).toBe('deny');
    expect(decide(policyOf({}), toolCall({})).effect).toBe('deny');
  });

  it('a default action does not load instead of being ignored', () => {
    for (const place of ['default: allow\nservers: { s: {} }', 'servers: { s: { default: deny } }']) {
      expect(() => parsePolicy(`callgate: 1\nname: x\nversion: "1"\n${place}\n`)).toThrow(PolicyError);
    }
  });

  it('a suite without a test covers nothing', () => {
    const policy = toolPolicy({ ring: 1, arguments: { amount: { maximum: 100 } } });
    expect(coverageOf(policy, [])).toMatchObject({ covered: 0, ratio: 0 });
  });

  it('a misspelt field name does not load instead of disabling the rule', () => {
    const text = 'callgate: 1\nname: x\nversion: "1"\nservers: { s: { tools: { t: { ring: 1, argumets: {} } } } }\n';
    expect(() => parsePolicy(text)).toThrow(PolicyError);
  });

  it('a verb pattern is a pattern', () => {
    const policy = policyOf({ tools: { 'delete_*': { ring: 3, arguments: 'any' } } });
    expect(decide(policy, toolCall({}, { tool: 'delete_account' })).effect).toBe('hold');
    expect(decide(policy, toolCall({}, { tool: 'undelete_account' })).effect).toBe('deny');
  });

  it('nested arguments and lists are seen', () => {
    const policy = toolPolicy({
      ring: 1,
      arguments: {
        filter: { properties: { where: { properties: { tenant: { const: 'acme' } } } } },
        ids: { items: { type: 'integer', maximum: 9 } },
      },
    });
    expect(decide(policy, toolCall({ filter: { where: { tenant: 'acme' } }, ids: [1, 2] })).effect).toBe('allow');
    expect(
      decide(policy, toolCall({ filter: { where: { tenant: 'evil' } }, ids: [1, 2] })).violations[0]?.pointer,
    ).toBe('/filter/where/tenant');
    expect(
      decide(policy, toolCall({ filter: { where: { tenant: 'acme' } }, ids: [1, 99] })).violations[0]?.pointer,
    ).toBe('/ids/1');
  });

  it('an address pattern that is anchored lets no other domain through', () => {
    const policy = toolPolicy({
      ring: 1,
      arguments: { to: { type: 'string', pattern: String.raw`^[^@\s]+@ourcompany\.com$` } },
    });
    expect(decide(policy, toolCall({ to: 'ada@ourcompany.com' })).effect).toBe('allow');
    for (const to of [
      'evil@attacker.com',
      'bob@ourcompany.com.evil.io',
      'bob@ourcompanyXcom',
      'a@b@ourcompany.com',
      'x@ourcompany.com\n',
    ]) {
      expect(decide(policy, toolCall({ to })).effect).toBe('deny');
    }
  });

  it.each([
    ['.*@[^ourcompany.com$].*', 'mallory@evil.io', 'pattern-class'],
    ['^[a-z]+@ourcompany.com$', 'bob@ourcompanyXcom', 'pattern-dot'],
    [String.raw`@ourcompany\.com`, 'bob@ourcompany.com.evil.io', 'pattern-unanchored'],
    [String.raw`^ada@ourcompany\.com|bob@ourcompany\.com$`, 'ada@ourcompany.com.evil.io', 'pattern-precedence'],
    ['.*', 'evil@attacker.com', 'pattern-universal'],
  ] as const)('an address pattern such as %s, which lets %s through, is found as %s', (pattern, to, id) => {
    const policy = toolPolicy({ ring: 1, arguments: { to: { type: 'string', pattern } } });
    expect(decide(policy, toolCall({ to })).effect).toBe('allow');
    expect(lint(policy).map((finding) => finding.id)).toContain(id);
  });

  it('a dispatcher is not authorised by its outer name only', () => {
    const policy = policyOf({
      tools: { call_tool: { ring: 0, dispatch: { tool: '/name', arguments: '/parameters' } } },
    });
    const call = toolCall({ name: 'delete_all', parameters: {} }, { tool: 'call_tool', principal: SOMEBODY });
    expect(decide(policy, call)).toMatchObject({ effect: 'deny', code: 'tool.not_allowed' });
  });
});
