import type { Instant, JsonObject } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { Condition, ConditionInput } from '../conditions/condition.ts';
import { nearestPassing, withChanges } from '../conditions/nearest-passing.ts';
import { inputOf, targetOf } from '../decide/judge-rules.ts';

/** A call of a tool, and when it is decided. */
export interface ToolCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly principal: Principal;
  /** One agent run. */
  readonly run?: string | undefined;
  /** Absent: at no time in particular, so that conditions that read it cannot be evaluated. */
  readonly now?: Instant | undefined;
}

/** What conditions read of a call. A server that the policy does not register is external. */
export function conditionInputOf(policy: PolicyRuntime, call: ToolCall): ConditionInput {
  const server = policy.servers.get(call.server);
  const message = { direction: 'client-to-server', method: 'tools/call' } as const;
  const { tool, arguments: args, principal, run, now } = call;
  if (server === undefined) {
    const facts = { name: call.server, trust: 'external' } as const;
    return { ...message, server: facts, arguments: args, principal, run, now };
  }
  const target = targetOf({ ...message, server, tool, entries: server.parts.tools.find(tool) });
  return inputOf({ ...message, server, tool, args, principal, run, now }, target.ring, target);
}

/** The call with the smallest changes that make a condition come out otherwise. */
export function changedCalls(policy: PolicyRuntime, call: ToolCall, condition: Condition): readonly ToolCall[] {
  const input = conditionInputOf(policy, call);
  return nearestPassing(condition, input, condition.evaluate(input) !== true).map((way) => {
    const { arguments: args, principal, run, now } = withChanges(input, way);
    return { server: call.server, tool: call.tool, arguments: args, principal, run, now };
  });
}
