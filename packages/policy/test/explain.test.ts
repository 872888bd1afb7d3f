import fc from 'fast-check';
import { clonePlain, type JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { PolicyError, decide, explain, parsePolicy, type CompiledPolicy, type ValueSchema } from '../src/index.ts';
import { anySchema, anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { SOMEBODY, policyOf, toolCall, valuePolicy } from './support/policies.ts';
import { threadMsSince } from './support/thread-time.ts';

const POLICY = parsePolicy(
  `callgate: 1
name: test
version: "1"
owners: { servers: platform, envelopes: support, approvals: risk }
servers:
  inventory:
    tools:
      lookup:
        ring: 1
        who: { roles: [support] }
        arguments:
          region: { enum: [us-east, us-west] }
          limit: { type: integer, minimum: 1, maximum: 25 }
          fields: { type: array, items: { enum: [name, email] }, maxItems: 2, uniqueItems: true, optional: true }
          price: { type: number, exclusiveMinimum: 0, multipleOf: 0.05, optional: true }
      refund: { ring: 3, arguments: { order: { type: string, minLength: 1 } }, approval: { by: [role:lead] }, owner: payments }
`,
  { file: 'p.yaml' },
);

function passing(args: JsonValue, tool = 'lookup'): unknown {
  return explain(POLICY, toolCall(args, { tool })).passing;
}

describe('an explanation', () => {
  it('offers the nearest arguments that pass', () => {
    expect(passing({ region: 'us-eats', limit: 10_000 })).toEqual({ region: 'us-east', limit: 25 });
    expect(passing({ region: 'us_west', limit: '7', fields: ['name', 'name', 'mail', 'email'] })).toEqual({
      region: 'us-west',
      limit: 7,
      fields: ['name', 'email'],
    });
    expect(passing({ region: 'us-west', limit: 7, field: ['name'] })).toEqual({ region: 'us-west', limit: 7 });
    expect(passing({ region: 'us-west', limit: 2.6, price: 0.07, extra: 1 })).toEqual({
      region: 'us-west',
      limit: 3,
      price: 0.05,
    });
    expect(passing({})).toEqual({ region: 'us-east', limit: 1 });
    expect(passing('x')).toEqual({ region: 'us-east', limit: 1 });
  });

  it('offers nothing where the call passes, or where arguments are not what is wrong', () => {
    expect(passing({ region: 'us-east', limit: 1 })).toBeUndefined();
    const stranger = toolCall({ region: 'x' }, { principal: { user: 'u' } });
    expect(explain(POLICY, stranger).passing).toBeUndefined();
    expect(explain(POLICY, toolCall({}, { tool: 'unknown' })).passing).toBeUndefined();
  });

  it('names the rule, its owner, the envelope and who it is open to', () => {
    const { entries, violations } = explain(POLICY, toolCall({ region: '*', limit: 1 }));
    expect(entries).toEqual([
      {
        subject: 'tool `lookup`',
        rule: '/servers/inventory/tools/lookup',
        location: { file: 'p.yaml', line: 8, column: 7 },
        ring: 1,
        stage: 'enforce',
        owner: 'platform',
        envelope: [
          '`fields` (optional): an array of at most 2 items without repeats, each one of `name`, `email`',
          '`limit`: an integer from 1 to 25',
          '`price` (optional): a number above 0 and that is a multiple of 0.05',
          '`region`: one of `us-east`, `us-west`',
        ],
        who: ['roles: `support`'],
      },
    ]);
    expect(violations).toMatchObject([{ code: 'enum', owner: 'support', location: { file: 'p.yaml', line: 12 } }]);
  });

  it('[bounded.linear] takes time linear in the levels of a schema that cannot be satisfied', () => {
    const levels = 25;
    let schema: ValueSchema = { pattern: '^[a-z]{3}-[0-9]{9}$', maxLength: 4 };
    let value: JsonValue = 'x';
    for (let level = 0; level < levels; level += 1) {
      schema = { type: 'object', properties: { a: schema } };
      value = { a: value };
    }
    const policy = policyOf({ tools: { lookup: { ring: 1, arguments: { a: schema } } } });
    const before = process.threadCpuUsage();
    expect(explain(policy, toolCall({ a: value }))).not.toHaveProperty('passing');
    // doubling at each level would take hours
    expect(threadMsSince(before)).toBeLessThan(2000);
  });
  it('says who may approve', () => {
    expect(explain(POLICY, toolCall({ order: 'o-1' }, { tool: 'refund' }))).toMatchObject({
      decision: { effect: 'hold' },
      approvers: ['role:lead'],
      approvalOwner: 'risk',
      entries: [{ owner: 'payments' }],
    });
  });

  it('never offers what is denied, and changes nothing that passes', () => {
    let offered = 0;
    fc.assert(
      fc.property(anySchema, anyValue, (schema, value) => {
        const policy = tryPolicy(schema);
        if (policy === undefined) return;
        const call = toolCall({ value: clonePlain(value) });
        const explanation = explain(policy, call);
        if (explanation.decision.effect === 'allow') expect(explanation.passing).toBeUndefined();
        if (explanation.passing === undefined) return;
        offered += 1;
        const repaired = { ...call, params: { name: 'lookup', arguments: explanation.passing }, principal: SOMEBODY };
        expect(decide(policy, repaired).effect).toBe('allow');
      }),
      { numRuns: casesOr(150) },
    );
    expect(offered).toBeGreaterThan(30);
  });
});

function tryPolicy(schema: Parameters<typeof valuePolicy>[0]): CompiledPolicy | undefined {
  try {
    return valuePolicy(schema);
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}
