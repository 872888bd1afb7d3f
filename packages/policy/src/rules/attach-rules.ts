import type { ServerRuntime } from '../compile/server-runtime.ts';
import type { Ring } from '../decision.ts';
import { ruleSetOf } from './rule-index.ts';
import type { ReadyRuleSet, Rule, RuleSet, RuleTests, SilenceTest } from './rule.ts';

/** Gives the entry of every exactly named tool the rules that can apply to its calls, so that deciding need not look for them. */
export function attachRules(
  servers: ReadonlyMap<string, ServerRuntime>,
  rules: readonly Rule[],
): ReadonlyMap<string, ServerRuntime> {
  for (const server of servers.values()) {
    for (const [tool, entries] of server.parts.tools.exact) {
      for (const entry of entries) {
        const { ring, toolEffect: effect, labels, ownRules } = entry;
        const target = { direction: 'client-to-server', method: 'tools/call', tool, ring, effect, labels } as const;
        entry.rules = ready(withOwn(ruleSetOf(rules, { ...target, server: server.name }), ownRules));
      }
    }
  }
  return servers;
}

function withOwn(set: RuleSet | undefined, own: readonly Rule[]): RuleSet | undefined {
  if (own.length === 0) return set;
  const listOf = (ring: Ring): readonly Rule[] => [...(set?.byRing[ring] ?? []), ...own];
  return { raises: set?.raises ?? [], byRing: [listOf(0), listOf(1), listOf(2), listOf(3)] };
}

function ready(set: RuleSet | undefined): ReadyRuleSet | undefined {
  if (set === undefined) return undefined;
  const { raises, byRing } = set;
  const testsOf = (ring: Ring): RuleTests => {
    const tests = { conditions: [] as SilenceTest[], others: [] as Rule[] };
    for (const rule of [...raises, ...byRing[ring]]) {
      const { stage, who, resources, condition } = rule;
      if (stage === 'off') continue;
      if (condition !== undefined && resources === undefined && who.length === 0)
        tests.conditions.push(condition.isFalse);
      else tests.others.push(rule);
    }
    return tests;
  };
  return { raises, byRing, tests: [testsOf(0), testsOf(1), testsOf(2), testsOf(3)] };
}
