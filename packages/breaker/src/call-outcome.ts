import type { Digest, JsonObject } from '@callgate/canonical';

import type { Fingerprints } from './flows/fingerprints.ts';

/** How a call that was sent ended. */
export type OutcomeKind =
  | 'ok'
  /** The tool says that it failed. */
  | 'tool_error'
  /** The server, the protocol or the transport says so. */
  | 'error'
  /** No answer in time: it may have happened. */
  | 'timeout'
  /** The caller gave up after it was sent: it may have happened. */
  | 'cancelled'
  /** It happened, and its result was withheld. */
  | 'quarantined'
  /** Nobody knows: it may have happened. */
  | 'unknown';

/** What became of a call that was reserved. What is absent is not known. */
export interface CallOutcome {
  readonly outcome: OutcomeKind;
  /** What kind of failure, from few: a code, not a message. Default: `outcome`. */
  readonly errorClass?: string | undefined;
  /**
   * Whether the answer is no end. `asked`: for something first, and the call goes on in another, so that no write has been made yet. `begun`:
   * a task was, whose result is of no call.
   */
  readonly goesOn?: 'asked' | 'begun' | undefined;
  /** Milliseconds from sending to the answer. */
  readonly durationMs: number;
  /** Of the result, as it came. */
  readonly bytes: number;
  readonly resultDigest?: Digest | undefined;
  readonly rows?: number | undefined;
  readonly tokens?: number | undefined;
  /** The structured result: ids of plans and costs are read from it. It is not kept. */
  readonly result?: JsonObject | undefined;
  /** Labels that inspection found. */
  readonly labels?: readonly string[] | undefined;
  /** Of the result's texts, where it has labels: by `fingerprintsOf`. */
  readonly fingerprints?: Fingerprints | undefined;
}
