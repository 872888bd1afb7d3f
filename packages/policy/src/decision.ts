import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { ControlCode } from './history/control.ts';
import type { OutgoingRules } from './outgoing/outgoing-rules.ts';
import type { ResultRules } from './results/result-rules.ts';

/** Deny overrides hold overrides allow, whatever the order of rules. */
export type Effect = 'allow' | 'deny' | 'hold';

/** How much of a decision is applied: `off` (not evaluated), `observe` (evaluated, never blocks), `enforce`. */
export type Stage = 'off' | 'observe' | 'enforce';

/** The effective capability class of a tool: 0 public metadata, 1 narrow read, 2 broad read or bounded write, 3 destructive, credential, identity. */
export type Ring = 0 | 1 | 2 | 3;

export type ToolEffect = 'read' | 'write' | 'destructive';

/** Why `decide` decided. Closed and documented; `allowed` is the code of every allow. */
export type PolicyCode =
  | 'allowed'
  | 'server.unregistered'
  | 'server.identity_mismatch'
  | 'tool.not_allowed'
  | 'method.not_allowed'
  | 'resource.not_allowed'
  | 'prompt.not_allowed'
  | 'principal.not_allowed'
  | 'principal.missing'
  | 'ring.envelope_missing'
  | 'arguments.envelope'
  | 'dispatch.unresolved'
  | 'rule.denied'
  | 'approval.required'
  | 'evaluation.error'
  | ControlCode;

/** What the caller can do next. */
export type NextStep = 'fix_arguments' | 'request_approval' | 'wait' | 'use_other_tool' | 'stop';

/** A place in a policy source. Lines and columns count from 1. */
export interface PolicyLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One condition that failed. Shapes only: never the value that came. */
export interface Violation {
  /** Stable code, the envelope keyword or condition that failed: `enum`, `maximum`, `required`, `additional`, `type`, `who.roles`, … */
  readonly code: string;
  /** JSON pointer into the call's arguments (tools, prompts) or params (other methods); `""` for the whole. */
  readonly pointer: string;
  /** What would pass, in words. */
  readonly expected: string;
  /** The shape of what came, in words: `a number`, `a string of 1 character`, `nothing`. */
  readonly got: string;
  /** The policy author's own words for this failure, where the policy gives some (`message`). */
  readonly message?: string;
  /** One imperative sentence fit for a model: ``set `limit` to an integer from 1 to 25``. */
  readonly hint: string;
  readonly location?: PolicyLocation;
}

/** A condition that could not be evaluated: neither pass nor fail. It never widens access. */
export interface EvaluationError {
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly location?: PolicyLocation;
}

/** What the gate must do because of a decision. */
export interface Obligations {
  /** The hard deadline of the call, in milliseconds. */
  readonly timeoutMs: number;
  /** The largest result that may pass, in bytes of its JSON. */
  readonly maxResultBytes: number;
  /** How its result is inspected: by these rules, not at all (`off`), or by the standard ones where there is none. */
  readonly result?: ResultRules | 'off';
  /** How what is sent is inspected before it is; by the standard rules where there is none. */
  readonly outgoing?: OutgoingRules;
  /** The decision record must be durable before the call is dispatched (rings 2 and 3). */
  readonly durable: boolean;
  /** Elicitation, sampling: bounds to write into the message before it reaches the host. */
  readonly limits?: JsonObject;
}

/** The answer to "may this call go ahead?". Deep-frozen plain data; equal inputs give byte-identical decisions. */
export interface Decision {
  /** What applies, after the stage. */
  readonly effect: Effect;
  /** What enforcement would have done; present only where the stage changed it. */
  readonly would?: Effect;
  /** The code enforcement would have given; present with `would`. */
  readonly wouldCode?: PolicyCode;
  readonly stage: Stage;
  readonly code: PolicyCode;
  /** One sentence, lower case, no values from the call. */
  readonly message: string;
  /** The rules that decided, as pointers into the policy document: `/servers/inventory/tools/inventory.lookup`. Empty: the default denied. */
  readonly determining: readonly RuleReference[];
  /** All of them, in the order of the policy document's canonical form. */
  readonly violations: readonly Violation[];
  readonly errors: readonly EvaluationError[];
  /** For the model: what would pass. Distinct, bounded to 8. */
  readonly hints: readonly string[];
  readonly retryable: boolean;
  /** On an allow there is nothing to do, and this is `stop`. */
  readonly next: NextStep;
  /** The observing rules that apply; present where there are some. */
  readonly observed?: readonly RuleReference[];
  /** The ids of the exceptions without which the call would have been denied or held. */
  readonly exceptions?: readonly string[];
  /** Milliseconds until the same call could pass; present where waiting alone would help. */
  readonly retryAfterMs?: number;
  /** Soft limits that the call goes over, by id; present on what is not denied and goes over some. */
  readonly notices?: readonly DecisionNotice[];
  /** The calls, by the gate's ids, that what is refused would carry something out of; present where that was found. */
  readonly sources?: readonly string[];
  /** Who may approve; present on holds whose policy names somebody. */
  readonly approvers?: readonly string[];
  readonly ring?: Ring;
  readonly toolEffect?: ToolEffect;
  readonly obligations: Obligations;
  /** The redacted structural summary for the record: field names, buckets, resource category, restricted fields; never raw values. */
  readonly summary: { readonly [key: string]: JsonValue };
  /** For a declared dispatcher: the inner calls that were authorised, outermost first. */
  readonly dispatched?: readonly { readonly server: string; readonly tool: string; readonly effect: Effect }[];
}

/** A soft limit that a call goes over. */
export interface DecisionNotice {
  /** The control's id. */
  readonly id: string;
  readonly message: string;
  readonly hints: readonly string[];
}

export interface RuleReference {
  /** JSON pointer into the policy document. */
  readonly rule: string;
  /** For a rule across servers and tools: its id. */
  readonly id?: string;
  readonly location?: PolicyLocation;
}
