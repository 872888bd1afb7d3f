import { AuditError } from '../errors.ts';
import type { AuditSink } from '../sink.ts';

/**
 * Hands lines to a sink in batches, one write at a time: what is pushed while a write is in flight shares the next one.
 *
 * Whoever waits for a record waits for its batch, so there are never more than two promises to settle.
 */
export class CommitQueue {
  readonly #sink: AuditSink;
  /** Called when a batch has become durable and there is room again. */
  readonly #onRoom: () => void;
  #waiting: string[] = [];
  #waitingUnits = 0;
  #next = new Batch();
  #inFlight: Batch | undefined;
  #inFlightCount = 0;
  #inFlightUnits = 0;
  #inFlightLastSeq: number;
  #running = false;
  #durableSeq: number;
  #failure: AuditError | undefined;

  constructor(sink: AuditSink, nextSeq: number, onRoom: () => void) {
    this.#sink = sink;
    this.#onRoom = onRoom;
    this.#durableSeq = nextSeq - 1;
    this.#inFlightLastSeq = nextSeq - 1;
  }

  /** Lines not yet durable. */
  get pending(): number {
    return this.#waiting.length + this.#inFlightCount;
  }

  /** Their length in UTF-16 code units. */
  get pendingUnits(): number {
    return this.#waitingUnits + this.#inFlightUnits;
  }

  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Set once the sink has failed; nothing is taken or written after that. */
  get failure(): AuditError | undefined {
    return this.#failure;
  }

  push(line: string): void {
    this.#waiting.push(line);
    this.#waitingUnits += line.length;
    if (this.#running) return;
    this.#running = true;
    // one microtask later everything appended in the same turn shares the first write
    queueMicrotask(() => void this.#run());
  }

  async durable(seq: number, signal?: AbortSignal): Promise<void> {
    if (seq <= this.#durableSeq) return;
    if (this.#failure !== undefined) throw this.#failure;
    signal?.throwIfAborted();
    const batch = seq <= this.#inFlightLastSeq && this.#inFlight !== undefined ? this.#inFlight : this.#next;
    await (signal === undefined ? batch.settled() : abortable(batch.settled(), signal));
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#takeBatch();
      const batch = this.#inFlight;
      try {
        await this.#sink.write(lines);
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#durableSeq = this.#inFlightLastSeq;
      this.#inFlight = undefined;
      this.#inFlightCount = 0;
      this.#inFlightUnits = 0;
      batch?.resolve();
      if (!this.#announceRoom()) return;
    }
    this.#running = false;
  }

  #announceRoom(): boolean {
    try {
      this.#onRoom();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #takeBatch(): readonly string[] {
    const lines = this.#waiting;
    this.#inFlight = this.#next;
    this.#inFlightCount = lines.length;
    this.#inFlightUnits = this.#waitingUnits;
    this.#inFlightLastSeq += lines.length;
    this.#waiting = [];
    this.#waitingUnits = 0;
    this.#next = new Batch();
    return lines;
  }

  #fail(cause: unknown): void {
    const failure = new AuditError('CALLGATE_AUDIT_FAILED', `the audit sink failed: ${reasonOf(cause)}`, { cause });
    this.#failure = failure;
    this.#inFlight?.reject(failure);
    this.#next.reject(failure);
  }
}

/** One write's outcome. The promise exists only once somebody waits for it. */
class Batch {
  #settled: PromiseWithResolvers | undefined;
  #outcome: { readonly failure: AuditError | undefined } | undefined;

  settled(): Promise<void> {
    if (this.#outcome !== undefined) {
      return this.#outcome.failure === undefined ? Promise.resolve() : Promise.reject(this.#outcome.failure);
    }
    this.#settled ??= withResolvers();
    return this.#settled.promise;
  }

  resolve(): void {
    this.#outcome = { failure: undefined };
    this.#settled?.resolve();
  }

  reject(failure: AuditError): void {
    this.#outcome = { failure };
    this.#settled?.reject(failure);
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

// `Promise.withResolvers` is missing from Node 20
function withResolvers(): PromiseWithResolvers {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

async function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = withResolvers();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The failure in a few words: a code where there is one, never a foreign message that could hold a secret. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AuditError) return cause.message;
  return cause instanceof Error ? cause.name : 'it threw something that is not an error';
}
