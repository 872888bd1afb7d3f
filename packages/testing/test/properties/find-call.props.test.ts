import { compilePolicy, decide, type CompiledPolicy, type Effect, type EnvelopeDocument } from '@callgate/policy';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { findCall, type CallFilter } from '../../src/index.ts';

const RUNS = casesOr(60);
const TIMEOUT_MS = 60_000 + RUNS * 20;

const schema = fc.constantFrom(
  { enum: ['x', 'y', '*'] },
  { type: 'integer', minimum: 0, maximum: 9 } as const,
  { type: 'string', pattern: '^[a-z]{1,3}$' } as const,
  { type: 'array', items: { enum: ['x', '*'] }, maxItems: 2 } as const,
  { properties: { x: { type: 'boolean', optional: true } } } as const,
  { type: 'any' } as const,
);
const envelope = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), fc.tuple(schema, fc.boolean()), { maxKeys: 3 })
  .map((listed) =>
    Object.fromEntries(Object.entries(listed).map(([name, [one, optional]]) => [name, { ...one, optional }])),
  ) as fc.Arbitrary<EnvelopeDocument>;
const condition = fc.constantFrom(
  'has(arguments.a)',
  '!has(arguments.b)',
  'arguments.a == "*"',
  'arguments.b > 8',
  'arguments.c != "x"',
  'principal.user == "ada"',
);
const anyPolicy = fc
  .record({
    read: envelope,
    write: envelope,
    ring: fc.constantFrom(0, 1, 2, 3),
    rule: fc.constantFrom('deny', 'hold'),
    when: condition,
    stage: fc.constantFrom('enforce', 'enforce', 'observe'),
  })
  .map(({ read, write, ring, rule, when, stage }) => {
    const tools = { read: { ring: 1, arguments: read }, write: { ring, arguments: write } };
    const document = { callgate: 1, name: 'made', version: '1', stage, servers: { shop: { tools } } };
    try {
      return compilePolicy({ ...document, rules: [{ id: 'r', [rule]: when }] } as never);
    } catch {
      // a condition on what the envelopes do not declare does not load
      return compilePolicy(document as never);
    }
  });
const filter: fc.Arbitrary<CallFilter> = fc.oneof(
  condition,
  fc.constant<CallFilter>(({ arguments: { a } }) => a === '*'),
  fc.constant<CallFilter>(({ arguments: args }) => JSON.stringify(args).includes('*')),
  fc.constant<CallFilter>(({ tool, principal }) => tool === 'write' && principal.user !== undefined),
);
const anyEffect = fc.constantFrom<Effect>('allow', 'hold', 'deny');

it(
  'what is found is really decided so, meant, and the same again',
  () => {
    let found = 0;
    fc.assert(
      fc.property(anyPolicy, filter, anyEffect, fc.integer(), (policy, where, effect, seed) => {
        const options = { effect, where, seed, cases: 60 };
        const search = findCall(policy, options);
        expect(JSON.stringify(findCall(policy, options))).toBe(JSON.stringify(search));
        if (search.found === undefined) return;
        found += 1;
        const { call, decision } = search.found;
        expect(decideAgain(policy, call)).toEqual(decision);
        expect(decision.effect).toBe(effect);
        if (typeof where === 'function') expect(where(call)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(found).toBeGreaterThan(RUNS / 4);
  },
  TIMEOUT_MS,
);

it(
  'what is proved not to be there is not found',
  () => {
    let proofs = 0;
    fc.assert(
      fc.property(anyPolicy, condition, fc.constantFrom<Effect>('allow', 'hold'), (policy, where, effect) => {
        if (!findCall(policy, { effect, where, cases: 1 }).proved) return;
        proofs += 1;
        // a function with the same meaning cannot be proved, and is searched for
        const { found } = findCall(policy, { effect: 'deny', where, cases: 40 });
        expect(found?.decision.effect ?? 'deny').toBe('deny');
        expect(findCall(policy, { effect, where: meaning(where), cases: 40 }).found).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
    expect(proofs).toBeGreaterThan(RUNS / 20);
  },
  TIMEOUT_MS,
);

/** The conditions above as functions. */
function meaning(source: string): CallFilter {
  return ({ arguments: { a, b, c }, principal }) => {
    switch (source) {
      case 'has(arguments.a)':
        return a !== undefined;
      case '!has(arguments.b)':
        return b === undefined;
      case 'arguments.a == "*"':
        return a === '*';
      case 'arguments.b > 8':
        return typeof b === 'number' && b > 8;
      case 'arguments.c != "x"':
        return typeof c === 'string' && c !== 'x';
      default:
        return principal.user === 'ada';
    }
  };
}

function decideAgain(policy: CompiledPolicy, call: NonNullable<ReturnType<typeof findCall>['found']>['call']): unknown {
  const { server, tool, arguments: args, principal, run, now } = call;
  const params = JSON.parse(JSON.stringify({ name: tool, arguments: args })) as { readonly name: string };
  return decide(
    policy,
    { server, direction: 'client-to-server', method: 'tools/call', params, principal, run },
    { now },
  );
}

function casesOr(count: number): number {
  const asked = Number(process.env['CALLGATE_CASES']);
  return Number.isInteger(asked) && asked > 0 ? asked : count;
}
