import type { Digest, Instant, JsonValue } from '@callgate/canonical';
import type { Trip } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';

/** Something that a breaker draws conclusions from. */
export interface BreakerEvent {
  readonly now: Instant;
  /** `denied`: it was not sent. `unheard`: its caller gave up, which says nothing about the tool. */
  readonly kind: 'ok' | 'failed' | 'unheard' | 'denied';
  readonly errorClass: string;
  readonly durationMs: number;
  readonly resultDigest: Digest | undefined;
  readonly facts: CallFacts;
}

/** What an event says about the fault that a breaker looks for. */
export type Sign = 'good' | 'bad' | 'none';

/**
 * How one sort of trip draws conclusions. Evidence is plain data, changed in place.
 */
export interface Detector<T extends Trip, Evidence> {
  create(): Evidence;
  /** Takes the event in. Whether the breaker is to open. */
  add(trip: T, evidence: Evidence, event: BreakerEvent): boolean;
  /** What a probe's end says, of a breaker that is half open. */
  signOf(trip: T, evidence: Evidence, event: BreakerEvent): Sign;
  /** Whether it says the same as new evidence. */
  isEmpty(evidence: Evidence): boolean;
  copy(evidence: Evidence): Evidence;
  write(evidence: Evidence): JsonValue;
  read(value: JsonValue): Evidence | undefined;
}
