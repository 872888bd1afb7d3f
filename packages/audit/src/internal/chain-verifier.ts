import { digest, isDigest, type Digest } from '@callgate/canonical';

import { RecordError } from '../errors.ts';
import { parseRecord } from '../record-schema.ts';
import { writeRecord } from '../record-writer.ts';
import type { LedgerTail } from '../sink.ts';
import type { VerifyOptions, VerifyProblem, VerifyProblemCode, VerifyReport } from '../verify-types.ts';
import { RecordScanner, type ScanFault } from './record-scanner.ts';
import { RequestTracker } from './request-tracker.ts';

const FAULT_MESSAGES: Readonly<Record<ScanFault, string>> = {
  malformed: 'expected a JSON object on the line',
  'not-canonical': 'expected RFC 8785 form: no white space, members in order, none twice',
  version: 'expected a record of version 1',
  schema: 'expected the members of a record',
};

/** Checks lines one after another and keeps going after a problem, so that one report names them all. */
export class ChainVerifier {
  /** The segment that lines come from now; its first line is line 1. */
  #segment: { readonly name: string; readonly firstSeq: number } | null = null;
  #line = 0;
  readonly #options: VerifyOptions;
  readonly #scanner = new RecordScanner();
  readonly #tracker: RequestTracker;
  readonly #problems: VerifyProblem[] = [];
  #problemCount = 0;
  #records = 0;
  #firstSeq: number | null = null;
  #lastSeq: number | null = null;
  #ledger: string | null = null;
  /** Null where any number will do: at the beginning of a window. */
  #expectedSeq: number | null;
  #previous: Digest | null;
  #tornBytes = 0;

  constructor(options: VerifyOptions) {
    const { from = 'genesis', maxInDoubt = 1000 } = options;
    this.#options = options;
    this.#tracker = new RequestTracker(maxInDoubt);
    const tail = typeof from === 'string' ? null : from;
    this.#expectedSeq = tail !== null ? tail.seq + 1 : from === 'window' ? null : 0;
    this.#previous = tail?.digest ?? null;
    this.#ledger = tail?.ledger ?? null;
  }

  get problemCount(): number {
    return this.#problemCount;
  }

  get lines(): number {
    return this.#line;
  }

  beginSegment(name: string, firstSeq: number): void {
    this.#segment = { name, firstSeq };
    this.#line = 0;
  }

  /** A segment in the middle must hold records; the last one may have been created and not yet filled. */
  endSegment(isLast: boolean): void {
    if (this.#line > 0) return;
    const expected = this.#expectedSeq;
    if (!isLast) this.#problem('segment-name', null, 'expected records in the segment');
    else if (expected !== null && this.#segment !== null && this.#segment.firstSeq !== expected)
      this.#problem('segment-name', null, `the segment is empty and expected to be named after record ${expected}`);
  }

  readonly takeLine = (bytes: Uint8Array, start: number, end: number): void => {
    this.#line += 1;
    const scanner = this.#scanner;
    const fault = scanner.scan(bytes, start, end);
    if (fault === undefined) {
      this.#checkPlace(scanner);
      this.#tracker.take(scanner);
    } else {
      this.#problem(fault, scanner.seq < 0 ? null : scanner.seq, FAULT_MESSAGES[fault]);
      if (this.#expectedSeq !== null) this.#expectedSeq += 1;
    }
    const line = bytes.subarray(start, end);
    this.#previous = digest(line);
    if (fault === undefined && this.#options.deep === true) this.#checkDeeply(line, scanner.seq);
  };

  readonly takeTooLong = (bytes: number): void => {
    this.#line += 1;
    this.#problem('too-long', null, `the line has ${bytes} bytes`);
    // its digest is unknown, so the next line stands for itself
    this.#expectedSeq = null;
    this.#previous = null;
  };

  /** `isLast`: whether the source ends here; an unfinished line in the middle is never one being written. */
  takeTornTail(bytes: number, isLast = true): void {
    if (bytes === 0) return;
    this.#tornBytes = bytes;
    if (isLast && this.#options.allowTornTail === true) return;
    this.#line += 1;
    this.#problem('torn-tail', null, `${bytes} bytes after the last complete line`);
  }

  tail(): LedgerTail | null {
    if (this.#lastSeq === null || this.#ledger === null || this.#previous === null) return null;
    return { ledger: this.#ledger, seq: this.#lastSeq, digest: this.#previous };
  }

  report(): VerifyReport {
    if (this.#records === 0 && this.#problemCount === 0) this.#problem('empty', null, 'expected at least one record');
    const { listed, count } = this.#tracker.inDoubt(this.#options.maxInDoubt ?? 1000);
    return {
      ok: this.#problemCount === 0,
      ledger: this.#ledger,
      records: this.#records,
      firstSeq: this.#firstSeq,
      lastSeq: this.#lastSeq,
      tail: this.tail(),
      tornBytes: this.#tornBytes,
      problems: this.#problems,
      problemCount: this.#problemCount,
      inDoubt: listed,
      inDoubtCount: count,
      inDoubtComplete: this.#tracker.complete,
      gaps: this.#tracker.gaps,
      dropped: this.#tracker.dropped,
      byKind: this.#tracker.byKind,
      byEffect: this.#tracker.byEffect,
    };
  }

  #checkPlace(record: RecordScanner): void {
    const { seq } = record;
    if (this.#line === 1 && this.#segment !== null && this.#segment.firstSeq !== seq) {
      this.#problem('segment-name', seq, `the segment's name says ${this.#segment.firstSeq}`);
    }
    if (this.#expectedSeq === null) this.#checkWindow(record);
    else if (seq > this.#expectedSeq) this.#problem('seq-gap', seq, `expected record ${this.#expectedSeq}`);
    else if (seq < this.#expectedSeq) this.#problem('seq-repeated', seq, `expected record ${this.#expectedSeq}`);
    else if (!record.hasPrev(this.#previous)) {
      this.#problem('prev-mismatch', seq, 'does not follow from the line before it: one of the two was changed');
    }
    if (this.#ledger === null) this.#ledger = record.ledger;
    else if (!record.hasLedger(this.#ledger)) this.#problem('ledger-changed', seq, 'a record of another ledger');
    this.#records += 1;
    this.#firstSeq ??= seq;
    this.#lastSeq = seq;
    this.#expectedSeq = seq + 1;
  }

  /** The first record of a window has no line before it to compare with, but it must name one, unless it is record 0. */
  #checkWindow(record: RecordScanner): void {
    const { prev, seq } = record;
    if (seq === 0 ? prev !== null : !isDigest(prev)) {
      this.#problem('prev-mismatch', seq, 'expected a digest of the line before, and none in record 0');
    }
  }

  #checkDeeply(bytes: Uint8Array, seq: number): void {
    const text = decodeStrictly(bytes);
    if (text === undefined) {
      this.#problem('malformed', seq, 'expected UTF-8');
      return;
    }
    try {
      if (writeRecord(parseRecord(text)) !== text) this.#problem('not-canonical', seq, FAULT_MESSAGES['not-canonical']);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.#problem('schema', seq, error.message);
    }
  }

  #problem(code: VerifyProblemCode, seq: number | null, message: string): void {
    this.#problemCount += 1;
    if (this.#problems.length >= (this.#options.maxProblems ?? 100)) return;
    this.#problems.push({ code, seq, segment: this.#segment?.name ?? null, line: this.#line, message });
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined; // reported by the caller, with its place
  }
}
