import type { Digest } from '@callgate/canonical';

/** Where a ledger stands: what the next record continues from. */
export interface LedgerTail {
  readonly ledger: string;
  /** The last record's sequence number. */
  readonly seq: number;
  /** The digest of the last record's line, without its line feed. */
  readonly digest: Digest;
}

/** What opening a sink found. */
export interface SinkOpening {
  /** Null for a new ledger. */
  readonly tail: LedgerTail | null;
  /** Bytes of a torn last line that recovery cut off (and kept aside), 0 when the end was clean. */
  readonly tornBytes: number;
}

/**
 * Where records go. A sink stores lines in the order it gets them and never rewrites one.
 *
 * `write` resolves once the lines are as durable as the sink can make them (for files: after fsync). The ledger calls
 * it with one batch at a time and never concurrently. It rejects with an `AuditError`; after a rejection the sink is
 * failed and takes no more.
 */
export interface AuditSink {
  open(): Promise<SinkOpening>;
  write(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
