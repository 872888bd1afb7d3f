import type { Instant } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict, HistoryView } from '@callgate/policy';

import type { CallOutcome } from './call-outcome.ts';

/** A change that others want to know of. */
export interface HistoryChange {
  readonly kind: 'breaker-opened' | 'breaker-closed';
  /** The control's id. */
  readonly control: string;
}

/** Waiting for others to end: see {@link Attempt.wait}. */
export interface Waiting {
  /** The longest that it may wait, milliseconds from now: the shortest that its controls say. The host keeps the time. */
  readonly waitMs: number;
  /** Waits no longer: time is up, or the call was cancelled. Safe to call again, and after a place was taken. */
  leave(): void;
}

/**
 * One call, from the decision to its end.
 *
 * Judged, then without waiting in between reserved or dropped, or left alone (nothing happened). What is reserved is settled or released,
 * once; anything after that changes nothing.
 */
export interface Attempt extends HistoryView {
  readonly id: string;
  /** The labels that policy says its result brings, those of the calls inside it among them. Sorted; known once it is judged. */
  readonly labels: readonly string[];
  /**
   * What the control says of the call. Nothing changes but for this attempt: its next calls (those inside a dispatcher's) are judged as if
   * this one had gone ahead. Asked again about the same control and the same call, it says the same.
   */
  judge(control: Control, call: ControlledCall): ControlVerdict;
  /**
   * The call goes ahead: whatever was judged counts, also where it was refused (controls that are observed only).
   *
   * @throws {AttemptError} when it cannot be reserved any more
   */
  reserve(): void;
  /**
   * The call was denied: a denial, for those who count them. What a control refused itself it does not count.
   *
   * @param code why
   */
  drop(code: string): readonly HistoryChange[];
  /** What was reserved ended so, at `now`. */
  settle(outcome: CallOutcome, now: Instant): readonly HistoryChange[];
  /** What was reserved was never sent, as is known at `now`: nothing happened. */
  release(now: Instant): void;
  /**
   * Waits for a place, if places are all that the call lacks: controls of calls under way refused it, all with a queue that has room.
   * Undefined when that is not so; drop the attempt then.
   *
   * @param tryAgain is called, at once and synchronously, whenever a place comes free. It judges a new attempt, and reserves it if it may.
   * What it returns: the new attempt if it lacks places still, undefined if the call waits no longer, with a place or without
   */
  wait(tryAgain: () => Attempt | undefined): Waiting | undefined;
}
