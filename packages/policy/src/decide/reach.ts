import type { Principal } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf, type PolicyRuntime, type ServerRuntime } from '../compile/server-runtime.ts';
import type { Effect } from '../decision.ts';
import { isIdentified } from '../match/who.ts';
import { ruleSetOf } from '../rules/rule-index.ts';
import { strongest } from './draft.ts';
import { targetOf } from './judge-rules.ts';

/**
 * The best that calling a tool could come to for a principal, whatever the arguments: `deny` when no call can pass, `hold`
 * when each needs approval. Stages count: an observed tool is allowed. For filtering `tools/list`.
 */
export function reachable(
  policy: CompiledPolicy,
  target: { readonly server: string; readonly tool: string; readonly principal: Principal },
): Effect {
  const runtime = runtimeOf(policy);
  const server = runtime.servers.get(target.server);
  if (server === undefined) return policy.stage === 'enforce' ? 'deny' : 'allow';
  return reachTool(runtime, server, target.tool, target.principal);
}

/** The same for a tool of a server. */
export function reachTool(policy: PolicyRuntime, server: ServerRuntime, tool: string, principal: Principal): Effect {
  const entries = server.parts.tools.find(tool);
  const none = server.stage === 'enforce' ? 'deny' : 'allow';
  const byEntries = entries.length === 0 ? none : reachEntries(entries, principal);
  return strongest([byEntries, ...reachRules(policy, server, tool, entries, principal)]);
}

/** What the rules say that hold for every call of the tool by the principal. */
function reachRules(
  policy: PolicyRuntime,
  server: ServerRuntime,
  tool: string,
  entries: readonly Entry[],
  principal: Principal,
): readonly Effect[] {
  const target = targetOf({ server, direction: 'client-to-server', method: 'tools/call', tool, entries });
  const set = entries[0]?.rules ?? (policy.rules.length === 0 ? undefined : ruleSetOf(policy.rules, target));
  return (set?.byRing[target.ring ?? 0] ?? [])
    .filter((rule) => rule.stage === 'enforce' && rule.condition === undefined && rule.resources === undefined)
    .filter((rule) => rule.who.every((check) => check.test(principal) === 'pass'))
    .flatMap(({ outcome }) => (outcome === 'deny' || outcome === 'hold' ? [outcome] : []));
}

/** The same for entries that all must be satisfied. */
function reachEntries(entries: readonly Entry[], principal: Principal): Effect {
  let best: Effect = 'allow';
  for (const entry of entries) {
    const effect = reachEntry(entry, principal);
    if (effect === 'deny') return 'deny';
    if (effect === 'hold') best = 'hold';
  }
  return best;
}

function reachEntry(entry: Entry, principal: Principal): Effect {
  if (entry.stage !== 'enforce') return 'allow';
  if (entry.envelope === 'missing' || entry.who.some((check) => check.test(principal) !== 'pass')) return 'deny';
  if (entry.ring >= 2 && !isIdentified(principal)) return 'deny';
  return entry.isHeld ? 'hold' : 'allow';
}
