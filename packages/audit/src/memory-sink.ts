import { digest } from '@callgate/canonical';

import { AuditError, LedgerLockedError } from './errors.ts';
import type { AuditRecord } from './records.ts';
import type { AuditSink, LedgerTail, SinkOpening } from './sink.ts';

/** Options of {@link createMemorySink}. */
export interface MemorySinkOptions {
  /** Lines kept, default 100,000, at least 1. The oldest make room for new ones. */
  readonly maxRecords?: number;
}

/** Keeps the newest lines in memory. It survives its ledger: closing and opening again continues the chain. */
export interface MemorySink extends AuditSink {
  /** The lines kept, oldest first; a copy. */
  lines(): readonly string[];
  /** The records of {@link lines}; independent of the sink. */
  records(): readonly AuditRecord[];
  /** Lines that made room for newer ones. Verify what is left with `{ from: 'window' }`. */
  readonly evicted: number;
}

/**
 * A bounded sink in memory, for tests and for hosts that ship records elsewhere. "Durable" means: kept.
 *
 * @throws {RangeError} when `maxRecords` is not a positive integer
 */
export function createMemorySink(options: MemorySinkOptions = {}): MemorySink {
  const { maxRecords = 100_000 } = options;
  if (!Number.isSafeInteger(maxRecords) || maxRecords < 1) {
    throw new RangeError('maxRecords: expected a positive integer');
  }
  return new RingSink(maxRecords);
}

class RingSink implements MemorySink {
  readonly #capacity: number;
  #ring: string[] = [];
  #written = 0;
  #open = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get evicted(): number {
    return Math.max(0, this.#written - this.#capacity);
  }

  lines(): readonly string[] {
    const oldest = this.#written % this.#capacity;
    return this.evicted === 0 ? [...this.#ring] : [...this.#ring.slice(oldest), ...this.#ring.slice(0, oldest)];
  }

  records(): readonly AuditRecord[] {
    return this.lines().map((line) => JSON.parse(line) as AuditRecord);
  }

  async open(): Promise<SinkOpening> {
    if (this.#open) throw new LedgerLockedError(null, 'the memory sink already belongs to an open ledger');
    this.#open = true;
    return { tail: this.#tail(), tornBytes: 0 };
  }

  async write(lines: readonly string[]): Promise<void> {
    if (!this.#open) throw new AuditError('CALLGATE_AUDIT_CLOSED', 'the memory sink is not open');
    for (const line of lines) {
      this.#ring[this.#written % this.#capacity] = line;
      this.#written += 1;
    }
  }

  async close(): Promise<void> {
    this.#open = false;
  }

  #tail(): LedgerTail | null {
    if (this.#written === 0) return null;
    const line = this.#ring[(this.#written - 1) % this.#capacity] ?? '';
    const { ledger, seq } = JSON.parse(line) as AuditRecord;
    return { ledger, seq, digest: digest(line) };
  }
}
