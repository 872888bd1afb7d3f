import { open, type FileHandle } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';

import { ByteReader } from './byte-reader.ts';
import { TraceError } from './errors.ts';
import { readRecord } from './read-record.ts';
import { parseTraceKey } from './trace-key.ts';
import { MAX_TRACE_RECORD_BYTES, type TraceRecord } from './trace-records.ts';
import {
  createFrameOpener,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  readHeader,
  readLength,
  TAG_BYTES,
  type FrameOpener,
  type TraceInfo,
} from './trace-seal.ts';

/**
 * How a trace ended.
 *
 * `complete`: with its last record, so that nothing is missing but what its gaps count. `cut`: without it, because what wrote
 * it died or is still at work, or because somebody cut it; `tornBytes` of an unfinished frame were ignored. `broken`: from
 * frame `frame` on it is not what was written: changed, taken out, put in or moved. What came before is what was written
 * in either case.
 */
export type TraceEnding =
  | { readonly kind: 'complete' }
  | { readonly kind: 'cut'; readonly tornBytes: number }
  | { readonly kind: 'broken'; readonly frame: number; readonly reason: string };

/** A trace that is being read: its records, once, in the order in which they were made. Memory does not grow with it. */
export interface TraceReader extends AsyncIterable<TraceRecord> {
  readonly info: TraceInfo;
  /** How it ended; undefined until all of it was read. */
  readonly ending: TraceEnding | undefined;
  /** Sealed bytes read so far. */
  readonly bytesRead: number;
  /** Safe to call twice. What reads to the end, or leaves its loop, need not. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a trace to read it.
 *
 * Every record comes with proof that it is the next that was written: iterating ends, and `ending` says why, at the first
 * place where that is not so.
 *
 * @param source its path, or its bytes
 * @param options.key the secret key, as `generateTraceKey` or `callgate trace keygen` made it
 * @throws {TraceError} `CALLGATE_TRACE_UNREADABLE`, `CALLGATE_TRACE_FORMAT` for what is no trace, `CALLGATE_TRACE_KEY_INVALID`,
 *   `CALLGATE_TRACE_KEY_OTHER` for a key that does not open it
 */
export async function openTrace(
  source: string | AsyncIterable<Uint8Array>,
  options: { readonly key: string },
): Promise<TraceReader> {
  const key = parseTraceKey(options.key);
  const reader = await readerOf(source);
  try {
    const header = await readHeaderLine(reader);
    const { info } = readHeader(header);
    return new SealedTrace(info, reader, createFrameOpener(header, key));
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/**
 * What the first line of a trace says, without a key.
 *
 * @throws {TraceError} `CALLGATE_TRACE_UNREADABLE`, `CALLGATE_TRACE_FORMAT`
 */
export async function readTraceInfo(source: string | AsyncIterable<Uint8Array>): Promise<TraceInfo> {
  const reader = await readerOf(source);
  try {
    return readHeader(await readHeaderLine(reader)).info;
  } finally {
    await reader.close();
  }
}

class SealedTrace implements TraceReader {
  readonly info: TraceInfo;
  readonly #reader: ByteReader;
  readonly #opener: FrameOpener;
  #ending: TraceEnding | undefined;
  #isTaken = false;

  constructor(info: TraceInfo, reader: ByteReader, opener: FrameOpener) {
    this.info = info;
    this.#reader = reader;
    this.#opener = opener;
  }

  get ending(): TraceEnding | undefined {
    return this.#ending;
  }

  get bytesRead(): number {
    return this.#reader.position;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TraceRecord> {
    if (this.#isTaken) throw new TraceError('CALLGATE_TRACE_UNREADABLE', 'expected a trace that was not read yet');
    this.#isTaken = true;
    const lines = new RecordLines();
    try {
      for (let frame = 0; this.#ending === undefined; frame += 1) {
        const text = await this.#nextFrame(frame);
        if (text === undefined) return;
        for (const record of lines.push(text.bytes)) {
          if (record === undefined) {
            this.#ending = { kind: 'broken', frame, reason: 'not a record' };
            return;
          }
          yield record;
        }
        // Complete only with its last line; what follows an open one is not.
        if (text.isLast) this.#ending = await this.#endingAfter(frame, lines);
        else if (lines.isTooLong) this.#ending = { kind: 'broken', frame, reason: 'a record without an end' };
      }
    } finally {
      await this.close();
    }
  }

  async #nextFrame(frame: number): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean } | undefined> {
    const head = await this.#reader.read(LENGTH_BYTES);
    if (head.byteLength < LENGTH_BYTES) return this.#end({ kind: 'cut', tornBytes: head.byteLength });
    const length = readLength(new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getUint32(0));
    if (length === undefined) return this.#end({ kind: 'broken', frame, reason: 'not the length of a frame' });
    const sealed = await this.#reader.read(length.bytes + TAG_BYTES);
    if (sealed.byteLength < length.bytes + TAG_BYTES) {
      return this.#end({ kind: 'cut', tornBytes: LENGTH_BYTES + sealed.byteLength });
    }
    const bytes = this.#opener.open(sealed, length.isLast);
    if (bytes === undefined) return this.#end({ kind: 'broken', frame, reason: 'not the frame that was written' });
    return { bytes, isLast: length.isLast };
  }

  async #endingAfter(frame: number, lines: RecordLines): Promise<TraceEnding> {
    if (!lines.isEmpty) return { kind: 'broken', frame, reason: 'a record without an end' };
    const rest = await this.#reader.read(1);
    if (rest.byteLength === 0) return { kind: 'complete' };
    return { kind: 'broken', frame: frame + 1, reason: 'bytes after the last frame' };
  }

  #end(ending: TraceEnding): undefined {
    this.#ending = ending;
    return undefined;
  }
}

const LINE_FEED = 0x0a;

/** Puts the lines of a trace together again. */
class RecordLines {
  #parts: Uint8Array[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  get isTooLong(): boolean {
    return this.#bytes > MAX_TRACE_RECORD_BYTES;
  }

  /** The records that `text` completes; undefined for a line that is none. */
  *push(text: Uint8Array): Generator<TraceRecord | undefined> {
    let start = 0;
    for (let end = text.indexOf(LINE_FEED); end !== -1; end = text.indexOf(LINE_FEED, start)) {
      this.#keep(text.subarray(start, end));
      const line = Buffer.concat(this.#parts, this.#bytes).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      start = end + 1;
      yield readRecord(line);
    }
    this.#keep(text.subarray(start));
  }

  #keep(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.byteLength;
  }
}

async function readHeaderLine(reader: ByteReader): Promise<Uint8Array> {
  return reader.readThrough(LINE_FEED, MAX_HEADER_BYTES);
}

async function readerOf(source: string | AsyncIterable<Uint8Array>): Promise<ByteReader> {
  if (typeof source !== 'string') return new ByteReader(source);
  let handle: FileHandle;
  try {
    handle = await open(source, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new TraceError('CALLGATE_TRACE_UNREADABLE', `cannot read \`${excerpt(source)}\`: ${code}`, { cause });
  }
  return new ByteReader(handle.createReadStream({ highWaterMark: 256 * 1024 }));
}
