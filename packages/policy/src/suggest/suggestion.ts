import type { PolicyDocument } from '../document/types.ts';
import type { Effect } from '../decision.ts';

/** A remark on one place of a policy that was written by a program. */
export interface PolicyNote {
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** Why it says what it says, for whoever reviews it. Never a value that was refused for listing. */
  readonly message: string;
  /** Of calls, arguments and properties: how often this was there. */
  readonly seen?: number;
  /** How often it could have been. */
  readonly of?: number;
  /** How many different values there were, as far as they were told apart. */
  readonly distinct?: number;
}

/** A policy document that says of its parts why they are there. */
export interface AnnotatedPolicy {
  readonly document: PolicyDocument;
  readonly notes: readonly PolicyNote[];
}

/** How often a tool was called: what the meters let pass, and a little more. */
export interface ObservedRate {
  readonly server: string;
  readonly tool: string;
  /** `run`: the most calls in one run. `minute`: the most within any 60 seconds. */
  readonly per: 'run' | 'minute';
  readonly most: number;
}

/** Held-out calls of one tool that the suggested policy would not let pass, for one reason. */
export interface HeldOutRefusal {
  readonly server: string;
  readonly tool: string;
  readonly effect: Effect;
  readonly code: string;
  /** The policy's words, which name places and bounds and never what came. */
  readonly reason: string;
  readonly calls: number;
}

/** How the suggested policy does on calls that it was not learned from. */
export interface HeldOutCheck {
  /** `run`: whole runs were held out. `call`: single calls, because there were no two runs. */
  readonly by: 'run' | 'call';
  readonly calls: number;
  /** Those that were decided; the rest was too much to keep. */
  readonly checked: number;
  readonly allowed: number;
  /** The most frequent first. */
  readonly refused: readonly HeldOutRefusal[];
}

/** Calls that no suggestion was made from. */
export interface SkippedCalls {
  readonly server: string;
  /** The tool, or the method. */
  readonly target: string;
  readonly reason: string;
  readonly calls: number;
}

/** The tightest policy of this form that lets pass what it was learned from. */
export interface Suggestion extends AnnotatedPolicy {
  /** Calls that it was learned from. */
  readonly calls: number;
  /** Runs among them, as far as they were told apart. */
  readonly runs: number;
  readonly rates: readonly ObservedRate[];
  readonly heldOut: HeldOutCheck;
  readonly skipped: readonly SkippedCalls[];
  /** What is too thin to rely on, in words. */
  readonly thin: readonly string[];
}
