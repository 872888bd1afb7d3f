/* oxlint-disable oxc/no-map-spread -- generated values are small */
import type { JsonObject, JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  decide,
  explain,
  PolicyError,
  type Call,
  type CompiledPolicy,
  type Decision,
  type RuleDocument,
  type ToolDocument,
} from '../src/index.ts';
import { anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';

const REFUND: ToolDocument = {
  ring: 2,
  arguments: {
    amount: { type: ['number', 'string', 'null', 'array'], items: { type: 'any' }, optional: true },
    note: { type: 'string', optional: true },
    tags: { items: { type: 'string' }, optional: true },
  },
};

function policyWith(
  rules: readonly RuleDocument[],
  tools: Readonly<Record<string, ToolDocument>> = { refund: REFUND },
): CompiledPolicy {
  return compilePolicy({ callgate: 1, name: 'x', version: '1', servers: { shop: { tools } }, rules });
}

const MONDAY_10 = 1_795_428_000_000 - 0; // 2026-11-23T10:00:00Z
const HOUR_MS = 3_600_000;

function call(args: JsonObject, more: Partial<Call> = {}): Call {
  return {
    server: 'shop',
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: 'refund', arguments: args },
    principal: { user: 'ada', tenant: 'acme', roles: ['support'] },
    run: 'run-1',
    ...more,
  };
}

function decideOn(rule: Omit<RuleDocument, 'id'>, args: JsonObject, now?: number, more?: Partial<Call>): Decision {
  return decide(policyWith([{ id: 'r', ...rule }]), call(args, more), { now });
}

describe('a condition', () => {
  it.each<[string, JsonObject, string]>([
    ['arguments.amount > 100', { amount: 101 }, 'rule.denied'],
    ['arguments.amount > 100', { amount: 100 }, 'allowed'],
    ['has(arguments.note) && arguments.note.contains("urgent")', { note: 'very urgent' }, 'rule.denied'],
    ['has(arguments.note) && arguments.note.contains("urgent")', {}, 'allowed'],
    ['principal.tenant != "acme"', {}, 'allowed'],
    ['"support" in principal.roles', {}, 'rule.denied'],
    ['arguments.tags.exists(t, t.startsWith("x-"))', { tags: ['a', 'x-b'] }, 'rule.denied'],
    ['arguments.tags.all(t, t.size() < 3)', { tags: ['abc'] }, 'allowed'],
    ['tool.ring == 2 && tool.effect == "write" && server.name == "shop"', {}, 'rule.denied'],
    ['call.method == "tools/call"', {}, 'rule.denied'],
    ['run.id == "run-1"', {}, 'rule.denied'],
    ['arguments.note.matches("^[a-z]+$")', { note: 'abc' }, 'rule.denied'],
  ])('%s on %j: %s', (deny, args, code) => {
    expect(decideOn({ deny }, args).code).toBe(code);
  });

  it.each<[string, JsonObject]>([
    ['a missing argument', {}],
    ['a number as text', { amount: '500' }],
    ['null', { amount: null }],
    ['an empty text', { amount: '' }],
    ['a list of one number', { amount: [5] }],
  ])('that cannot be evaluated denies and is never false: %s', (_, args) => {
    for (const rule of [
      { deny: 'arguments.amount > 100' },
      { hold: 'arguments.amount > 100' },
      { raise: { ring: 3, when: 'arguments.amount > 100' } as const },
    ]) {
      const decision = decideOn(rule, args);
      expect(decision).toMatchObject({ effect: 'deny', code: 'evaluation.error' });
      expect(decision.errors[0]?.code).toMatch(/^rule\.(?:missing|type)$/u);
    }
    expect(decideOn({ observe: 'arguments.amount > 100' }, args)).toMatchObject({ effect: 'allow', errors: [{}] });
  });

  it('an absent field satisfies no != and no not-in', () => {
    for (const deny of ['arguments.note != "x"', '!(arguments.note in ["x"])']) {
      expect(decideOn({ deny }, {}).code).toBe('evaluation.error');
    }
  });

  it('reads the time it is given, and cannot be evaluated without one', () => {
    const rule = { hold: "!now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid')", by: ['role:release-manager'] };
    expect(decideOn(rule, {}, MONDAY_10).effect).toBe('allow');
    expect(decideOn(rule, {}, MONDAY_10 + 7 * HOUR_MS)).toMatchObject({
      effect: 'hold',
      approvers: ['role:release-manager'],
    });
    expect(decideOn(rule, {})).toMatchObject({ effect: 'deny', code: 'evaluation.error' });
  });

  it('tells that waiting helps, and explain says until when', () => {
    const rule: RuleDocument = { id: 'r', deny: "!now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid')" };
    const night = MONDAY_10 + 10 * HOUR_MS;
    const policy = policyWith([rule]);
    expect(decide(policy, call({}), { now: night })).toMatchObject({
      code: 'rule.denied',
      next: 'wait',
      retryable: true,
    });
    const { passingAt, rules } = explain(policy, call({}), { now: night });
    expect(new Date(passingAt ?? 0).toISOString()).toBe('2026-11-24T08:00:00.000Z');
    expect(rules).toMatchObject([{ id: 'r', condition: rule.deny }]);
  });

  it('can decide which calls an approval is for', () => {
    const policy = policyWith([], {
      refund: {
        ring: 2,
        arguments: { amount: { type: 'number' } },
        approval: { when: 'arguments.amount > 50', by: ['role:lead'] },
      },
    });
    expect(decide(policy, call({ amount: 50 })).effect).toBe('allow');
    expect(decide(policy, call({ amount: 51 }))).toMatchObject({ effect: 'hold', approvers: ['role:lead'] });
  });

  it('about tools is never asked about anything else', () => {
    const policy = compilePolicy({
      callgate: 1,
      name: 'x',
      version: '1',
      servers: { shop: { prompts: { p: 'any' } } },
      rules: [{ id: 'r', deny: 'tool.name == "x"' }],
    });
    expect(decide(policy, { ...call({}), method: 'prompts/get', params: { name: 'p' } }).effect).toBe('allow');
  });
});

describe('a condition that is wrong does not load', () => {
  it.each([
    ['syntax', 'arguments.amount >', /of the condition/u],
    ['an argument that no matched tool has', 'arguments.amunt > 5', /did you mean|amount/u],
    ['an unknown variable', 'argument.amount > 5', /argument/u],
    ['a pattern that does not compile', 'arguments.note.matches("(")', /pattern/u],
    ['a zone that does not exist', "now.window('Mon 09:00-10:00', 'Mars/Olympus')", /zone/iu],
    ['what is no condition', 'arguments.amount', /./u],
  ])('%s', (_, deny, message) => {
    const load = (): unknown => policyWith([{ id: 'r', match: { tool: 'refund' }, deny }]);
    expect(load).toThrow(PolicyError);
    expect(load).toThrow(message);
  });
});

describe('laws', () => {
  const conditions = [
    'arguments.amount > 5',
    'principal.tenant == "acme"',
    'has(arguments.note)',
    'arguments.amount in [1, 2]',
    'arguments.tags.exists(t, t == "a")',
  ];
  const anyRule = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    outcome: fc.constantFrom('deny' as const, 'hold' as const, 'observe' as const, 'raise' as const),
    condition: fc.constantFrom<string | true>(true, ...conditions),
    ring: fc.constantFrom(1 as const, 2 as const, 3 as const),
    match: fc.constantFrom<RuleDocument['match']>(
      {},
      { ring: [2] },
      { ring: [3] },
      { tool: 'r*' },
      { who: { tenants: ['acme'] } },
      { resources: { paths: ['/etc/**'] } },
    ),
  });
  const rulesOf = (
    drafts: readonly (typeof anyRule extends fc.Arbitrary<infer Draft> ? Draft : never)[],
  ): readonly RuleDocument[] =>
    [...new Map(drafts.map((draft) => [draft.id, draft])).values()].map(({ id, outcome, condition, ring, match }) => ({
      id,
      ...(match === undefined ? {} : { match }),
      ...(outcome === 'raise'
        ? { raise: { ring, ...(condition === true ? {} : { when: condition }) } }
        : { [outcome]: condition }),
    }));
  const anyArgs = fc.record(
    {
      amount: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom<JsonValue>('5', null, [5], '/etc/x')),
      note: fc.constantFrom('a', '/etc/passwd'),
      tags: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;
  const STRENGTH = { allow: 0, hold: 1, deny: 2 };
  const runs = { numRuns: casesOr(300) };

  it('[decide.order] the order of rules changes nothing but their place in the list', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 5 }),
        anyArgs,
        fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
        (drafts, args, keys) => {
          const rules = rulesOf(drafts);
          const shuffled = rules
            .map((rule, index) => [keys[index] ?? 0, rule] as const)
            .toSorted(([left], [right]) => left - right)
            .map(([, rule]) => rule);
          const strip = (decision: Decision): unknown =>
            JSON.parse(JSON.stringify(decision, (key, value: unknown) => (key === 'rule' ? undefined : value)));
          expect(strip(decide(policyWith(shuffled), call(args)))).toStrictEqual(
            strip(decide(policyWith(rules), call(args))),
          );
        },
      ),
      runs,
    );
  });

  it('[decide.narrowing] adding a deny, a hold or a raise never allows more', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 3 }), anyRule, anyArgs, (drafts, added, args) => {
        const rules = rulesOf(drafts);
        fc.pre(added.outcome !== 'observe' && rules.every(({ id }) => id !== added.id));
        const before = decide(policyWith(rules), call(args));
        const after = decide(policyWith([...rules, ...rulesOf([added])]), call(args));
        expect(STRENGTH[after.effect]).toBeGreaterThanOrEqual(STRENGTH[before.effect]);
      }),
      runs,
    );
  });

  it('many rules together say what each says alone, however many places they read', () => {
    const forms: readonly string[] = [
      ...conditions,
      'has(arguments.note) && arguments.note.startsWith("/etc")',
      'arguments.tags.exists(tag, tag == "b")',
      'arguments.tags.all(item, item != "a")',
      '"b" in arguments.tags',
      'arguments.amount in [1, 2, 3]',
      'size(arguments.tags) > 1',
      'now < timestamp("2026-11-24T00:00:00Z")',
      'now.window("Mon-Fri 00:00-24:00", "Europe/Madrid")',
      'principal.tenant == "acme" && arguments.amount == null',
      'principal.agent == "x"',
      // more places than are kept, and the same again
      ...Array.from({ length: 100 }, (_, index) => `has(arguments.a${index}) && arguments.a${index} == ${index}`),
      'arguments.a99 == 99',
    ];
    const tool: ToolDocument = { ring: 2, arguments: 'any' };
    const many = fc.subarray(forms.map((condition, index) => ({ id: `r${index}`, deny: condition })));
    const more = fc.constantFrom<JsonObject>({}, { a1: 1 }, { a99: 99 }, { a99: 'x' }, { a70: null });
    fc.assert(
      fc.property(many, anyArgs, more, fc.constantFrom(MONDAY_10, undefined), (rules, args, others, now) => {
        const asked = call({ ...args, ...others });
        const together = decide(policyWith(rules, { refund: tool }), asked, { now });
        const alone = rules.map((rule) => decide(policyWith([rule], { refund: tool }), asked, { now }).effect);
        expect(together.effect).toBe(alone.includes('deny') ? 'deny' : 'allow');
      }),
      { numRuns: casesOr(100) },
    );
  });

  it('[decide.never-throws] whatever the arguments are, and no rule vanishes', () => {
    const policy = policyWith([{ id: 'r', deny: 'arguments.amount > 5' }], { refund: { ring: 2, arguments: 'any' } });
    fc.assert(
      fc.property(anyValue, (amount) => {
        const decision = decide(policy, call({ amount }));
        const isFine = typeof amount === 'number' && amount <= 5;
        expect(decision.effect).toBe(isFine ? 'allow' : 'deny');
      }),
      runs,
    );
  });
});
