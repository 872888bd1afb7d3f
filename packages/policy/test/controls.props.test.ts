import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compileExceptions,
  compilePolicy,
  decide,
  withExceptions,
  type Call,
  type CompiledPolicy,
  type ControlVerdict,
  type Effect,
  type PolicyDocument,
} from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { ScriptedHistory } from './support/scripted-history.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'] as const;
const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };

const notice = fc.record(
  {
    message: fc.constantFrom('so many used', 'open for more'),
    hints: fc.array(fc.constantFrom('wait', 'ask for less', 'use another tool'), { maxLength: 2 }),
    retryAfterMs: fc.integer({ min: 1, max: 5000 }),
    sources: fc.array(fc.constantFrom('c1', 'c2'), { maxLength: 2 }),
  },
  { requiredKeys: ['message', 'hints'] },
);

const verdict: fc.Arbitrary<ControlVerdict> = fc.oneof(
  fc.constant<ControlVerdict>({ effect: 'allow' }),
  notice.map((soft): ControlVerdict => ({ effect: 'allow', soft })),
  fc
    .record({
      effect: fc.constantFrom('deny' as const, 'hold' as const),
      code: fc.constantFrom(
        'meter.exceeded' as const,
        'rate.exceeded' as const,
        'breaker.open' as const,
        'flow.blocked' as const,
        'idempotency.in_doubt' as const,
      ),
      notice,
    })
    .map((one): ControlVerdict => one),
  fc.constant<ControlVerdict>({ effect: 'error', code: 'key', message: 'no key' }),
);

const script = fc.record(Object.fromEntries(IDS.map((id) => [id, verdict])) as Record<string, typeof verdict>);

const stages = fc.array(fc.constantFrom('off' as const, 'observe' as const, 'enforce' as const), {
  minLength: IDS.length,
  maxLength: IDS.length,
});

const RULES: NonNullable<PolicyDocument['rules']> = [
  { id: 'large', deny: 'arguments.n > 3' },
  { id: 'larger', hold: 'arguments.n > 2', by: ['role:lead'] },
];

function policyOf(
  order: readonly string[],
  at: readonly ('off' | 'observe' | 'enforce')[],
  rules: PolicyDocument['rules'] = RULES,
): CompiledPolicy {
  return compilePolicy({
    callgate: 1,
    name: 'p',
    version: '1',
    servers: {
      s: {
        tools: {
          t: { ring: 1, arguments: { n: { type: 'integer', maximum: 4 } } },
          all: { ring: 0, dispatch: { tool: '/tool', arguments: '/arguments' } },
        },
      },
    },
    ...(rules === undefined ? {} : { rules }),
    meters: order.map((id) => ({
      id,
      count: 'calls',
      per: ['run'],
      max: 1,
      then: 'hold',
      by: [`role:${id}`],
      stage: at[IDS.indexOf(id as 'a')] ?? 'enforce',
    })),
  });
}

const calls: fc.Arbitrary<Call> = fc
  .record({ n: fc.integer({ min: 0, max: 5 }), isInner: fc.boolean() })
  .map(({ n, isInner }) => ({
    server: 's',
    direction: 'client-to-server',
    method: 'tools/call',
    params: isInner ? { name: 'all', arguments: { tool: 't', arguments: { n } } } : { name: 't', arguments: { n } },
    principal: { user: 'u' },
    run: 'r',
  }));

const EXCEPTIONS = compileExceptions({
  callgate: 1,
  exceptions: [
    {
      id: 'x',
      owner: 'o',
      reason: 'r',
      server: 'other',
      tool: 'other',
      waives: { approval: true },
      approver: 'a',
      created: '2026-01-01',
      expires: '2026-02-01',
    },
  ],
});

function told(policy: CompiledPolicy, call: Call, said: Readonly<Record<string, ControlVerdict>>): string {
  const text = JSON.stringify(decide(policy, call, { now: 0, history: new ScriptedHistory(said) }));
  // the place of a meter in the list says nothing
  return text.replaceAll(/"\/meters\/\d+"/gu, '"/meters/…"');
}

describe('controls', () => {
  it('[decide.order] say the same in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...IDS], { minLength: 5 }), stages, script, calls, (order, at, said, call) => {
        expect(told(policyOf(order, at), call, said)).toBe(told(policyOf(IDS, at), call, said));
      }),
      { numRuns: casesOr(300) },
    );
  });

  it('say the same with the quick way and the full one', () => {
    fc.assert(
      fc.property(stages, script, calls, (at, said, call) => {
        const policy = policyOf(IDS, at, undefined);
        // with exceptions, of whichever tool, controls are judged the full way
        expect(told(withExceptions(policy, EXCEPTIONS), call, said)).toBe(told(policy, call, said));
      }),
      { numRuns: casesOr(300) },
    );
  });

  it('[decide.narrowing] only narrow: what they say is the least that the decision comes to', () => {
    fc.assert(
      fc.property(script, calls, (said, call) => {
        const all = IDS.map(() => 'enforce' as const);
        const without = decide(policyOf([], []), call, { now: 0 }).effect;
        const decision = decide(policyOf(IDS, all), call, { now: 0, history: new ScriptedHistory(said) });
        const strongest = Object.values(said).map(({ effect }) => (effect === 'error' ? 'deny' : effect));
        const rank = Math.max(RANK[without], ...strongest.map((effect) => RANK[effect]));
        expect(RANK[decision.effect]).toBe(rank);
        expect(decision.retryAfterMs === undefined || decision.effect !== 'allow').toBe(true);
        expect(decision.next === 'wait' && decision.effect !== 'deny').toBe(false);
      }),
      { numRuns: casesOr(300) },
    );
  });
});
