import type { Principal } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf } from '../compile/server-runtime.ts';
import type { Effect } from '../decision.ts';
import { isIdentified } from '../match/who.ts';

/**
 * The best that calling a tool could come to for a principal, whatever the arguments: `deny` when no call can pass, `hold`
 * when each needs approval. Stages count: an observed tool is allowed. For filtering `tools/list`.
 */
export function reachable(
  policy: CompiledPolicy,
  target: { readonly server: string; readonly tool: string; readonly principal: Principal },
): Effect {
  const server = runtimeOf(policy).servers.get(target.server);
  if (server === undefined) return policy.stage === 'enforce' ? 'deny' : 'allow';
  const entries = server.parts.tools.find(target.tool);
  if (entries.length === 0) return server.stage === 'enforce' ? 'deny' : 'allow';
  return reachEntries(entries, target.principal);
}

/** The same for entries that all must be satisfied. */
export function reachEntries(entries: readonly Entry[], principal: Principal): Effect {
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
