import type { JsonObject } from '@callgate/canonical';

import type { CompiledPolicy } from '../compiled-policy.ts';
import { runtimeOf } from '../compile/server-runtime.ts';
import { quarantinedIn } from '../envelope/quarantined-places.ts';

/**
 * The JSON pointers of those string arguments of a call for which something in quarantine may stand. Where several entries are about
 * the tool, all of them have to say so; no entry, or one with any envelope, says nothing.
 */
export function quarantinedArguments(
  policy: CompiledPolicy,
  call: { readonly server: string; readonly tool: string; readonly arguments: JsonObject },
): readonly string[] {
  const entries = runtimeOf(policy).servers.get(call.server)?.parts.tools.find(call.tool) ?? NONE;
  if (entries.length === 0 || !entries.every((entry) => entry.takesQuarantined)) return NONE;
  const [first = NONE, ...others] = entries.map(({ envelope }) => quarantinedIn(envelope, call.arguments));
  return first.filter((pointer) => others.every((places) => places.includes(pointer)));
}

const NONE: readonly never[] = Object.freeze([]);
