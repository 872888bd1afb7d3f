import type { AuditEntry } from './records.ts';
import type { LedgerTail } from './sink.ts';

/**
 * What can be wrong with a ledger.
 *
 * | code | meaning |
 * |---|---|
 * | `malformed` | a line is not a JSON object, or not UTF-8 |
 * | `not-canonical` | a line is not in RFC 8785 form |
 * | `too-long` | a line is longer than {@link MAX_RECORD_BYTES} |
 * | `version` | a record of an unknown version |
 * | `schema` | a line is canonical JSON, but no record |
 * | `seq-gap` | records are missing before this one |
 * | `seq-repeated` | a record that was there already, or stands in the wrong place |
 * | `prev-mismatch` | a record does not follow from the line before it: one of the two was changed |
 * | `ledger-changed` | a record of another ledger |
 * | `segment-name` | a segment's name is not its first record's number |
 * | `torn-tail` | the last line has no end |
 * | `empty` | there is no record at all; every ledger begins with one |
 */
export type VerifyProblemCode =
  | 'malformed'
  | 'not-canonical'
  | 'too-long'
  | 'version'
  | 'schema'
  | 'seq-gap'
  | 'seq-repeated'
  | 'prev-mismatch'
  | 'ledger-changed'
  | 'segment-name'
  | 'torn-tail'
  | 'empty';

/** One thing that is wrong, and where. */
export interface VerifyProblem {
  readonly code: VerifyProblemCode;
  /** The record's own number, null where the line does not say. */
  readonly seq: number | null;
  /** The segment's file name, null for a source that is not a directory. */
  readonly segment: string | null;
  /** The line within the segment or source, from 1. */
  readonly line: number;
  readonly message: string;
}

/** An allowed request without an outcome: the server may or may not have executed it. */
export interface InDoubt {
  readonly request: string;
  readonly method: string;
  readonly target: string | null;
  readonly seq: number;
}

/** A gap record: `count` records before it were refused, for the reason `code`. */
export interface RecordedGap {
  readonly seq: number;
  readonly count: number;
  readonly code: string;
}

/** Options of `verifyLedger` and `verifyLines`. */
export interface VerifyOptions {
  /**
   * Where the chain begins: `genesis` (default) wants record 0; `window` takes the first record as it comes, for sources
   * whose beginning was evicted or archived; a tail wants the record right after it.
   */
  readonly from?: 'genesis' | 'window' | LedgerTail;
  /** Parse each record, check it against the whole schema and write it anew, default false. More than ten times slower. */
  readonly deep?: boolean;
  /** Take an unfinished last line as one that is being written at the moment, default false. */
  readonly allowTornTail?: boolean;
  /** Problems described in the report, default 100. `problemCount` counts them all. */
  readonly maxProblems?: number;
  /** Requests in doubt, and gaps, described in the report, default 1,000. */
  readonly maxInDoubt?: number;
  readonly signal?: AbortSignal;
}

/** What verification found. */
export interface VerifyReport {
  /** Whether nothing is wrong. Gaps and calls in doubt are findings about the calls, not about the ledger. */
  readonly ok: boolean;
  /** The ledger's id, null when no line could be read. */
  readonly ledger: string | null;
  readonly records: number;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Where the chain ends; verify later records with `{ from: tail }`. Null without records. */
  readonly tail: LedgerTail | null;
  /** Bytes after the last line's end. */
  readonly tornBytes: number;
  readonly problems: readonly VerifyProblem[];
  readonly problemCount: number;
  readonly inDoubt: readonly InDoubt[];
  readonly inDoubtCount: number;
  /** False when more than 100,000 requests were open at once, or had ids over 256 characters, and could not be followed. */
  readonly inDoubtComplete: boolean;
  readonly gaps: readonly RecordedGap[];
  /** Records that gap records stand for. */
  readonly dropped: number;
  readonly byKind: Readonly<Record<AuditEntry['kind'], number>>;
  /** Decisions by what was enforced. */
  readonly byEffect: Readonly<Record<'allow' | 'deny' | 'hold', number>>;
}
