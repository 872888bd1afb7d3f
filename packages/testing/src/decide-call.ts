import { decide, IGNORED_HISTORY, type CompiledPolicy, type Decision, type ToolCall } from '@callgate/policy';

/** Decides a call of a tool, of the server that the policy declares. The call is alone: controls over many calls are set aside. */
export function decideToolCall(policy: CompiledPolicy, call: ToolCall): Decision {
  const { server, tool, arguments: args, principal, run, now } = call;
  const identity = policy.servers.get(server)?.identity ?? undefined;
  const params = { name: tool, arguments: args };
  return decide(
    policy,
    { server, identity, direction: 'client-to-server', method: 'tools/call', params, principal, run },
    { now, history: IGNORED_HISTORY },
  );
}

/** A decision in words: effect, code, message, and the rules that decided with their places. */
export function decisionWords({ effect, code, message, determining }: Decision): string {
  const rules = determining.map(
    ({ rule, id, location }) => `${id ?? rule}${location === undefined ? '' : ` (${location.file}:${location.line})`}`,
  );
  return `${effect} (${code}): ${message}${rules.length === 0 ? '' : `, by ${rules.join(', ')}`}`;
}
