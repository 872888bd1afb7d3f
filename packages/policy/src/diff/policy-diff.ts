import type { Digest, Instant } from '@callgate/canonical';

import type { Call } from '../call.ts';
import type { Decision, Effect, RuleReference } from '../decision.ts';

/** An answer that is proved, or shown by a witness, or not known. */
export type Answer = 'yes' | 'no' | 'unknown';

/**
 * Which way a difference goes. `widened`: something passes, or passes more easily, that did not before; it may narrow as well.
 * `unknown`: whether it widens could be neither shown nor ruled out. `narrowed`: proved not to widen, and it narrows or may.
 * `changed`: proved to do neither.
 */
export type ChangeDirection = 'widened' | 'unknown' | 'narrowed' | 'changed';

/** What calls come to that they did not before. */
export type FlipKind = 'newly-allowed' | 'newly-unheld' | 'newly-held' | 'newly-denied';

/** One call on which the policies differ. Both decisions are what `decide` gives. */
export interface Flip {
  readonly kind: FlipKind;
  readonly direction: 'widened' | 'narrowed';
  readonly from: Effect;
  readonly to: Effect;
  readonly witness: Call;
  /** When both decide; null where no condition reads the time. */
  readonly at: Instant | null;
  readonly before: Decision;
  readonly after: Decision;
}

/** One key of a policy entry that differs, in words. */
export interface Change {
  /** The key, as in the policy: `arguments`, `who`, `timeout`. For arguments with the name: `arguments.limit`. */
  readonly key: string;
  readonly direction: ChangeDirection;
  /** What it said in words; null where it said nothing. */
  readonly before: string | null;
  readonly after: string | null;
  /** Something that is newly within, where there is no call to show it: a root, a header, a `_meta` key. */
  readonly example?: string;
}

/** What a difference is about. */
export type DiffSubject =
  | 'policy'
  | 'server'
  | 'identity'
  | 'trust'
  | 'limits'
  | 'tool'
  | 'prompt'
  | 'prompts'
  | 'method'
  | 'resources'
  | 'roots'
  | 'sampling'
  | 'elicitation'
  | 'logging'
  | 'completion'
  | 'tasks'
  | 'cache'
  | 'meta'
  | 'headers'
  | 'rule'
  | 'meter'
  | 'breaker'
  | 'flow'
  | 'exception'
  | 'other';

/** One thing that differs between two policies. */
export interface DiffItem {
  readonly subject: DiffSubject;
  /** The server it is about; null for the policy as a whole. */
  readonly server: string | null;
  /** The tool, prompt, pattern, method, key or id; null where the subject says it all. */
  readonly name: string | null;
  readonly status: 'added' | 'removed' | 'modified';
  readonly direction: ChangeDirection;
  readonly widens: Answer;
  readonly narrows: Answer;
  /** At most one for each pair of effects, widening ones first. */
  readonly flips: readonly Flip[];
  readonly changes: readonly Change[];
  /** Why something could not be decided; empty where everything could. */
  readonly reasons: readonly string[];
  readonly before: readonly RuleReference[];
  readonly after: readonly RuleReference[];
}

/** One side of a comparison. */
export interface ComparedPolicy {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  readonly file: string | null;
  /** The register of exceptions that was compared; null where there is none, or where exceptions were set aside. */
  readonly exceptions: { readonly file: string | null; readonly digest: Digest } | null;
}

/** What a comparison depends on besides the policies. */
export interface DiffOptions {
  /** From when on their exceptions are compared. Absent: they are set aside, since without a time none is in force. */
  readonly at?: Instant;
}

/** How two policies differ. Frozen plain data; equal policies give equal results. */
export interface PolicyDiff {
  readonly before: ComparedPolicy;
  readonly after: ComparedPolicy;
  /** From when on exceptions were compared; null where they were set aside. */
  readonly at: Instant | null;
  /** `same`: proved to decide alike, and nothing else differs. Otherwise the worst direction of the items, in the order of its type. */
  readonly verdict: ChangeDirection | 'same';
  /** What differs, by server, subject and name. */
  readonly items: readonly DiffItem[];
  /** How many entries and settings were compared and are the same. */
  readonly same: number;
}
