import { clonePlain, isJsonObject } from '@callgate/canonical';
import { compilePolicy } from 'callgate';
import { describe, expect, it } from 'vitest';

import { assertDecision, callsOf, type CallVariant, type GeneratedCall, type ToolDefinition } from '../../src/index.ts';
import { decideToolCall } from '../../src/decide-call.ts';

const policy = compilePolicy({
  callgate: 1,
  name: 'support',
  version: '1',
  servers: {
    desk: {
      tools: {
        search: {
          ring: 1,
          who: { roles: ['support'] },
          arguments: {
            region: { enum: ['us-east', 'us-west'] },
            limit: { type: 'integer', minimum: 1, maximum: 25 },
            since: { type: 'string', pattern: '^2026-[0-9]{2}$', optional: true },
            mail: { kind: 'email', domains: ['example.com'], optional: true },
            filters: {
              type: 'array',
              items: { properties: { name: { type: 'string' } } },
              maxItems: 3,
              optional: true,
            },
          },
        },
        'get_*': { ring: 0, arguments: { id: { type: 'string', minLength: 1 } } },
      },
    },
  },
});

const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'search',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', minLength: 3 },
        when: { type: 'string', format: 'date' },
        limit: { type: ['integer', 'null'], minimum: 1, exclusiveMaximum: 50 },
        order: { enum: ['asc', 'desc'] },
        tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 1 },
        target: { oneOf: [{ type: 'boolean' }, { type: 'object', properties: { id: { type: 'string' } } }] },
      },
      required: ['query', 'limit', 'tags'],
      additionalProperties: false,
      $defs: { tag: { allOf: [{ type: 'string' }, { pattern: '^[a-z]{2}$' }] } },
    },
  },
];

const ofTool = (tool: string, count: number, variants?: readonly CallVariant[]): readonly GeneratedCall[] =>
  callsOf(policy, { server: 'desk', tool, ...(variants === undefined ? {} : { variants }) }).take(count);

describe('callsOf', () => {
  it('makes valid calls that the policy lets pass, for somebody whom it admits', () => {
    const support = [{ user: 'ada', roles: ['support'] }];
    for (const tool of ['search', 'get_x']) {
      for (const call of callsOf(policy, { tool, principals: support, variants: ['valid'] }).take(300))
        assertDecision(policy, call, 'allow');
    }
  });

  it.each(['wrong-type', 'missing', 'extra', 'prototype-key'] as const)('makes calls with a fault: %s', (variant) => {
    const calls = ofTool('search', 200, [variant]).filter((call) => call.variant === variant);
    expect(calls.length).toBeGreaterThan(150);
    for (const call of calls) expect(decideToolCall(policy, call).effect).toBe('deny');
  });

  it('makes calls of every variant, of every tool, of those who may and those who may not', () => {
    const calls = callsOf(policy).take(2000);
    expect([...new Set(calls.map(({ variant }) => variant))].toSorted()).toEqual([
      'boundary',
      'disguised',
      'extra',
      'huge',
      'look-alike',
      'missing',
      'prototype-key',
      'valid',
      'wildcard',
      'wrong-type',
    ]);
    expect(new Set(calls.map(({ tool }) => tool)).size).toBe(3);
    const effects = calls.filter(({ tool }) => tool === 'search').map((call) => decideToolCall(policy, call).effect);
    expect(effects.filter((effect) => effect === 'allow').length).toBeGreaterThan(50);
    expect(effects.filter((effect) => effect === 'deny').length).toBeGreaterThan(50);
    expect(new Set(calls.map(({ run }) => run)).size).toBeGreaterThan(2);
  });

  it('makes numbers as text, values at bounds, look-alikes and huge numbers', () => {
    const limits = ofTool('search', 3000).map(({ arguments: { limit } }) => limit);
    for (const value of [0, 1, 25, 26, '25', null, 2 ** 53, 1e21]) expect(limits).toContainEqual(value);
    const regions = ofTool('search', 3000, ['look-alike']).map(({ arguments: { region } }) => region);
    expect(
      regions.filter((region) => typeof region === 'string' && /[^\x20-\x7e]/u.test(region)).length,
    ).toBeGreaterThan(50);
  });

  it('makes by arguments kinds', () => {
    const mails = new Set(ofTool('search', 500, ['valid']).map(({ arguments: { mail } }) => mail));
    expect(mails.size).toBeGreaterThan(3);
  });

  it('is the same for one seed, whatever is asked for first', () => {
    const [one, other] = [callsOf(policy, { seed: 4 }), callsOf(policy, { seed: 4 })];
    const last = other.at(499);
    expect(JSON.stringify(one.take(500))).toBe(JSON.stringify(other.take(500)));
    expect(one.at(499)).toEqual(last);
    expect(JSON.stringify(callsOf(policy, { seed: 5 }).take(50))).not.toBe(JSON.stringify(one.take(50)));
    const iterated: GeneratedCall[] = [];
    for (const call of one) {
      if (iterated.push(call) === 10) break;
    }
    expect(iterated).toEqual(one.take(10));
  });

  it('makes plain data only', () => {
    for (const { arguments: args } of callsOf(policy).take(1000))
      expect(JSON.parse(JSON.stringify(args))).toEqual(clonePlain(args));
  });

  it('makes calls from what a server lists, with every branch', () => {
    const calls = callsOf(TOOLS, { server: 'shop', variants: ['valid'] }).take(2000);
    for (const { server, arguments: args } of calls) {
      expect(server).toBe('shop');
      expect(isValid(args)).toBe(true);
    }
    const targets = new Set(
      calls.map(({ arguments: { target } }) => (isJsonObject(target) ? 'object' : typeof target)),
    );
    expect([...targets].toSorted()).toEqual(['boolean', 'object', 'undefined']);
    const limits = new Set(calls.map(({ arguments: { limit } }) => limit));
    for (const limit of [null, 1, 49]) expect(limits).toContain(limit);
  });

  it.each([
    ['a reference to itself', { $ref: '#' }],
    ['a reference to nowhere', { properties: { a: { $ref: '#/$defs/none' } } }],
    ['a pattern that this engine does not take', { properties: { a: { type: 'string', pattern: '(?<=x)y' } } }],
    ['a schema that lets nothing pass', { properties: { a: false }, required: ['a'] }],
    ['a schema that says nothing', {}],
    ['bounds that contradict each other', { properties: { a: { type: 'number', minimum: 5, maximum: 1 } } }],
  ])('takes %s', (_, inputSchema) => {
    const tools = [{ name: 'odd', inputSchema: { type: 'object', ...inputSchema } }];
    expect(callsOf(tools).take(50)).toHaveLength(50);
  });

  it('refuses to call nothing', () => {
    expect(() => callsOf([])).toThrow(RangeError);
    expect(() => callsOf(policy, { seed: 0.5 })).toThrow(/^seed: expected/u);
    expect(() => callsOf(policy).at(-1)).toThrow(/^index: expected/u);
  });
});

/** What TOOLS says, by hand. */
function isValid({ query, when, limit, order, tags, target, ...rest }: GeneratedCall['arguments']): boolean {
  const isTag = (tag: unknown): boolean => typeof tag === 'string' && /^[a-z]{2}$/u.test(tag);
  return (
    Object.keys(rest).length === 0 &&
    typeof query === 'string' &&
    query.length >= 3 &&
    (when === undefined || (typeof when === 'string' && /^\d{4}-\d\d-\d\d$/u.test(when))) &&
    (limit === null || (Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) < 50)) &&
    (order === undefined || order === 'asc' || order === 'desc') &&
    Array.isArray(tags) &&
    tags.length > 0 &&
    tags.every(isTag) &&
    (target === undefined || typeof target === 'boolean' || isJsonObject(target))
  );
}
