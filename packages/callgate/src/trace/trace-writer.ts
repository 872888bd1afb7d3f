import type { Clock } from '@callgate/canonical';

import type { EventHub } from '../events.ts';
import { MAX_TRACE_RECORD_BYTES, type TraceEnd, type TraceGap } from './trace-records.ts';
import { FRAME_OVERHEAD, MAX_FRAME_BYTES, type FrameSealer } from './trace-seal.ts';
import type { TraceSink } from './trace-sink.ts';

/** Records that may wait for the end of the turn. Beyond it they are sealed at once. */
const MAX_WAITING = 256;

/** Sealed bytes that may wait for the sink. Beyond it records are dropped, and counted in a gap. */
const MAX_UNWRITTEN_BYTES = 32 * 1024 * 1024;

/** What is kept free for the gap and the end of a trace that is full. */
const RESERVED_BYTES = 1024;

/** How a trace stands. */
export interface TraceStatus {
  /** `ended`: it is full, or writing failed, or the gate closed. */
  readonly state: 'open' | 'ended';
  readonly calls: number;
  readonly outcomes: number;
  /** Records that are not in it. */
  readonly dropped: number;
  /** Sealed so far. */
  readonly bytes: number;
}

/** A record on its way into the trace. */
export interface TraceEntry {
  readonly kind: 'begin' | 'call' | 'outcome';
  /** Its JSON. Runs by the end of the turn, on frozen or private data only. */
  text(): string;
  /** …without what makes it long. */
  shortText(): string;
}

/**
 * Seals records and hands them to the sink: off the path of calls, in order, within bounds. Nothing here throws or waits on
 * behalf of a call; what goes wrong ends the trace, and is an event.
 */
export class TraceWriter {
  readonly #sink: TraceSink;
  readonly #sealer: FrameSealer;
  readonly #clock: Clock;
  readonly #events: EventHub;
  readonly #maxBytes: number;
  readonly #counts = { begin: 0, call: 0, outcome: 0 };
  #waiting: TraceEntry[] = [];
  #isScheduled = false;
  /** Lines that are not sealed yet. */
  #lines: Uint8Array[] = [];
  #lineBytes = 0;
  /** Sealed, and not with the sink yet. */
  #frames: Uint8Array[] = [];
  #unwritten = 0;
  #bytes = 0;
  #dropped = 0;
  #gap: { reason: TraceGap['reason']; count: number } | undefined;
  #isEnded = false;
  #pumping: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(about: {
    readonly sink: TraceSink;
    readonly sealer: FrameSealer;
    readonly clock: Clock;
    readonly events: EventHub;
    readonly maxBytes: number;
  }) {
    this.#sink = about.sink;
    this.#sealer = about.sealer;
    this.#clock = about.clock;
    this.#events = about.events;
    this.#maxBytes = about.maxBytes;
    this.#hand(about.sealer.header);
  }

  get status(): TraceStatus {
    return {
      state: this.#isEnded ? 'ended' : 'open',
      calls: this.#counts.call,
      outcomes: this.#counts.outcome,
      dropped: this.#dropped,
      bytes: this.#bytes,
    };
  }

  /** Takes a record; it is sealed by the end of this turn of the event loop. */
  append(entry: TraceEntry): void {
    if (this.#isEnded) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(entry);
    if (this.#waiting.length >= MAX_WAITING) this.drain();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.drain();
      });
    }
  }

  /** Seals all that waits. */
  drain(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) this.#add(entry);
    this.#seal(false);
    this.#pump();
  }

  /** Resolves once what was traced so far is with the sink, and durable where the sink knows how. Never rejects. */
  async flush(): Promise<void> {
    this.drain();
    await this.#written();
    if (this.#isEnded) return;
    try {
      await this.#sink.sync?.();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the trace in order. Never rejects. */
  close(): Promise<void> {
    this.drain();
    this.#end();
    return this.#closing ?? Promise.resolve();
  }

  #add(entry: TraceEntry): void {
    if (this.#isEnded) {
      this.#dropped += 1;
      return;
    }
    if (this.#unwritten + this.#lineBytes > MAX_UNWRITTEN_BYTES) return this.#drop('lagging');
    const line = lineOf(entry);
    if (line === undefined) return this.#drop('failed');
    if (this.#gap !== undefined) this.#addGap();
    if (this.#costWith(line.byteLength) > this.#maxBytes) {
      this.#drop('full');
      this.#end();
      this.#events.emit('trace-ended', { reason: 'full' });
      return;
    }
    this.#counts[entry.kind] += 1;
    this.#push(line);
  }

  #drop(reason: TraceGap['reason']): void {
    this.#dropped += 1;
    if (this.#gap === undefined && reason !== 'full') this.#events.emit('trace-dropped', { reason });
    this.#gap = { reason, count: (this.#gap?.count ?? 0) + 1 };
  }

  #addGap(): void {
    if (this.#gap === undefined) return;
    const gap: TraceGap = { kind: 'gap', at: this.#clock.now(), ...this.#gap };
    this.#gap = undefined;
    this.#push(Buffer.from(`${JSON.stringify(gap)}\n`));
  }

  #push(line: Uint8Array): void {
    this.#lines.push(line);
    this.#lineBytes += line.byteLength;
  }

  /** What the trace would have, with so many bytes of text more. */
  #costWith(bytes: number): number {
    const text = this.#lineBytes + bytes;
    return this.#bytes + text + (Math.floor(text / MAX_FRAME_BYTES) + 1) * FRAME_OVERHEAD + RESERVED_BYTES;
  }

  /** Seals the lines so far; the last frame is sealed even when there is nothing to say. */
  #seal(isEnd: boolean): void {
    const text = Buffer.concat(this.#lines, this.#lineBytes);
    this.#lines = [];
    this.#lineBytes = 0;
    for (let at = 0; at < text.byteLength; at += MAX_FRAME_BYTES) {
      const part = text.subarray(at, at + MAX_FRAME_BYTES);
      this.#hand(this.#sealer.seal(part, isEnd && at + part.byteLength === text.byteLength));
    }
  }

  #hand(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#bytes += frame.byteLength;
    this.#unwritten += frame.byteLength;
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#addGap();
    const { call: calls, outcome: outcomes } = this.#counts;
    const end: TraceEnd = { kind: 'end', at: this.#clock.now(), calls, outcomes, dropped: this.#dropped };
    this.#push(Buffer.from(`${JSON.stringify(end)}\n`));
    this.#seal(true);
    this.#isEnded = true;
    this.#pump();
    this.#closing = this.#closeSink();
  }

  async #closeSink(): Promise<void> {
    await this.#written();
    try {
      await this.#sink.close();
    } catch (error) {
      this.#events.emit('trace-ended', { reason: 'failed', error });
    }
  }

  /** Hands sealed frames to the sink, one write at a time. */
  #pump(): void {
    this.#pumping ??= this.#writeAll().then(() => {
      this.#pumping = undefined;
      // Sealed between the last look and here.
      if (this.#frames.length > 0) this.#pump();
    });
  }

  async #written(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping;
  }

  async #writeAll(): Promise<void> {
    while (this.#frames.length > 0) {
      const bytes = Buffer.concat(this.#frames);
      this.#frames = [];
      try {
        await this.#sink.write(bytes);
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#unwritten -= bytes.byteLength;
    }
  }

  /** What the sink has is a trace that was cut; nothing is added to it. */
  #fail(error: unknown): void {
    this.#frames = [];
    this.#lines = [];
    this.#unwritten = 0;
    this.#isEnded = true;
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    this.#closing ??= this.#closeSink();
    this.#events.emit('trace-ended', { reason: 'failed', error });
  }
}

/** A record's line; undefined where it cannot be made, short as it may be. */
function lineOf(entry: TraceEntry): Uint8Array | undefined {
  try {
    const text = entry.text();
    if (text.length < MAX_TRACE_RECORD_BYTES) {
      const line = Buffer.from(`${text}\n`);
      if (line.byteLength <= MAX_TRACE_RECORD_BYTES) return line;
    }
    const short = Buffer.from(`${entry.shortText()}\n`);
    return short.byteLength <= MAX_TRACE_RECORD_BYTES ? short : undefined;
  } catch {
    // A text beyond what a string can hold.
    return undefined;
  }
}
