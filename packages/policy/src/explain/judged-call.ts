import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ServerRuntime, PolicyRuntime } from '../compile/server-runtime.ts';
import type { Entry } from '../compile/entry.ts';
import type { ConditionInput } from '../conditions/condition.ts';
import { ruledMessage } from '../decide/evaluate-method.ts';
import { inputOf, targetOf, type RuledCall } from '../decide/judge-rules.ts';
import type { WhoDocument } from '../document/types.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import type { RuleCall } from '../rules/evaluate-rules.ts';
import { documentOf } from './documents.ts';
import { namedAs, type Situation } from './situation.ts';

/** A call as entries and rules see it: the outermost one, not what a dispatcher carries. */
export interface JudgedCall {
  readonly server: ServerRuntime;
  readonly tool: string | undefined;
  readonly entries: readonly Entry[];
  /** What envelopes and conditions look at; `{}` where it is no object. */
  readonly args: JsonObject;
  readonly isObject: boolean;
  readonly input: ConditionInput;
  /** The same, for rules. */
  readonly ruled: RuleCall;
}

/** Undefined where the server is not registered. */
export function judgedCallOf(policy: PolicyRuntime, situation: Situation): JudgedCall | undefined {
  const server = policy.servers.get(situation.call.server);
  if (server === undefined || !isJsonObject(situation.call.params)) return undefined;
  const call = ruledCallOf(server, situation);
  const target = targetOf(call);
  const input = inputOf(call, target.ring, target);
  const args = isJsonObject(call.args) ? call.args : {};
  const envelopes = call.entries.map((entry) => entry.envelope);
  return {
    server,
    tool: call.tool,
    entries: call.entries,
    args,
    isObject: call.args === undefined || isJsonObject(call.args),
    input,
    ruled: { principal: call.principal, args, envelopes, input },
  };
}

function ruledCallOf(server: ServerRuntime, { call, now }: Situation): RuledCall {
  const history = IGNORED_HISTORY;
  if (namedAs(call) !== 'tool') return ruledMessage(server, call, { now, history });
  const name = own(call.params, 'name');
  const tool = typeof name === 'string' ? name : undefined;
  const { direction, method, principal, run, parents } = call;
  const entries = tool === undefined ? [] : server.parts.tools.find(tool);
  return {
    server,
    direction,
    method,
    tool,
    entries,
    args: own(call.params, 'arguments'),
    principal,
    run,
    parents,
    now,
    history,
  };
}

/** Who an entry is open to, as the policy's author wrote it. */
export function whoOf(policy: PolicyRuntime, entry: Entry): WhoDocument | undefined {
  return own(documentOf(policy, entry), 'who') as JsonValue as WhoDocument | undefined;
}
