import { clonePlain, type JsonObject } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compilePredicate,
  decide,
  explain,
  isNever,
  toolSpaces,
  type Call,
  type CompiledPolicy,
  type Decision,
  type Effect,
  type PolicyDocument,
  type RuleDocument,
  type ToolCall,
} from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { anyCall, anyPolicyDocument, tryPolicy } from './support/policy-arbitraries.ts';

const CASES = casesOr(120);
const TIMEOUT_MS = 60_000 + CASES * 20;
const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };

const calls = fc.array(anyCall, { minLength: 4, maxLength: 4 });

/** Holds a property for as many policies as a run looks at. `judge` says whether it had something to look at. */
function holds<Values extends readonly unknown[]>(
  name: string,
  arbitraries: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  judge: (...values: Values) => boolean,
): void {
  it(
    name,
    () => {
      let judged = 0;
      const property = fc.property(...(arbitraries as unknown as [fc.Arbitrary<unknown>]), (...values: unknown[]) => {
        if (judge(...(values as unknown as Values))) judged += 1;
      });
      fc.assert(property, { numRuns: CASES });
      expect(judged).toBeGreaterThan(CASES / 20);
    },
    TIMEOUT_MS,
  );
}

describe('laws of every policy', () => {
  holds(
    '[decide.order] the order of rules, servers and tools changes nothing but places',
    [anyPolicyDocument, calls],
    (document: PolicyDocument, asked: readonly Call[]) => {
      const [policy, other] = [tryPolicy(document), tryPolicy(reversed(document))];
      expect(policy === undefined).toBe(other === undefined);
      if (policy === undefined || other === undefined) return false;
      for (const call of asked) expect(withoutPlaces(decide(other, call))).toBe(withoutPlaces(decide(policy, call)));
      return (document.rules ?? []).length > 1;
    },
  );

  holds(
    '[decide.narrowing] a rule more never allows more, and never holds what was denied',
    [anyPolicyDocument, anyPolicyDocument, calls],
    (document: PolicyDocument, others: PolicyDocument, asked: readonly Call[]) => {
      const rules = document.rules ?? [];
      const added = (others.rules ?? []).filter((rule) => !rules.some(({ id }) => id === rule.id) && stops(rule));
      const [policy, stricter] = [tryPolicy(document), tryPolicy({ ...document, rules: [...rules, ...added] })];
      if (policy === undefined || stricter === undefined || added.length === 0) return false;
      for (const call of asked) {
        const [before, after] = [decide(policy, call).effect, decide(stricter, call).effect];
        expect(RANK[after]).toBeGreaterThanOrEqual(RANK[before]);
      }
      return true;
    },
  );

  holds(
    '[explain.passing] what is offered passes when it is applied',
    [anyPolicyDocument, calls],
    (document: PolicyDocument, asked: readonly Call[]) => {
      const policy = tryPolicy(document);
      if (policy === undefined) return false;
      let offered = 0;
      for (const call of [...asked, ...almostPassing(policy)]) {
        const { passing } = explain(policy, call);
        if (passing === undefined || call.method !== 'tools/call') continue;
        offered += 1;
        expect(decide(policy, { ...call, params: { ...call.params, arguments: passing } }).effect).not.toBe('deny');
      }
      return offered > 0;
    },
  );

  holds(
    '[replay.same] an unchanged policy decides a call that was written down as it did',
    [anyPolicyDocument, calls],
    (document: PolicyDocument, asked: readonly Call[]) => {
      const [policy, again] = [tryPolicy(document), tryPolicy(written(document))];
      if (policy === undefined || again === undefined) return false;
      expect(again.digest).toBe(policy.digest);
      for (const call of asked) {
        const read = { ...written(call), params: clonePlain(written(call.params)) } as Call;
        expect(JSON.stringify(decide(again, read))).toBe(JSON.stringify(decide(policy, call)));
      }
      return true;
    },
  );

  const conditions = fc.constantFrom(
    'has(arguments.a)',
    '!has(arguments.a)',
    'arguments.a == "x"',
    'arguments.b != "get"',
    'arguments.a > 3',
    'arguments.b <= 0',
    'arguments.c in [1, 3]',
    'arguments.c in ["x", "get"]',
    '"a" in arguments.a',
    'size(arguments.b) > 2',
    'arguments.a == "get" || arguments.b == 5',
    'arguments.a.startsWith("T") && arguments.b < 9',
    'principal.user == "x"',
    'tool.ring > 1',
    'true',
  );
  const anyEffects = fc.subarray<Effect>(['allow', 'hold'], { minLength: 1 });

  holds(
    '[never.proof] no call comes to what is proved never to be',
    [anyPolicyDocument, conditions, anyEffects, calls],
    (document: PolicyDocument, source: string, effects: readonly Effect[], asked: readonly Call[]) => {
      const policy = tryPolicy(document);
      if (policy === undefined || !isNever(policy, effects, source)) return false;
      const { holds: isMeant } = compilePredicate(policy, source);
      const spaces = toolSpaces(policy).flatMap(({ server, tool, base, principals, near }) => {
        const call: ToolCall = { server, tool, arguments: base, principal: principals[0] ?? {} };
        return [call].concat(near(call));
      });
      for (const call of [...asked.flatMap(toolCallOf), ...spaces]) {
        const { server, tool, arguments: args, principal } = call;
        const identity = policy.servers.get(server)?.identity ?? undefined;
        const params = { name: tool, arguments: args };
        const message = { direction: 'client-to-server', method: 'tools/call' } as const;
        const { effect } = decide(policy, { ...message, server, identity, params, principal });
        expect(effects.includes(effect) && isMeant(call) ? call : undefined).toBeUndefined();
      }
      return true;
    },
  );
});

function reversed(document: PolicyDocument): PolicyDocument {
  const servers = Object.fromEntries(
    Object.entries(document.servers)
      .toReversed()
      .map(([name, server]) => [
        name,
        server.tools === undefined
          ? server
          : { ...server, tools: Object.fromEntries(Object.entries(server.tools).toReversed()) },
      ]),
  );
  const { rules } = document;
  return { ...document, servers, ...(rules === undefined ? {} : { rules: rules.toReversed() }) };
}

function withoutPlaces(decision: Decision): string {
  return JSON.stringify(decision, (key, value: unknown) => (key === 'rule' || key === 'location' ? undefined : value));
}

/** Calls of each tool with arguments that pass but for one thing. */
function almostPassing(policy: CompiledPolicy): readonly Call[] {
  return toolSpaces(policy).flatMap(({ server, tool, identity, base, principals }) =>
    [{ ...base, extra: 1 }, Object.fromEntries(Object.keys(base).map((name) => [name, null]))].map((args): Call => ({
      server,
      identity,
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name: tool, arguments: args },
      principal: principals[0] ?? {},
    })),
  );
}

function toolCallOf({ server, method, params, principal }: Call): readonly ToolCall[] {
  if (method !== 'tools/call') return [];
  return [{ server, tool: params['name'] as string, arguments: params['arguments'] as JsonObject, principal }];
}

function stops({ observe }: RuleDocument): boolean {
  return observe === undefined;
}

function written<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
