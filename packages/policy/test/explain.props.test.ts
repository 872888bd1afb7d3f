/* oxlint-disable oxc/no-map-spread -- generated values are small */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  compileExceptions,
  decide,
  explain,
  explainToModel,
  parsePolicy,
  withExceptions,
  type Call,
  type Decision,
  type Effect,
} from '../src/index.ts';
import { anyValue } from './support/arbitraries.ts';
import { applyChanges, properParts } from './support/apply-changes.ts';
import { casesOr } from './support/cases.ts';
import { anyCall, anyPolicyDocument, tryPolicy } from './support/policy-arbitraries.ts';

const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };
const CASES = casesOr(120);
const TIMEOUT_MS = 60_000 + CASES * 20;
const NOW = Date.UTC(2026, 10, 25, 10);

const rankOf = ({ would, effect }: Decision): number => RANK[would ?? effect];

/** An exception about a tool that generated policies have. */
const anyExceptions = fc
  .record({ tool: fc.constantFrom('get', 'get_a'), isLater: fc.boolean(), waives: fc.boolean(), isFor: fc.boolean() })
  .map(({ tool, isLater, waives, isFor }) =>
    compileExceptions({
      callgate: 1,
      exceptions: [
        {
          id: 'e1',
          owner: 'o',
          reason: 'r',
          server: 'shop',
          tool,
          approver: 'a',
          created: isLater ? '2026-11-26' : '2026-11-24',
          expires: '2026-12-24',
          ...(waives
            ? { waives: { approval: true as const, rules: ['r1'] } }
            : { arguments: { a: { enum: ['x', 1] } } }),
          ...(isFor ? { who: { roles: ['x*'] } } : {}),
        },
      ],
    }),
  );

/** Mostly calls of tools that the policy may have: most others cannot be helped. */
const mostlyToolCalls = fc.oneof(
  { weight: 1, arbitrary: anyCall },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        anyCall,
        fc.constantFrom('get', 'get_a', 'put'),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyValue, { maxKeys: 2 }),
      )
      .map(([call, name, args]): Call => ({
        ...call,
        server: 'shop',
        direction: 'client-to-server',
        method: 'tools/call',
        params: { name, arguments: args },
      })),
  },
);

it(
  '[explain.ways] every way passes when its changes are made, as it says, and no part of it does as well',
  () => {
    let offered = 0;
    let held = 0;
    fc.assert(
      fc.property(
        anyPolicyDocument,
        mostlyToolCalls,
        fc.option(anyExceptions, { nil: undefined }),
        (document, call, register) => {
          const base = tryPolicy(document);
          if (base === undefined) return;
          const policy = withExceptions(base, register);
          const { decision, ways, passing, passingAt } = explain(policy, call, { now: NOW });
          const was = rankOf(decision);
          if (was === 0) expect([ways, passing, passingAt]).toEqual([[], undefined, undefined]);
          for (const { changes, effect, approvers, exceptions } of ways) {
            offered += 1;
            if (effect === 'hold') held += 1;
            const changed = applyChanges(call, NOW, changes);
            const then = decide(policy, changed.call, { now: changed.now });
            expect(then.would ?? then.effect).toBe(effect);
            expect(RANK[effect]).toBeLessThan(was);
            expect(approvers).toEqual(then.approvers ?? []);
            expect(exceptions).toEqual(then.exceptions ?? []);
            if (changes.length > 10) continue;
            for (const part of properParts(changes)) {
              const less = applyChanges(call, NOW, part);
              expect(rankOf(decide(policy, less.call, { now: less.now }))).toBeGreaterThan(RANK[effect]);
            }
          }
        },
      ),
      { numRuns: CASES },
    );
    expect(offered).toBeGreaterThan(CASES / 16);
    expect(held).toBeGreaterThan(CASES / 200);
  },
  TIMEOUT_MS,
);

it(
  '[explain.total] never throws, whatever the call',
  () => {
    fc.assert(
      fc.property(
        anyPolicyDocument,
        anyCall,
        fc.dictionary(fc.string(), fc.anything()),
        anyValue,
        (document, call, odd, value) => {
          const policy = tryPolicy(document);
          if (policy === undefined) return;
          const hostile = new Proxy(
            {},
            {
              ownKeys: () => {
                throw new Error('no keys');
              },
            },
          );
          const calls = [
            { ...call, params: value },
            { ...call, params: { name: 'get', arguments: value } },
            { ...call, params: odd },
            { ...call, principal: odd },
            { ...call, params: hostile },
            { ...call, principal: hostile },
          ] as unknown as readonly Call[];
          for (const one of calls) {
            expect(explain(policy, one, { now: NOW }).decision.effect).toBe(decide(policy, one, { now: NOW }).effect);
            explainToModel(policy, one, { now: NOW });
          }
        },
      ),
      { numRuns: Math.min(CASES, 2_000) },
    );
  },
  TIMEOUT_MS,
);

const SECRETS = parsePolicy(`callgate: 1
name: CANARY-policy
version: "1"
owners: { policy: CANARY-owner, exceptions: CANARY-grants }
servers:
  shop:
    tools:
      get:
        ring: 1
        arguments:
          a: { type: number, maximum: 100 }
          b: { type: string, maxLength: 40 }
          c: { type: array, items: { type: string }, optional: true }
      closed:
        ring: 2
        who: { roles: [CANARY-role], tenants: [CANARY-tenant] }
        arguments: { a: { enum: [CANARY-choice] } }
        owner: CANARY-tools
        message: ask the desk
        approval: { by: ["role:CANARY-approver"] }
      other: { ring: 1, arguments: any }
rules:
  - { id: CANARY-large, deny: "arguments.a > 41.5", owner: CANARY-rules }
  - { id: CANARY-text, match: { tool: [get, other] }, deny: "arguments.b != 'CANARY-word'" }
  - { id: CANARY-host, deny: true, match: { resources: { hosts: [CANARY.example] } } }
  - { id: CANARY-who, match: { who: { users: [CANARY-user] } }, deny: true, message: CANARY-message }
  - { id: CANARY-hold, match: { tool: get }, hold: "principal.tenant != 'CANARY-hold'" }
  - { id: CANARY-flag, match: { tool: other }, deny: "!has(arguments.CANARYflag)" }
`);

const secretCall = fc
  .record({
    tool: fc.constantFrom('get', 'closed', 'other', 'clsoed', 'x'),
    a: fc.oneof(fc.integer({ min: 0, max: 200 }), anyValue),
    b: fc.oneof(fc.constantFrom('x', 'https://y.example'), anyValue),
    c: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    roles: fc.subarray(['x', 'y']),
    user: fc.constantFrom('u', undefined),
  })
  .map(({ tool, a, b, c, roles, user }): Call => ({
    server: 'shop',
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: tool, arguments: { a, b, c } },
    principal: { roles, tenant: 't', ...(user === undefined ? {} : { user }) },
  }));

it(
  '[explain.model] tells a model nothing of the policy: no ids, owners, messages, names or constants',
  () => {
    let told = 0;
    fc.assert(
      fc.property(secretCall, (call) => {
        const text = JSON.stringify(explainToModel(SECRETS, call, { now: NOW }));
        expect(text).not.toMatch(/canary|41\.5|\b41\b|\b42\b/iu);
        if (explainToModel(SECRETS, call, { now: NOW }).ways.length > 0) told += 1;
      }),
      { numRuns: CASES },
    );
    expect(told).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
