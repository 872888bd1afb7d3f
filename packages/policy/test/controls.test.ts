import type { JsonObject } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  compileExceptions,
  compilePolicy,
  decide,
  explain,
  withExceptions,
  type Call,
  type CompiledPolicy,
  type ControlVerdict,
  type HistoryView,
  type PolicyDocument,
  type RuleDocument,
} from '../src/index.ts';
import { ScriptedHistory } from './support/scripted-history.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

const SERVERS: PolicyDocument['servers'] = {
  crm: {
    trust: 'internal',
    prompts: { review: 'any' },
    resources: { allow: ['crm://**'] },
    tools: {
      get: { ring: 1, arguments: { id: { type: 'string' } }, labels: ['private'], cost: 2 },
      send: { ring: 2, arguments: { to: { type: 'string' } }, sink: 'external' },
      'bulk_*': { ring: 2, arguments: 'any', sink: 'external' },
      pay: {
        ring: 2,
        arguments: { amount: { type: 'number' }, key: { type: 'string', optional: true } },
        idempotency: { key: 'key' },
      },
      any_of: { ring: 0, dispatch: { tool: '/tool', arguments: '/arguments' } },
    },
  },
};

const METER = { id: 'm', count: 'calls', per: ['run'], max: 25 } as const;

function policyWith(controls: Partial<PolicyDocument>, rules: readonly RuleDocument[] = []): CompiledPolicy {
  return compilePolicy({ callgate: 1, name: 'controls', version: '1', servers: SERVERS, rules, ...controls });
}

function call(tool: string, args: JsonObject = {}, more: Partial<Call> = {}): Call {
  return {
    server: 'crm',
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: tool, arguments: args },
    principal: { user: 'ada' },
    run: 'r1',
    ...more,
  };
}

function decided(
  policy: CompiledPolicy,
  one: Call,
  script: Readonly<Record<string, ControlVerdict>> = {},
): ReturnType<typeof decide> {
  return decide(policy, one, { now: NOW, history: new ScriptedHistory(script) });
}

const OVER: ControlVerdict = {
  effect: 'deny',
  code: 'meter.exceeded',
  notice: { message: '25 of 25 calls used', hints: ['ask for less'], retryAfterMs: 1500, used: 25, max: 25 },
};
const HELD: ControlVerdict = { ...OVER, effect: 'hold' };
const FLOW: ControlVerdict = {
  effect: 'deny',
  code: 'flow.blocked',
  notice: { message: 'the run has seen `private`', hints: ['send nothing of it'], sources: ['c2', 'c1'] },
};
const SOFT: ControlVerdict = { effect: 'allow', soft: { message: '20 of 25 calls used', hints: ['slow down'] } };
const UNREADABLE: ControlVerdict = { effect: 'error', code: 'key', message: 'no `id` in the arguments' };

describe('a control over many calls', () => {
  it('is asked about the calls that it concerns, once each, with what it needs to know', () => {
    const policy = policyWith({ meters: [{ ...METER, match: { tool: 'get' } }] });
    const history = new ScriptedHistory();
    const decision = decide(policy, call('get', { id: 'c' }, { parents: ['r0'] }), { now: NOW, history });
    expect(decision.effect).toBe('allow');
    expect(history.asked.map(({ call: seen }) => seen)).toEqual([
      {
        server: 'crm',
        trust: 'internal',
        method: 'tools/call',
        tool: 'get',
        args: { id: 'c' },
        principal: { user: 'ada' },
        runs: ['r1', 'r0'],
        now: NOW,
        ring: 1,
        effect: 'read',
        cost: { perCall: 2, perKiB: 0, at: undefined },
      },
    ]);
    decide(policy, call('send', { to: 'x' }), { now: NOW, history });
    decide(policy, call('any_of', { tool: 'nope', arguments: {} }), { now: NOW, history });
    expect(history.asked).toHaveLength(1);
  });

  it('is asked once where it refuses, too, and where the arguments are denied', () => {
    const policy = policyWith({ meters: [METER] });
    for (const args of [{ id: 'c' }, { id: 5 }]) {
      const history = new ScriptedHistory({ m: OVER });
      expect(decide(policy, call('get', args), { now: NOW, history }).effect).toBe('deny');
      expect(history.ids).toEqual(['m']);
    }
  });

  it('denies in its words, with its hints, its line and when to come back', () => {
    const decision = decided(policyWith({ meters: [METER] }), call('get', { id: 'c' }), { m: OVER });
    expect(decision).toMatchObject({
      effect: 'deny',
      code: 'meter.exceeded',
      message: '25 of 25 calls used',
      hints: ['ask for less'],
      next: 'wait',
      retryable: true,
      retryAfterMs: 1500,
      determining: [{ rule: '/meters/0', id: 'm' }],
      ring: 1,
    });
    expect(Object.isFrozen(decision)).toBe(true);
  });

  it('says before its state what its author says', () => {
    const policy = policyWith({ meters: [{ ...METER, message: 'one page at a time' }] });
    expect(decided(policy, call('get', { id: 'c' }), { m: OVER }).message).toBe(
      'one page at a time: 25 of 25 calls used',
    );
  });

  it('holds for those whom it names, and says when it would pass by itself', () => {
    const policy = policyWith({ meters: [{ ...METER, then: 'hold', by: ['role:lead'] }] });
    expect(decided(policy, call('get', { id: 'c' }), { m: HELD })).toMatchObject({
      effect: 'hold',
      code: 'meter.exceeded',
      next: 'request_approval',
      retryable: true,
      retryAfterMs: 1500,
      approvers: ['role:lead'],
    });
  });

  it('is not waited for where something else refuses the call for good', () => {
    const meters = policyWith({
      meters: [METER],
      flows: [{ id: 'f', seen: ['private'], sink: 'external' }],
    });
    const both = decided(meters, call('send', { to: 'x' }), { m: OVER, f: FLOW });
    expect(both).toMatchObject({ code: 'flow.blocked', next: 'stop', retryable: false, sources: ['c1', 'c2'] });
    expect(both.retryAfterMs).toBeUndefined();
    expect(both.hints).toEqual(['send nothing of it', 'ask for less']);
    const wrong = decided(meters, call('get', { id: 5 }), { m: OVER });
    expect(wrong).toMatchObject({ code: 'arguments.envelope', next: 'fix_arguments' });
    expect(wrong.retryAfterMs).toBeUndefined();
    expect(wrong.hints).not.toContain('ask for less');
  });

  it('goes on to other steps where one that waits stands beside one that does not', () => {
    const policy = policyWith({ meters: [METER, { ...METER, id: 'n' }] });
    const forGood: ControlVerdict = { ...OVER, notice: { message: 'all of the budget used', hints: [] } };
    expect(decided(policy, call('get', { id: 'c' }), { m: OVER, n: forGood })).toMatchObject({ next: 'stop' });
    expect(decided(policy, call('get', { id: 'c' }), { m: OVER, n: OVER })).toMatchObject({ next: 'wait' });
  });

  it('tells soft limits of calls that go ahead, each once, and of no others', () => {
    const policy = policyWith({ meters: [METER] });
    const soft = decided(policy, call('get', { id: 'c' }), { m: SOFT });
    expect(soft).toMatchObject({
      effect: 'allow',
      code: 'allowed',
      notices: [{ id: 'm', message: '20 of 25 calls used', hints: ['slow down'] }],
      hints: [],
    });
    const inner = call('any_of', { tool: 'get', arguments: { id: 'c' } });
    expect(decided(policy, inner, { m: SOFT }).notices).toHaveLength(1);
    expect(decided(policy, call('get', { id: 5 }), { m: SOFT }).notices).toBeUndefined();
  });

  it('denies what it cannot judge', () => {
    const decision = decided(policyWith({ meters: [METER] }), call('get', { id: 'c' }), { m: UNREADABLE });
    expect(decision).toMatchObject({
      effect: 'deny',
      code: 'evaluation.error',
      errors: [{ code: 'control.key', message: 'no `id` in the arguments' }],
    });
  });

  it.each([
    ['no history', { now: NOW }],
    ['no time', { history: new ScriptedHistory() }],
    ['a time that is none', { now: Number.NaN, history: new ScriptedHistory() }],
    [
      'a history that fails',
      {
        now: NOW,
        history: {
          judge: (): never => {
            throw new Error('disk');
          },
        } satisfies HistoryView,
      },
    ],
  ])('[decide.history] denies with %s', (_, context) => {
    const decision = decide(policyWith({ meters: [METER] }), call('get', { id: 'c' }), context);
    expect(decision).toMatchObject({ effect: 'deny', code: 'evaluation.error', stage: 'enforce' });
    expect(JSON.stringify(decision)).not.toContain('disk');
  });

  it('denies more runs around a run than it can charge', () => {
    const parents = Array.from({ length: 17 }, (_, index) => `p${index}`);
    const policy = policyWith({ meters: [METER] });
    expect(decided(policy, call('get', { id: 'c' }, { parents })).code).toBe('evaluation.error');
    expect(decided(policy, call('get', { id: 'c' }, { parents: parents.slice(1) })).effect).toBe('allow');
  });

  it('only says what it would do in stage observe, and says nothing in stage off', () => {
    const observed = decided(policyWith({ meters: [{ ...METER, stage: 'observe' }] }), call('get', { id: 'c' }), {
      m: OVER,
    });
    expect(observed).toMatchObject({ effect: 'allow', would: 'deny', wouldCode: 'meter.exceeded', next: 'stop' });
    expect(observed.retryAfterMs).toBeUndefined();
    const off = new ScriptedHistory({ m: OVER });
    const policy = policyWith({ meters: [{ ...METER, stage: 'off' }] });
    expect(decide(policy, call('get', { id: 'c' }), { now: NOW, history: off }).effect).toBe('allow');
    expect(off.asked).toEqual([]);
  });

  it('is about tool calls unless it names methods', () => {
    const calls = [
      call('get', { id: 'c' }),
      call('x', {}, { method: 'resources/read', params: { uri: 'crm://a' } }),
      call('x', {}, { method: 'prompts/get', params: { name: 'review' } }),
    ];
    const asked = (match: NonNullable<RuleDocument['match']> | undefined): readonly number[] =>
      calls.map((one) => {
        const history = new ScriptedHistory();
        const policy = policyWith({ meters: [match === undefined ? METER : { ...METER, match }] });
        decide(policy, one, { now: NOW, history });
        return history.asked.length;
      });
    expect(asked(undefined)).toEqual([1, 0, 0]);
    expect(asked({ method: '*' })).toEqual([1, 1, 1]);
    expect(asked({ method: 'resources/read' })).toEqual([0, 1, 0]);
  });

  it('is about those whom it matches, and the ring that a rule raises a call to', () => {
    const admins = policyWith({ meters: [{ ...METER, match: { who: { users: ['root'] } } }] });
    expect(decided(admins, call('get', { id: 'c' }), { m: OVER }).effect).toBe('allow');
    expect(decided(admins, call('get', { id: 'c' }, { principal: { user: 'root' } }), { m: OVER }).effect).toBe('deny');
    const odd = { user: 5 } as unknown as Call['principal'];
    expect(decided(admins, call('get', { id: 'c' }, { principal: odd })).code).toBe('evaluation.error');
    const raised = policyWith({ meters: [{ ...METER, match: { ring: 2 } }] }, [
      { id: 'up', match: { tool: 'get' }, raise: { ring: 2, when: 'arguments.id == "all"' } },
    ]);
    expect(decided(raised, call('get', { id: 'c' }), { m: OVER }).effect).toBe('allow');
    const history = new ScriptedHistory({ m: OVER });
    expect(decide(raised, call('get', { id: 'all' }), { now: NOW, history }).code).toBe('meter.exceeded');
    expect(history.asked[0]?.call.ring).toBe(2);
  });

  it('is asked about the calls inside a dispatcher', () => {
    const history = new ScriptedHistory({ m: OVER });
    const policy = policyWith({ meters: [{ ...METER, match: { tool: 'get' } }] });
    const decision = decide(policy, call('any_of', { tool: 'get', arguments: { id: 'c' } }), { now: NOW, history });
    expect(decision).toMatchObject({
      effect: 'deny',
      code: 'meter.exceeded',
      dispatched: [{ server: 'crm', tool: 'get', effect: 'deny' }],
    });
    expect(history.asked.map(({ call: seen }) => [seen.tool, seen.args])).toEqual([['get', { id: 'c' }]]);
  });

  it('may be waived by an exception, which is then told', () => {
    const register = compileExceptions({
      callgate: 1,
      exceptions: [
        {
          id: 'e',
          owner: 'ops',
          reason: 'migration',
          server: 'crm',
          tool: 'get',
          waives: { rules: ['m'] },
          approver: 'ops',
          created: '2026-01-01',
          expires: '2026-02-01',
        },
      ],
    });
    const policy = withExceptions(policyWith({ meters: [METER] }), register);
    expect(decided(policy, call('get', { id: 'c' }), { m: OVER })).toMatchObject({
      effect: 'allow',
      exceptions: ['e'],
    });
    expect(decided(policy, call('get', { id: 'c' })).exceptions).toBeUndefined();
    expect(decided(policy, call('send', { to: 'x' }), { m: OVER }).effect).toBe('deny');
  });
});

describe('flows', () => {
  const policy = policyWith({
    flows: [{ id: 'f', seen: ['private'], sink: 'external', then: 'hold', carried: 'deny' }],
  });

  it('are asked about calls to their sink alone; what other calls bring is noted', () => {
    const ids = (one: Call): readonly string[] => {
      const history = new ScriptedHistory();
      decide(policy, one, { now: NOW, history });
      return history.ids;
    };
    expect(ids(call('get', { id: 'c' }))).toEqual(['/servers/crm/tools/get/labels']);
    expect(ids(call('send', { to: 'x' }))).toEqual(['f', '/servers/crm/tools/send/labels']);
    expect(ids(call('bulk_mail', { to: 'x' }))).toEqual(['f', '/servers/crm/tools/bulk_*/labels']);
    expect(ids(call('x', {}, { method: 'resources/read', params: { uri: 'crm://a' } }))).toEqual([
      '/servers/crm/resources/labels',
    ]);
    expect(ids(call('x', {}, { method: 'prompts/get', params: { name: 'review' } }))).toEqual([
      '/servers/crm/prompts/review/labels',
    ]);
    expect(ids(call('x', {}, { method: 'tools/list', params: {} }))).toEqual([]);
  });

  it('note what tools bring that are not judged', () => {
    const off = compilePolicy({
      callgate: 1,
      name: 'x',
      version: '1',
      servers: {
        s: { tools: { read: { ring: 0, stage: 'off', labels: ['private'] }, send: { ring: 0, sink: 'external' } } },
      },
      flows: [{ id: 'f', seen: ['private'], sink: 'external' }],
    });
    const history = new ScriptedHistory();
    const one = call('read', {}, { server: 's' });
    expect(decide(off, one, { now: NOW, history }).effect).toBe('allow');
    expect(history.asked.map(({ control }) => control)).toMatchObject([
      { kind: 'labels', labels: ['private', 'untrusted'] },
    ]);
  });
});

describe('idempotency', () => {
  it('asks for a key, without history', () => {
    const policy = policyWith({});
    for (const key of [{}, { key: '' }]) {
      const history = new ScriptedHistory();
      expect(decide(policy, call('pay', { amount: 5, ...key }), { now: NOW, history })).toMatchObject({
        effect: 'deny',
        code: 'idempotency.key_missing',
        next: 'fix_arguments',
        hints: [expect.stringContaining('set `key` to')],
        determining: [{ rule: '/servers/crm/tools/pay/idempotency' }],
      });
      expect(history.asked).toEqual([]);
    }
    const history = new ScriptedHistory();
    expect(decide(policy, call('pay', { amount: 5, key: 'k' }), { now: NOW, history }).effect).toBe('allow');
    expect(history.ids).toEqual(['/servers/crm/tools/pay/idempotency']);
  });
});

describe('an explanation', () => {
  it('tells each control that has something to say, how far it has come, and when the call could pass', () => {
    const policy = policyWith({ meters: [METER, { ...METER, id: 'n' }] });
    const history = new ScriptedHistory({ m: OVER, n: SOFT });
    const explained = explain(policy, call('get', { id: 'c' }), { now: NOW, history });
    expect(explained.controls).toMatchObject([
      {
        id: 'm',
        rule: '/meters/0',
        kind: 'meter',
        effect: 'deny',
        code: 'meter.exceeded',
        state: '25 of 25 calls used',
        used: 25,
      },
      { id: 'n', effect: 'allow', state: '20 of 25 calls used', hints: ['slow down'] },
    ]);
    expect(explained.passingAt).toBe(NOW + 1500);
    expect(explained.ways).toEqual([]);
    expect(history.ids).toEqual(['m', 'n']);
  });

  it('looks for other arguments as if the call were alone', () => {
    const policy = policyWith({ meters: [METER] });
    const history = new ScriptedHistory({ m: OVER });
    const explained = explain(policy, call('get', {}), { now: NOW, history });
    expect(explained.decision.code).toBe('arguments.envelope');
    expect(explained.passing).toEqual({ id: 'x' });
    expect(explained.controls).toHaveLength(1);
  });
});
