import type { Direction } from '../call.ts';
import type { Condition } from '../conditions/condition.ts';
import type { Ring, RuleReference, Stage, ToolEffect } from '../decision.ts';
import type { WhoCheck } from '../match/who.ts';
import type { ResourceTest } from '../resources/compile-resources.ts';

/** What of a call the static part of a match looks at: nothing that the caller's arguments or the principal can change. */
export interface RuleTarget {
  readonly server: string;
  readonly direction: Direction;
  readonly method: string;
  /** The tool's name; undefined for what is no tool call. */
  readonly tool: string | undefined;
  /** Undefined: the policy does not say, which fits every rule. */
  readonly ring: Ring | undefined;
  readonly effect: ToolEffect | undefined;
  readonly labels: readonly string[] | undefined;
}

/** What a rule does with the calls that it applies to. */
export type RuleOutcome = 'deny' | 'hold' | 'raise' | 'observe';

/** A rule across servers and tools, compiled. */
export interface Rule {
  readonly id: string;
  readonly outcome: RuleOutcome;
  /** For `raise`: the ring that calls are judged as of, at least. */
  readonly ring: Ring;
  readonly stage: Stage;
  readonly references: readonly [RuleReference];
  /** Whether calls of this target can be what the rule is about. */
  readonly fits: (target: RuleTarget) => boolean;
  /** Conditions on the principal; all must pass for the rule to apply. */
  readonly who: readonly WhoCheck[];
  /** Undefined: whatever the arguments name. */
  readonly resources: ResourceTest | undefined;
  /** Undefined: always. */
  readonly condition: Condition | undefined;
  /** Where the condition stands: a JSON pointer into the policy document. */
  readonly conditionAt: string;
  readonly approvers: readonly string[] | undefined;
  readonly message: string | undefined;
  readonly owner: string | undefined;
}

/** The rules that can apply to the calls of one entry, sorted out ahead. */
export interface RuleSet {
  readonly raises: readonly Rule[];
  /** The others, by the effective ring of the call. */
  readonly byRing: ByRing<Rule>;
}

/** What there is for each ring that a call can count as of. */
export type ByRing<Item> = readonly [readonly Item[], readonly Item[], readonly Item[], readonly Item[]];
