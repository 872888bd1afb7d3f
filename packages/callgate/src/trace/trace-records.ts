import type { OutcomeEntry } from '@callgate/audit';
import type { Digest, Instant, JsonObject } from '@callgate/canonical';
import type { Direction, Effect, PolicyCode, Principal, ServerIdentity, Stage } from '@callgate/policy';

import type { GateCode } from '../codes.ts';

/** One line of a trace, as it is read back. */
export type TraceRecord = TraceBegin | TracedCall | TracedOutcome | TraceGap | TraceEnd;

/** The policy that decides what follows: the first record, and one after each reload. */
export interface TraceBegin {
  readonly kind: 'begin';
  /** Milliseconds since the epoch, as in every record. */
  readonly at: Instant;
  readonly policy: { readonly name: string; readonly version: string; readonly digest: Digest };
}

/** A message as it was decided on. */
export interface TracedCall {
  readonly kind: 'call';
  /** When it was decided. */
  readonly at: Instant;
  /** The gate's id of the message, as in records and denials. */
  readonly request: string;
  readonly run: string | null;
  /** The runs around it, innermost first. */
  readonly parents: readonly string[];
  readonly principal: Principal;
  /** Labels of content from quarantine among its arguments. */
  readonly carries: readonly string[];
  readonly server: string;
  /** What was observed of the server's identity. */
  readonly identity: ServerIdentity | null;
  readonly direction: Direction;
  readonly message: 'request' | 'notification';
  readonly method: string;
  /** Null where they would not fit into one record; see {@link MAX_TRACE_RECORD_BYTES}. */
  readonly params: JsonObject | null;
  /** What the policy said. Null where the gate refused the message without asking it. */
  readonly decision: TracedDecision | null;
  /** What came of it, with what the gate and its interceptors say. */
  readonly verdict: { readonly effect: Effect; readonly code: GateCode };
}

/** A decision of the policy, short: enough to tell whether another one is the same. */
export interface TracedDecision {
  readonly effect: Effect;
  readonly would: Effect | null;
  readonly wouldCode: PolicyCode | null;
  readonly stage: Stage;
  readonly code: PolicyCode;
  /** See `digestDecision`. */
  readonly digest: Digest;
}

/** What became of a request. */
export interface TracedOutcome {
  readonly kind: 'outcome';
  readonly at: Instant;
  readonly request: string;
  readonly outcome: OutcomeEntry['outcome'];
  readonly code: string | null;
  readonly durationMs: number;
  /** The answer as it came; null where there was none. */
  readonly response: OutcomeEntry['response'];
  /** Labels of flows that inspection found the answer to have. */
  readonly found: readonly string[];
  /** The answer as the client got it: after inspection. Null where there is none, it was withheld, or it is not traced. */
  readonly answer: { readonly result: JsonObject } | { readonly error: JsonObject } | null;
  /** Why an answer that the client got is not here: it would not fit, or results are not traced. */
  readonly omitted: 'size' | 'option' | null;
}

/** Records are missing here. */
export interface TraceGap {
  readonly kind: 'gap';
  readonly at: Instant;
  /** `lagging`: what writes the trace could not keep up; `full`: the trace reached its bound, and ends; `failed`: a record could not be made. */
  readonly reason: 'lagging' | 'full' | 'failed';
  /** How many, as far as that is known by now. */
  readonly count: number;
}

/** The last record of a trace that was ended in order. */
export interface TraceEnd {
  readonly kind: 'end';
  readonly at: Instant;
  readonly calls: number;
  readonly outcomes: number;
  readonly dropped: number;
}

/** The longest line of a trace, in bytes. A call or an answer that is longer is traced without its params or content. */
export const MAX_TRACE_RECORD_BYTES: number = 16 * 1024 * 1024;
