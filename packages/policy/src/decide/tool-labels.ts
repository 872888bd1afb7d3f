import type { CompiledPolicy } from '../compiled-policy.ts';
import { runtimeOf } from '../compile/server-runtime.ts';

/** What policy says the results of a tool are, in its own words, sorted; nothing of a tool that it does not know. */
export function toolLabels(
  policy: CompiledPolicy,
  { server, tool }: { readonly server: string; readonly tool: string },
): readonly string[] {
  const entries = runtimeOf(policy).servers.get(server)?.parts.tools.find(tool) ?? [];
  return [...new Set(entries.flatMap((entry) => entry.labels))].toSorted();
}
