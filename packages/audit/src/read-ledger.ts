import { setTimeout as sleep } from 'node:timers/promises';

import { RecordError } from './errors.ts';
import { withFileErrors } from './internal/file-errors.ts';
import { NODE_FILES } from './internal/file-operations.ts';
import { LineSplitter } from './internal/line-splitter.ts';
import { listSegments, readChunks, type Segment } from './internal/segments.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import { parseRecord } from './record-schema.ts';
import type { AuditRecord } from './records.ts';

/** Options of {@link readLedger}. */
export interface ReadOptions {
  /** The first record wanted, default the first there is. */
  readonly from?: number;
  /** The last record wanted, default the last there is. */
  readonly to?: number;
  /** Keep only these, default all. */
  readonly filter?: (record: AuditRecord) => boolean;
  readonly signal?: AbortSignal;
}

/** Options of {@link followLedger}. */
export interface FollowOptions {
  /** The first record wanted, default the next one to be written. */
  readonly from?: number;
  /** How often to look for new records, milliseconds, default 200. */
  readonly pollMs?: number;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * The records of a ledger directory, or of lines (such as a memory sink's), in order. Reads what is complete at the moment and
 * does not verify the chain.
 *
 * @throws {RecordError} at a line that is not a record
 * @throws {AuditError} when the directory cannot be read
 */
export async function* readLedger(
  source: string | Iterable<string> | AsyncIterable<string>,
  options: ReadOptions = {},
): AsyncGenerator<AuditRecord, void, undefined> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, filter = () => true, signal } = options;
  const lines = typeof source === 'string' ? directoryLines(source, from) : source;
  for await (const line of lines) {
    signal?.throwIfAborted();
    const record = parseRecord(line);
    if (record.seq > to) return;
    if (record.seq >= from && filter(record)) yield record;
  }
}

/**
 * Records as they are written to a ledger directory by whatever process, across segments, until the signal aborts.
 *
 * @throws {RecordError} at a line that is not a record
 * @throws {AuditError} when the directory cannot be read
 */
export async function* followLedger(
  directory: string,
  options: FollowOptions = {},
): AsyncGenerator<AuditRecord, void, undefined> {
  const { pollMs = 200, signal } = options;
  const reader = new GrowingReader(directory);
  let from = options.from ?? -1;
  if (from < 0) await reader.skipAll();
  while (!isAborted(signal)) {
    const lines = await reader.next();
    for (const line of lines) {
      const record = parseRecord(line);
      if (record.seq < from) continue;
      from = record.seq + 1;
      yield record;
      if (isAborted(signal)) return;
    }
    if (lines.length === 0 && !(await pause(pollMs, signal))) return;
  }
}

/** A function, because the answer changes between two looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(durationMs, undefined, signal === undefined ? {} : { signal });
    return true;
  } catch (error) {
    if (isAborted(signal)) return false;
    throw error;
  }
}

async function* directoryLines(directory: string, from: number): AsyncGenerator<string, void, undefined> {
  const segments = await listSegments(NODE_FILES, directory);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && next.firstSeq <= from) continue;
    yield* segmentLines(segment);
  }
}

async function* segmentLines(segment: Segment): AsyncGenerator<string, void, undefined> {
  let lines: string[] = [];
  const splitter = stringSplitter((line) => void lines.push(line));
  const file = await withFileErrors('read', segment.path, () => NODE_FILES.openToRead(segment.path));
  try {
    for await (const chunk of readChunks(file)) {
      splitter.push(chunk);
      yield* lines;
      lines = [];
    }
  } finally {
    await file.close();
  }
}

/** Reads on where it stopped the last time. */
class GrowingReader {
  readonly #directory: string;
  #segment: Segment | undefined;
  #position = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async skipAll(): Promise<void> {
    const segments = await listSegments(NODE_FILES, this.#directory);
    this.#segment = segments.at(-1);
    if (this.#segment !== undefined) await this.#readOn(this.#segment);
  }

  /** The lines completed since the last call; empty when there is nothing new. */
  async next(): Promise<readonly string[]> {
    // listed first: when a newer segment shows, the older one is complete
    const segments = await listSegments(NODE_FILES, this.#directory);
    this.#segment ??= segments[0];
    if (this.#segment === undefined) return [];
    const { firstSeq } = this.#segment;
    const lines = await this.#readOn(this.#segment);
    const newer = segments.find((segment) => segment.firstSeq > firstSeq);
    if (lines.length > 0 || newer === undefined) return lines;
    this.#segment = newer;
    this.#position = 0;
    return this.#readOn(newer);
  }

  async #readOn(segment: Segment): Promise<readonly string[]> {
    const lines: string[] = [];
    const splitter = stringSplitter((line, bytes) => {
      this.#position += bytes;
      lines.push(line);
    });
    return withFileErrors('read', segment.path, async () => {
      const file = await NODE_FILES.openToRead(segment.path);
      try {
        for await (const chunk of readChunks(file, this.#position)) {
          splitter.push(chunk);
          // more than enough for one round; the rest comes with the next
          if (lines.length >= 1000) break;
        }
        return lines;
      } finally {
        await file.close();
      }
    });
  }
}

function stringSplitter(onLine: (line: string, bytes: number) => void): LineSplitter {
  const decoder = new TextDecoder();
  return new LineSplitter(
    MAX_RECORD_BYTES,
    (bytes, start, end) => onLine(decoder.decode(bytes.subarray(start, end)), end - start + 1),
    () => {
      throw new RecordError({ pointer: '', expected: `at most ${MAX_RECORD_BYTES} bytes`, got: 'more' });
    },
  );
}
