import { decide, type CompiledPolicy, type PolicyLocation } from '@callgate/policy';

/** A place in the policy that findings are about. */
export type Place =
  | { readonly kind: 'policy' }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'tool'; readonly server: string; readonly tool: string }
  | { readonly kind: 'method'; readonly server: string; readonly method: string };

/**
 * Where a server, tool or method stands in the policy's text. Decisions name their rules with line and column, so a call
 * that reaches the rule tells; undefined where none does.
 */
export function locate(policy: CompiledPolicy, place: Place, pointer: string): PolicyLocation | undefined {
  if (place.kind === 'policy') return undefined;
  const identity = policy.servers.get(place.server)?.identity ?? undefined;
  const direction = place.kind === 'method' ? methodDirection(policy, place.server, place.method) : 'client-to-server';
  const decision = decide(policy, {
    server: place.server,
    ...(identity === undefined ? {} : { identity }),
    direction,
    method: place.kind === 'tool' ? 'tools/call' : place.kind === 'method' ? place.method : 'ping',
    params: place.kind === 'tool' ? { name: place.tool, arguments: {} } : {},
    principal: {},
  });
  return decision.determining.find(({ rule }) => rule === pointer)?.location;
}

function methodDirection(
  policy: CompiledPolicy,
  server: string,
  method: string,
): 'client-to-server' | 'server-to-client' {
  return policy.document.servers[server]?.methods?.[method]?.direction ?? 'client-to-server';
}
