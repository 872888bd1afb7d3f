import { digest, type Digest } from '@callgate/canonical';

import { AuditError, RecordError } from './errors.ts';
import { CommitQueue } from './internal/commit-queue.ts';
import { shapeOf, stringText } from './internal/json-text.ts';
import { utf8Length } from './internal/utf8-length.ts';
import type { Ledger, LedgerHealth, LedgerOptions } from './ledger-types.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import { writeEntry, type HeaderText } from './record-writer.ts';
import type { AuditEntry, AuditRecord } from './records.ts';
import type { SinkOpening } from './sink.ts';

const DEFAULT_MAX_PENDING = 10_000;
const DEFAULT_MAX_PENDING_UNITS = 64 * 1024 * 1024;

/**
 * Opens the sink and continues its chain, or begins a new one. The ledger writes a `lifecycle` record of its own when it
 * is opened, when the sink cut off a torn end (`recovered`), and when it is closed; the first is durable on return.
 *
 * @throws {AuditError} what the sink's `open` throws; `CALLGATE_AUDIT_FAILED` when the first record could not be kept
 * @throws {RangeError} when `maxPending` is not a positive integer, or `id` not 1 to 128 characters
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { maxPending = DEFAULT_MAX_PENDING, id } = options;
  if (!Number.isSafeInteger(maxPending) || maxPending < 1)
    throw new RangeError('maxPending: expected a positive integer');
  if (id.length === 0 || id.length > 128) throw new RangeError('id: expected 1 to 128 characters');
  stringText(id, '/ledger');
  const opening = await options.sink.open();
  const ledger = new ChainedLedger(options, maxPending, opening);
  try {
    ledger.begin();
    await ledger.flush();
  } catch (error) {
    await ledger.close().catch(() => undefined); // the failure that is thrown here is the one `close` reports
    throw error;
  }
  return ledger;
}

class ChainedLedger implements Ledger {
  readonly #options: LedgerOptions;
  readonly #opening: SinkOpening;
  readonly #maxPending: number;
  readonly #queue: CommitQueue;
  readonly #ledgerText: string;
  readonly #ledgerId: string;
  readonly #listeners = new Set<(record: AuditRecord) => void>();
  #nextSeq: number;
  #prevText: string;
  #dropped = 0;
  #droppedUnrecorded = 0;
  #failedListeners = 0;
  /** Lines that listeners have not seen yet; more than one only while a listener appends from within. */
  #untold: string[] = [];
  #isTelling = false;
  #closing: Promise<void> | undefined;

  constructor(options: LedgerOptions, maxPending: number, opening: SinkOpening) {
    this.#options = options;
    this.#opening = opening;
    this.#maxPending = maxPending;
    this.#ledgerId = opening.tail?.ledger ?? options.id;
    this.#ledgerText = `"ledger":${stringText(this.#ledgerId, '/ledger')}`;
    this.#nextSeq = (opening.tail?.seq ?? -1) + 1;
    this.#prevText = prevText(opening.tail?.digest ?? null);
    this.#queue = new CommitQueue(options.sink, this.#nextSeq, () => this.#recordGap());
  }

  get id(): string {
    return this.#ledgerId;
  }

  begin(): void {
    const { tail, tornBytes } = this.#opening;
    if (tornBytes > 0) this.#lifecycle('recovered', { tornBytes });
    this.#lifecycle('opened', { continues: tail === null ? null : tail.seq });
  }

  append(entry: AuditEntry): number {
    this.#assertOpen();
    if (this.#queue.pending >= this.#maxPending || this.#queue.pendingUnits >= DEFAULT_MAX_PENDING_UNITS) {
      this.#dropped += 1;
      this.#droppedUnrecorded += 1;
      throw new AuditError('CALLGATE_AUDIT_FULL', `${this.#queue.pending} records wait for the sink already`);
    }
    this.#recordGap();
    return this.#chain(entry);
  }

  /** `async` so that a wrong `seq` rejects, like everything else that can go wrong here. */
  async durable(seq: number, signal?: AbortSignal): Promise<void> {
    if (!Number.isSafeInteger(seq) || seq < 0 || seq >= this.#nextSeq) {
      throw new RangeError(`seq: expected a record of this ledger, 0 to ${this.#nextSeq - 1}`);
    }
    return this.#queue.durable(seq, signal);
  }

  async flush(signal?: AbortSignal): Promise<void> {
    return this.#queue.durable(this.#nextSeq - 1, signal);
  }

  health(): LedgerHealth {
    return {
      state: this.#queue.failure !== undefined ? 'failed' : this.#closing === undefined ? 'open' : 'closed',
      nextSeq: this.#nextSeq,
      durableSeq: this.#queue.durableSeq,
      pending: this.#queue.pending,
      dropped: this.#dropped,
      failedListeners: this.#failedListeners,
    };
  }

  subscribe(listener: (record: AuditRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drain(): Promise<void> {
    try {
      if (this.#queue.failure === undefined) {
        this.#recordGap();
        this.#lifecycle('closed', {});
      }
      await this.#queue.durable(this.#nextSeq - 1);
    } finally {
      this.#listeners.clear();
      await this.#options.sink.close();
    }
  }

  #assertOpen(): void {
    if (this.#queue.failure !== undefined) throw this.#queue.failure;
    if (this.#closing !== undefined) throw new AuditError('CALLGATE_AUDIT_CLOSED', 'the ledger is closed');
  }

  /** Says how many records were refused since the last time it said so. */
  #recordGap(): void {
    const count = this.#droppedUnrecorded;
    if (count === 0) return;
    this.#droppedUnrecorded = 0;
    this.#chain({ kind: 'gap', time: this.#options.clock.now(), count, code: 'CALLGATE_AUDIT_FULL' });
  }

  #lifecycle(event: 'opened' | 'closed' | 'recovered', detail: { readonly [key: string]: number | null }): void {
    this.#chain({ kind: 'lifecycle', time: this.#options.clock.now(), event, detail });
  }

  #chain(entry: AuditEntry): number {
    const seq = this.#nextSeq;
    const line = lineOf(entry, { ledger: this.#ledgerText, prev: this.#prevText, seq: `"seq":${seq}` });
    this.#prevText = prevText(digest(line));
    this.#nextSeq = seq + 1;
    this.#queue.push(line);
    if (this.#listeners.size > 0) this.#tell(line);
    return seq;
  }

  /** One line after another, so that every listener sees the order of the ledger and none runs inside another. */
  #tell(line: string): void {
    this.#untold.push(line);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let index = 0; index < this.#untold.length; index += 1) this.#tellAll(this.#untold[index] ?? '');
    this.#untold = [];
    this.#isTelling = false;
  }

  #tellAll(line: string): void {
    for (const listener of this.#listeners) {
      try {
        listener(JSON.parse(line) as AuditRecord);
      } catch {
        // a live view that throws is counted and left out; it may not decide what is recorded
        this.#failedListeners += 1;
        this.#listeners.delete(listener);
      }
    }
  }
}

function prevText(prev: Digest | null): string {
  return prev === null ? '"prev":null' : `"prev":"${prev}"`;
}

function lineOf(entry: AuditEntry, header: HeaderText): string {
  let line: string | undefined;
  try {
    line = writeEntry(entry, header);
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw new RecordError(
      { pointer: '', expected: 'a complete entry', got: 'one with missing members' },
      { cause: error },
    );
  }
  if (line === undefined)
    throw new RecordError({ pointer: '/kind', expected: 'a kind of record', got: shapeOf(entry.kind) });
  // a UTF-16 unit is at most three bytes, so most lines need no counting
  if (line.length * 3 > MAX_RECORD_BYTES && utf8Length(line) > MAX_RECORD_BYTES) {
    throw new RecordError({ pointer: '', expected: `at most ${MAX_RECORD_BYTES} bytes`, got: 'more' });
  }
  return line;
}
