import { provesEmptyObject } from '../compare/prove-empty.ts';
import { TextSearcher } from '../compare/text-search.ts';
import type { Entry } from '../compile/entry.ts';
import type { PolicyRuntime, ServerRuntime } from '../compile/server-runtime.ts';
import { isConditionWithin } from '../conditions/condition-within.ts';
import type { Condition } from '../conditions/condition.ts';
import { targetOf } from '../decide/judge-rules.ts';
import type { Effect } from '../decision.ts';
import { checkOf } from '../diff/entry-strictness.ts';
import type { Rule } from '../rules/rule.ts';
import { isRefuted } from './refute.ts';
import type { SearchScope } from './tool-space.ts';

/** Proves that no tool call in the scope of which the condition holds comes to one of the effects. */
export function provesNever(
  policy: PolicyRuntime,
  effects: readonly Effect[],
  condition: Condition | undefined,
  scope: SearchScope,
): boolean {
  const isLifted = (policy.exceptions?.exceptions.length ?? 0) > 0;
  // denials are what is proved from here; every call may come to one
  if (effects.includes('deny') || isLifted) return false;
  if (scope.server === undefined && policy.stage !== 'enforce') return false;
  const names = scope.server === undefined ? [...policy.servers.keys()] : [scope.server];
  const proof = { policy, effects, condition, texts: new TextSearcher() };
  return names.every((name) => isServerProved(policy.servers.get(name), scope.tool, proof));
}

interface Proof {
  readonly policy: PolicyRuntime;
  readonly effects: readonly Effect[];
  readonly condition: Condition | undefined;
  readonly texts: TextSearcher;
}

function isServerProved(server: ServerRuntime | undefined, tool: string | undefined, proof: Proof): boolean {
  if (server === undefined) return proof.policy.stage === 'enforce';
  const names = tool === undefined ? Object.keys(proof.policy.document.servers[server.name]?.tools ?? {}) : [tool];
  // what no entry is about is denied by a server that enforces
  if (tool === undefined && server.stage !== 'enforce') return false;
  return names.every((name) => isToolProved(server, name, proof));
}

function isToolProved(server: ServerRuntime, name: string, proof: Proof): boolean {
  const entries = server.parts.tools.find(name);
  if (entries.length === 0) return server.stage === 'enforce';
  // under a pattern a name may be judged by others too; the one that is written so is among them
  const judging = name.includes('*') ? entries.filter((entry) => isWrittenAs(entry, name)) : entries;
  return judging.some((entry) => isEntryProved(entry, proof)) || isRuledOut(server, name, entries, proof);
}

function isWrittenAs({ references }: Entry, name: string): boolean {
  const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return references[0]?.rule.endsWith(`/tools/${escaped}`) === true;
}

function isEntryProved(entry: Entry, { effects, condition, texts }: Proof): boolean {
  if (entry.stage !== 'enforce') return false;
  if (entry.isHeld && !effects.includes('hold')) return true;
  const check = checkOf(entry.envelope);
  if (check === undefined || provesEmptyObject(check, texts)) return true;
  return condition !== undefined && isRefuted(condition.tree, check);
}

/** Whether a rule stops every call of the tool of which the condition holds. */
function isRuledOut(server: ServerRuntime, tool: string, entries: readonly Entry[], proof: Proof): boolean {
  if (tool.includes('*')) return false;
  const target = targetOf({ server, direction: 'client-to-server', method: 'tools/call', tool, entries });
  return proof.policy.rules.some((rule) => rule.fits(target) && stops(rule, proof));
}

function stops(rule: Rule, { effects, condition }: Proof): boolean {
  if (rule.stage !== 'enforce' || rule.who.length > 0 || rule.resources !== undefined) return false;
  if (rule.outcome !== 'deny' && (rule.outcome !== 'hold' || effects.includes('hold'))) return false;
  if (rule.condition === undefined) return true;
  return condition !== undefined && isConditionWithin(condition, rule.condition);
}
