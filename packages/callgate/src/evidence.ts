import type { AuditEntry, Ledger } from '@callgate/audit';

import type { EventHub } from './events.ts';

/** Entries that may wait for the end of the turn. Beyond it they are appended at once. */
const MAX_WAITING = 32;

/**
 * The gate's way to its ledger: in order, and off the critical path where nothing depends on it.
 *
 * What has to be recorded before something may happen is appended at once. The rest (the decision and outcome of an
 * allowed read) is captured when it happens, and digested, written and chained at the end of the same turn of the event
 * loop, while the server works. Anything that is appended at once first appends all that waits, so that the order of
 * records is the order of events.
 */
export class Evidence {
  readonly #ledger: Ledger;
  readonly #events: EventHub;
  #waiting: (() => AuditEntry)[] = [];
  #isScheduled = false;
  #hasFailed = false;

  constructor(ledger: Ledger, events: EventHub) {
    this.#ledger = ledger;
    this.#events = events;
  }

  /** Whether an entry that waits can count on being kept: the ledger is open and took the last one. */
  get isReliable(): boolean {
    return !this.#hasFailed && this.#ledger.health().state === 'open';
  }

  /**
   * Appends now, after all that waits.
   *
   * @throws {AuditError} as `Ledger.append` does
   */
  append(entry: AuditEntry): number {
    this.drain();
    try {
      const sequence = this.#ledger.append(entry);
      this.#hasFailed = false;
      return sequence;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** Appends now what already happened: a loss is announced, counted by the ledger, and stops nothing. */
  note(entry: AuditEntry): void {
    try {
      this.append(entry);
    } catch (error) {
      this.#events.emit('ledger-failed', { error });
    }
  }

  /** Appends by the end of this turn. `make` works on frozen or private data only: it runs later. */
  later(make: () => AuditEntry): void {
    this.#waiting.push(make);
    if (this.#waiting.length >= MAX_WAITING) this.drain();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.drain();
      });
    }
  }

  /** Appends all that waits. Never throws: what is lost is announced, and counted by the ledger. */
  drain(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const make of waiting) {
      try {
        this.#ledger.append(make());
        this.#hasFailed = false;
      } catch (error) {
        this.#hasFailed = true;
        this.#events.emit('ledger-failed', { error });
      }
    }
  }

  durable(sequence: number, signal: AbortSignal): Promise<void> {
    return this.#ledger.durable(sequence, signal);
  }
}
