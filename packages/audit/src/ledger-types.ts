import type { Clock } from '@callgate/canonical';

import type { AuditEntry, AuditRecord } from './records.ts';
import type { AuditSink } from './sink.ts';

/** State of a ledger that a host may watch. */
export interface LedgerHealth {
  readonly state: 'open' | 'failed' | 'closed';
  /** The next record's sequence number. */
  readonly nextSeq: number;
  /** The last sequence number known durable, -1 before the first. */
  readonly durableSeq: number;
  /** Records appended and not yet durable. */
  readonly pending: number;
  /** Records dropped because the buffer was full; a gap record says so as soon as there is room. */
  readonly dropped: number;
  /** Subscribers that threw; each was unsubscribed at its first throw. */
  readonly failedListeners: number;
}

/** Options of `openLedger`. */
export interface LedgerOptions {
  readonly sink: AuditSink;
  readonly clock: Clock;
  /** The id of a *new* ledger; an existing one keeps its own. */
  readonly id: string;
  /**
   * Records that may wait for the sink, default 10,000 (and at most 64 Mi UTF-16 code units of text). Beyond it `append`
   * refuses with `CALLGATE_AUDIT_FULL`.
   */
  readonly maxPending?: number;
}

/**
 * The append-only, hash-chained audit log of one gate instance.
 *
 * `append` is synchronous: it fixes the record's place in the chain and its bytes, and hands them to the sink in the
 * next batch (group commit: all that waits shares one write and one fsync).
 */
export interface Ledger {
  /** The ledger's id: the stored one where the sink had records, else `LedgerOptions.id`. */
  readonly id: string;
  /**
   * @returns the record's sequence number
   * @throws {AuditError} `CALLGATE_AUDIT_CLOSED`, `CALLGATE_AUDIT_FAILED`, `CALLGATE_AUDIT_FULL`,
   *   `CALLGATE_AUDIT_RECORD_INVALID` (nothing is written; the chain goes on)
   */
  append(entry: AuditEntry): number;
  /**
   * Resolves once record `seq` and all before it are durable.
   *
   * @throws {AuditError} `CALLGATE_AUDIT_FAILED` when the sink failed first; the signal's reason when aborted
   */
  durable(seq: number, signal?: AbortSignal): Promise<void>;
  /** Resolves once everything appended so far is durable. */
  flush(signal?: AbortSignal): Promise<void>;
  health(): LedgerHealth;
  /**
   * Called after each append with an independent copy of the record; for live views. A listener that throws is
   * unsubscribed. Returns the unsubscribe function.
   */
  subscribe(listener: (record: AuditRecord) => void): () => void;
  /**
   * Flushes, closes the sink and refuses further records. Safe to call twice.
   *
   * @throws {AuditError} `CALLGATE_AUDIT_FAILED` when records could not be kept; the sink is released all the same
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
