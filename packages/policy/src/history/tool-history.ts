import type { CompiledPolicy } from '../compiled-policy.ts';
import { runtimeOf } from '../compile/server-runtime.ts';
import { costOf } from '../decide/judge-controls.ts';
import type { CostRule, IdempotencyControl } from './control.ts';

/** What whoever makes a tool's calls has to know of it besides each decision. */
export interface ToolHistory {
  /** What a call costs; undefined where the policy does not say. */
  readonly cost: CostRule | undefined;
  /** How a call is kept from happening twice; undefined where the policy does not ask for it. */
  readonly idempotency: IdempotencyControl | undefined;
  /** Whether its calls, or those that they carry, may send data to a sink. */
  readonly maySend: boolean;
}

const UNSAID: ToolHistory = Object.freeze({ cost: undefined, idempotency: undefined, maySend: false });

/** What the policy says of a tool's calls over time. Where several entries are about it, the dearest cost, and the first key. */
export function toolHistory(
  policy: CompiledPolicy,
  named: { readonly server: string; readonly tool: string },
): ToolHistory {
  const entries = runtimeOf(policy).servers.get(named.server)?.parts.tools.find(named.tool) ?? [];
  const cost = costOf(entries);
  const maySend = entries.some(({ sinks, dispatch }) => sinks.length > 0 || dispatch !== undefined);
  const idempotency = entries.flatMap(({ ownControls }) =>
    ownControls.flatMap(({ control }) => (control.kind === 'idempotency' ? [control] : [])),
  )[0];
  return cost === undefined && idempotency === undefined && !maySend ? UNSAID : { cost, idempotency, maySend };
}
