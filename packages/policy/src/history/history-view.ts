import type { Instant, JsonObject } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import type { Ring, ToolEffect } from '../decision.ts';
import type { Control, ControlVerdict, CostRule } from './control.ts';

/** A call, as controls see it. */
export interface ControlledCall {
  readonly server: string;
  /** Whether what it answers counts as a stranger's. */
  readonly trust: 'internal' | 'external';
  readonly method: string;
  /** The tool, or undefined for other methods. */
  readonly tool: string | undefined;
  readonly args: JsonObject;
  readonly principal: Principal;
  /** The run, then the runs around it, innermost first. Empty where the call has none. */
  readonly runs: readonly string[];
  readonly now: Instant | undefined;
  readonly ring: Ring | undefined;
  readonly effect: ToolEffect | undefined;
  /** What it costs; undefined where the policy does not say. */
  readonly cost: CostRule | undefined;
}

/**
 * What happened before, for one decision. `decide` asks it about each control that concerns the call; `@callgate/breaker` implements it.
 *
 * Judging changes nothing that another decision could see. Calls inside one decision (a dispatcher's) count for each other.
 */
export interface HistoryView {
  judge(control: Control, call: ControlledCall): ControlVerdict;
}
