import { clonePlain, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  decide,
  explain,
  type Call,
  type EnvelopeDocument,
  type PolicyDocument,
  type ToolDocument,
} from '../src/index.ts';
import { anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { SOMEBODY, policyOf, toolCall } from './support/policies.ts';

const TOOLS: Readonly<Record<string, ToolDocument>> = {
  lookup: {
    ring: 1,
    arguments: {
      region: { enum: ['us-east', 'us-west'] },
      limit: { type: 'integer', minimum: 1, maximum: 25 },
      code: { pattern: '^[A-Z]{3}$', maxLength: 3, optional: true },
      filter: {
        type: 'object',
        properties: { a: { type: 'string', maxLength: 3 } },
        additional: { type: 'integer' },
        optional: true,
      },
      tags: { type: 'array', items: { type: 'string', maxLength: 4 }, uniqueItems: true, optional: true },
    },
    summary: {
      resource: 'stock',
      keep: ['region', 'code'],
      bucket: ['limit'],
      restricted: { at: '/tags', names: ['ssn'] },
    },
  },
  call_tool: { ring: 0, dispatch: { tool: '/name', arguments: '/parameters', server: '/server' } },
  batch: { ring: 0, dispatch: { tool: '/0', arguments: '/1', each: '/calls' } },
  'look*': { ring: 2, arguments: 'any', who: { roles: ['support', 'lead'], tenants: ['*'] } },
  '*': { ring: 3, arguments: { region: { type: 'string' } } },
};

const DOCUMENT: PolicyDocument = {
  callgate: 1,
  name: 'test',
  version: '1',
  servers: {
    inventory: {
      tools: TOOLS,
      sampling: { then: 'allow', maxTokens: 5 },
      elicitation: { form: 'hold', url: { then: 'allow', hosts: ['.a.example'] } },
      resources: { allow: ['docs://*/a', '**x'], subscribe: true },
      prompts: { 'g*': { arguments: { n: { type: 'string' } } } },
      methods: { 'acme/x': { direction: 'client-to-server', ring: 1, params: { a: { enum: [1] } } } },
      completion: 'allow',
    },
  },
};

const POLICY = compilePolicy(DOCUMENT);

const METHODS = [
  'tools/call',
  'tools/list',
  'resources/read',
  'resources/subscribe',
  'subscriptions/listen',
  'prompts/get',
  'completion/complete',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'notifications/message',
  'notifications/resources/updated',
  'tasks/get',
  'acme/x',
  'nope',
];

const KEYS = [
  'name',
  'arguments',
  'uri',
  'task',
  'inputResponses',
  'notifications',
  'resourceSubscriptions',
  'ref',
  'type',
  'mode',
  'url',
  'requestedSchema',
  'region',
  'limit',
  'code',
  'filter',
  'tags',
  'parameters',
  'server',
  'calls',
  '_meta',
  'a',
  '0',
  '1',
  '__proto__',
  'constructor',
];

const INTERESTING = [
  'lookup',
  'call_tool',
  'batch',
  'greet',
  'inventory',
  'us-east',
  'docs://x/a',
  'https://b.a.example/',
  'form',
  'url',
  'ref/prompt',
  'ref/resource',
  'ABC',
  '',
];

const params: fc.Arbitrary<Record<string, JsonValue>> = fc.letrec<{
  object: Record<string, JsonValue>;
  value: JsonValue;
}>((tie) => ({
  object: fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 5 })), tie('value'), { maxKeys: 6 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(...INTERESTING, null, 5, 'x'),
    anyValue,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).object;

const call: fc.Arbitrary<Call> = fc.record({
  server: fc.constantFrom('inventory', 'inventory', 'inventory', 'other'),
  direction: fc.constantFrom('client-to-server', 'server-to-client'),
  method: fc.oneof(fc.constantFrom('tools/call'), fc.constantFrom(...METHODS)),
  params: params.map((value) => clonePlain(value) as Record<string, JsonValue>),
  principal: fc.oneof(fc.constant(SOMEBODY), fc.constant({}), anyValue as fc.Arbitrary<object>),
}) as fc.Arbitrary<Call>;

describe('decide', () => {
  it('[decide.never-throws] never throws, whatever the call', () => {
    fc.assert(
      fc.property(call, (one) => {
        const decision = decide(POLICY, one);
        expect(['allow', 'deny', 'hold']).toContain(decision.effect);
        if (decision.errors.length > 0) expect(decision.effect).toBe('deny');
        expect(decision.violations.length).toBeLessThanOrEqual(65);
        expect(decision.hints.length).toBeLessThanOrEqual(8);
      }),
      { numRuns: casesOr(4000) },
    );
  });

  it('never throws for calls that are not even calls', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (params_, principal) => {
        const odd = {
          server: 'inventory',
          direction: 'client-to-server',
          method: 'tools/call',
          params: params_,
          principal,
        } as never;
        expect(decide(POLICY, odd).effect).not.toBe('allow');
        expect(() => decide(POLICY, params_ as never)).not.toThrow();
      }),
      { numRuns: casesOr(2000) },
    );
  });

  it('[decide.deterministic] gives byte-identical decisions for equal policies and calls', () => {
    const other = compilePolicy(shuffled(DOCUMENT, 7) as PolicyDocument);
    expect(other.digest).toBe(POLICY.digest);
    fc.assert(
      fc.property(call, fc.nat(), (one, seed) => {
        const text = JSON.stringify(decide(POLICY, one));
        expect(JSON.stringify(decide(POLICY, one))).toBe(text);
        expect(JSON.stringify(decide(other, { ...one, params: shuffled(one.params, seed) as never }))).toBe(text);
      }),
      { numRuns: casesOr(2000) },
    );
  });

  it('[secrets.decision] shows nothing of the values it saw', () => {
    const secret = fc.stringMatching(/^[a-z]{10}$/u).map((text) => `s3cr3t ${text} <${text}>`);
    fc.assert(
      fc.property(call, secret, (one, canary) => {
        const planted = { ...one, params: plant(one.params, canary) as never };
        expect(JSON.stringify(decide(POLICY, planted))).not.toContain(canary.slice(7, 17));
      }),
      { numRuns: casesOr(3000) },
    );
  });

  it('shows no secret that stands in a name, a URI or an inner call', () => {
    const canary = 'AKIA key: wJalrXUtnFEMI/K7MDENG';
    const places: JsonValue[] = [
      { name: 'lookup', arguments: { [canary]: 1, filter: { [canary]: 'x' }, region: canary } },
      { name: canary, arguments: {} },
      { name: 'call_tool', arguments: { name: canary, server: canary, parameters: { [canary]: canary } } },
      {
        name: 'call_tool',
        arguments: { name: 'lookup', server: 'inventory', parameters: { [canary]: canary, tags: [canary] } },
      },
      { name: 'lookup', arguments: { filter: { a: { [canary]: [canary] } } }, [canary]: canary },
      { uri: `docs://${encodeURIComponent(canary)}`, url: canary, ref: { type: 'ref/resource', uri: canary } },
    ];
    for (const method of METHODS) {
      for (const direction of ['client-to-server', 'server-to-client'] as const) {
        for (const place of places) {
          const one = { server: 'inventory', direction, method, params: place as never, principal: SOMEBODY };
          expect(JSON.stringify(decide(POLICY, one))).not.toContain('wJalrXUtnFEMI');
        }
      }
    }
  });

  it('[decide.order] takes the deny, whatever the order of entries', () => {
    const entries: readonly (readonly [string, ToolDocument])[] = [
      ['a*', { ring: 0 }],
      ['*c', { ring: 3, arguments: 'any' }],
      ['*b*', { ring: 1, arguments: { x: { const: 1 } } }],
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...entries], { minLength: 3 }), (order) => {
        const policy = policyOf({ tools: Object.fromEntries(order) });
        expect(decide(policy, toolCall({ x: 1 }, { tool: 'abc' })).effect).toBe('hold');
        expect(decide(policy, toolCall({ x: 2 }, { tool: 'abc' })).effect).toBe('deny');
      }),
      { numRuns: casesOr(100) },
    );
  });

  it('says the same with the quick way and the full one', () => {
    // an added exact `*` pattern cannot matter for an exact entry; a task wish forces the full way
    const tasks = compilePolicy({
      ...DOCUMENT,
      servers: { inventory: { ...DOCUMENT.servers['inventory'], tasks: 'allow' } },
    });
    fc.assert(
      fc.property(params, (args) => {
        const quick = toolCall(clonePlain(args));
        const full = { ...quick, params: { ...quick.params, task: {} } };
        expect(decide(tasks, full)).toEqual(decide(tasks, quick));
      }),
      { numRuns: casesOr(1000) },
    );
  });

  it('explains every call without throwing', () => {
    fc.assert(
      fc.property(call, (one) => {
        const { passing } = explain(POLICY, one);
        if (passing !== undefined && one.method === 'tools/call') {
          expect(decide(POLICY, { ...one, params: { ...one.params, arguments: passing } }).effect).not.toBe('deny');
        }
      }),
      { numRuns: casesOr(1000) },
    );
  });
});

describe('time', () => {
  it.each<[string, (size: number) => JsonValue, EnvelopeDocument]>([
    ['a pattern that backtracks elsewhere', (size) => `${'a'.repeat(size)}!`, { value: { pattern: '^(a+)+$' } }],
    [
      'repeated items',
      (size) => Array.from({ length: size }, (_, index) => [index]),
      { value: { type: 'array', uniqueItems: true } },
    ],
    [
      'unknown names',
      (size) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`n${size - index}`, 1])),
      { value: { type: 'object' } },
    ],
    [
      'failing items',
      (size) => Array.from({ length: size }, () => 'x'),
      { value: { type: 'array', items: { type: 'integer' } } },
    ],
    ['a long text', (size) => '😀'.repeat(size), { value: { type: 'string', maxLength: 10_000 } }],
  ])('[bounded.linear] is linear for %s', (_, valueOf, schema) => {
    const policy = policyOf({ tools: { lookup: { ring: 1, arguments: schema } } });
    // Quadratic, this takes minutes and the test its time limit: nothing is timed, so that a busy machine fails nothing.
    expect(['allow', 'deny']).toContain(decide(policy, toolCall({ value: valueOf(500_000) })).effect);
  });
});

/** The same data with its keys in another order. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  const start = keys.length === 0 ? 0 : seed % keys.length;
  const order = [...keys.slice(start), ...keys.slice(0, start)].toReversed();
  return clonePlain(
    order.reduce<object>(
      (copy, key) =>
        Object.defineProperty(copy, key, {
          value: shuffled((value as Record<string, unknown>)[key], seed),
          enumerable: true,
          writable: true,
          configurable: true,
        }),
      {},
    ),
  );
}

/** The same data with every text replaced, except a few that lead into the policy. */
function plant(value: JsonValue, canary: string): JsonValue {
  if (typeof value === 'string') return INTERESTING.includes(value) ? value : canary;
  if (Array.isArray(value)) return value.map((item: JsonValue) => plant(item, canary));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [KEYS.includes(key) ? key : `${key}${canary}`, plant(item, canary)]),
  );
}
