import { appendPointer } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import type { ServerRuntime } from '../compile/server-runtime.ts';
import type { PolicyDocument } from '../document/types.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { sortedByRing } from '../rules/rule-index.ts';
import type { ByRing, RuleTarget } from '../rules/rule.ts';
import { controlTool, labelControl, toolScopeOf } from './compile-tool-controls.ts';
import type { ControlRule } from './control-rule.ts';

/** Gives every entry the controls that its own document asks for. What is wrong with them goes to the context's issues. */
export function addOwnControls(
  servers: ReadonlyMap<string, ServerRuntime>,
  document: PolicyDocument,
  context: CompileContext,
): void {
  const scope = toolScopeOf(document, context);
  for (const { parts } of servers.values()) {
    const at = appendPointer('/servers', parts.name);
    const { tools = {}, cost } = document.servers[parts.name] ?? {};
    const entries = new Map(parts.tools.all.map((entry) => [entry.references[0]?.rule, entry]));
    for (const [name, tool] of Object.entries(tools)) {
      const pointer = appendPointer(`${at}/tools`, name);
      const entry = entries.get(pointer);
      if (entry !== undefined) controlTool(entry, tool, { trust: parts.trust, cost }, pointer, scope);
    }
    // what else the client gets by asking
    const others: readonly Entry[] = [
      ...parts.prompts.all,
      ...parts.methods['client-to-server'].values(),
      ...(parts.resources === undefined ? [] : [parts.resources.entry]),
    ];
    for (const entry of others)
      entry.ownControls = labelControl(entry, parts.trust, [], entry.references[0]?.rule ?? at, scope);
  }
}

/** Gives the entry of every exactly named tool the controls that can concern its calls, so that deciding need not look for them. */
export function attachControls(servers: ReadonlyMap<string, ServerRuntime>, controls: readonly ControlRule[]): void {
  for (const { name: server, parts } of servers.values()) {
    for (const [tool, entries] of parts.tools.exact) {
      for (const entry of entries) {
        const { ring, toolEffect: effect, labels } = entry;
        const target = {
          server,
          direction: 'client-to-server',
          method: 'tools/call',
          tool,
          ring,
          effect,
          labels,
        } as const;
        entry.controls = controlsOf(controls, target, [entry]);
      }
    }
  }
}

/** The controls that can concern calls of a target, those of its entries among them; undefined where there are none. */
export function controlsOf(
  controls: readonly ControlRule[],
  target: RuleTarget,
  entries: readonly Entry[],
): ByRing<ControlRule> | undefined {
  const sinks = new Set(entries.flatMap((entry) => entry.sinks));
  const all = [...controls, ...entries.flatMap((entry) => entry.ownControls)].filter(
    ({ control, sink }) => control.stage !== 'off' && (sink === undefined || sinks.has(sink)),
  );
  if (all.length === 0) return undefined;
  const byRing = sortedByRing(all, target, (rule, at) => rule.fits(at));
  return byRing.some((list) => list.length > 0) ? byRing : undefined;
}
