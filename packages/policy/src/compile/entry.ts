import type { JsonObject } from '@callgate/canonical';

import type { Decision, Obligations, Ring, RuleReference, Stage, ToolEffect } from '../decision.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import type { Summarize } from '../decide/summary.ts';
import type { WhoCheck } from '../match/who.ts';
import type { CostRule } from '../history/control.ts';
import type { ControlRule } from '../history/control-rule.ts';
import type { ByRing, Rule, RuleSet } from '../rules/rule.ts';
import type { Dispatch } from './dispatch.ts';

/** What an entry says about arguments: nothing, everything passes, or an envelope. */
export type Envelope = 'missing' | 'any' | ObjectCheck;

/** One entry of the policy that calls are judged by (a tool, a prompt, a method, …), compiled. */
export interface Entry {
  /** What it is about, in words: ``tool `inventory.lookup` ``. */
  readonly subject: string;
  readonly references: readonly RuleReference[];
  readonly stage: Stage;
  readonly ring: Ring;
  readonly toolEffect: ToolEffect;
  readonly who: readonly WhoCheck[];
  readonly envelope: Envelope;
  /** Whether the policy gives an envelope, `any` included; in ring 0 it need not. */
  readonly hasEnvelope: boolean;
  /** Whether something in quarantine may stand for one of its arguments. */
  readonly takesQuarantined: boolean;
  /** Calls that otherwise pass are held. */
  readonly isHeld: boolean;
  readonly approvers: readonly string[] | undefined;
  readonly obligations: Obligations;
  readonly message: string | undefined;
  readonly owner: string | undefined;
  readonly summarize: Summarize;
  readonly dispatch: Dispatch | undefined;
  /** What its results are. */
  readonly labels: readonly string[];
  /** Rules of its own: an approval that depends on a condition. */
  readonly ownRules: readonly Rule[];
  /** For an entry of one tool, all the rules that can apply to its calls; set when the whole policy is known. */
  rules: RuleSet | undefined;
  /** Controls that the entry itself asks for. */
  ownControls: readonly ControlRule[];
  /** For an entry of one tool, all the controls that can concern its calls; set when the whole policy is known. */
  controls: ByRing<ControlRule> | undefined;
  /** The sinks that its calls send data to. */
  sinks: readonly string[];
  /** What a call costs; undefined where the policy does not say. */
  cost: CostRule | undefined;
  /** The message of an allow. */
  readonly allowedMessage: string;
  /** The decision on a call that this entry alone lets pass. */
  readonly allow: (args: JsonObject) => Decision;
}
