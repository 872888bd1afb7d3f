import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { clonePlain, excerpt, isJsonObject, PlainDataError } from '@callgate/canonical';
import type { CompiledPolicy } from '@callgate/policy';
import { isTraceStart, openTrace, type TraceReader, type TraceRecord } from 'callgate';

import type { CommandIo } from '../command-io.ts';
import { InputError } from '../errors.ts';
import { parseJson } from '../input/parse-json.ts';
import { MAX_INPUT_BYTES } from '../input/read-text.ts';
import { createLineSplitter, type InputLine } from '../input/split-lines.ts';
import { standardInput } from '../input/standard-input.ts';
import { tracedEnd, type RecordedEnd } from './recorded-end.ts';
import { readLoggedCall, tracedCall, type ReplayCall } from './replay-call.ts';

/** What a log holds at one place. */
export type LogItem =
  | { readonly kind: 'call'; readonly place: number; readonly call: ReplayCall }
  /** How a call of the same trace ended. */
  | { readonly kind: 'outcome'; readonly place: number; readonly request: string; readonly end: RecordedEnd }
  | { readonly kind: 'malformed'; readonly place: number; readonly message: string }
  /** Something about the log itself: calls that are not in it, or a trace that was cut. */
  | { readonly kind: 'notice'; readonly place: number; readonly message: string; readonly lost: number };

/** Items that are handed on at a time. */
const BATCH = 512;

/**
 * Reads a log of calls: a sealed trace or JSON Lines, either of them gzipped or not; which it is shows in its first bytes.
 * Gives batches; memory does not grow with the log.
 *
 * @param path a file, or `-` for standard input
 * @param about.key the secret key, needed for a sealed trace
 * @param about.policy says who servers are, for lines that do not
 * @throws {InputError} when it cannot be read, or is sealed and there is no key
 * @throws {TraceError} when it is sealed for another key
 */
export async function* readCallLog(
  path: string,
  about: { readonly io: CommandIo; readonly key: () => Promise<string>; readonly policy: CompiledPolicy },
): AsyncGenerator<Iterable<LogItem>> {
  const bytes = await unzipped(await peek(bytesOf(path, about.io)), path);
  if (isTraceStart(bytes.start)) yield* readTrace(await openTrace(bytes.all, { key: await about.key() }));
  else yield* readLines(bytes.all, about.policy);
}

async function* readTrace(trace: TraceReader): AsyncGenerator<Iterable<LogItem>> {
  let place = 0;
  let batch: LogItem[] = [];
  for await (const record of trace) {
    place += 1;
    const item = itemOf(record, place);
    if (item !== undefined) batch.push(item);
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  const ending = endingItem(trace, place);
  yield ending === undefined ? batch : [...batch, ending];
}

function itemOf(record: TraceRecord, place: number): LogItem | undefined {
  switch (record.kind) {
    case 'call': {
      if (record.params === null) return { kind: 'notice', place, message: 'a call too large to be traced', lost: 1 };
      try {
        const params = clonePlain(record.params);
        if (isJsonObject(params)) return { kind: 'call', place, call: tracedCall(record, params) };
      } catch (cause) {
        if (!(cause instanceof PlainDataError)) throw cause;
      }
      return { kind: 'malformed', place, message: 'expected params within the bounds of a message' };
    }
    case 'gap': {
      const why = { lagging: 'writing could not keep up', full: 'the trace was full', failed: 'tracing failed' };
      return { kind: 'notice', place, message: `records are missing: ${why[record.reason]}`, lost: record.count };
    }
    case 'outcome':
      return { kind: 'outcome', place, request: record.request, end: tracedEnd(record) };
    case 'begin':
    case 'end':
      return undefined;
  }
}

function endingItem({ ending }: TraceReader, place: number): LogItem | undefined {
  switch (ending?.kind) {
    case 'cut':
      return { kind: 'notice', place, message: 'the trace ends here without its last record', lost: 0 };
    case 'broken':
      return { kind: 'malformed', place: place + 1, message: `the trace is broken from here on: ${ending.reason}` };
    case 'complete':
    case undefined:
      return undefined;
  }
}

async function* readLines(bytes: AsyncIterable<Uint8Array>, policy: CompiledPolicy): AsyncGenerator<Iterable<LogItem>> {
  const splitter = createLineSplitter(MAX_INPUT_BYTES);
  for await (const chunk of bytes) yield itemsOf(splitter.push(chunk), policy);
  yield itemsOf(splitter.end(), policy);
}

function* itemsOf(lines: Iterable<InputLine>, policy: CompiledPolicy): Generator<LogItem> {
  for (const line of lines) {
    const item = itemOfLine(line, policy);
    if (item !== undefined) yield item;
  }
}

/** Undefined for a blank line. */
function itemOfLine(line: InputLine, policy: CompiledPolicy): LogItem | undefined {
  const malformed = (message: string): LogItem => ({ kind: 'malformed', place: line.number, message });
  if (line.kind === 'too-long') return malformed(`expected a line of at most ${MAX_INPUT_BYTES} bytes`);
  if (line.kind === 'not-utf8') return malformed('expected UTF-8 text');
  try {
    return { kind: 'call', place: line.number, call: readLoggedCall(parseJson(line.text), policy) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return line.text.trim() === '' ? undefined : malformed(error.message);
  }
}

interface Peeked {
  /** Enough to tell what it is. */
  readonly start: Uint8Array;
  readonly all: AsyncIterable<Uint8Array>;
}

const PEEKED_BYTES = 32;

async function peek(bytes: AsyncGenerator<Uint8Array>): Promise<Peeked> {
  let start: Uint8Array = new Uint8Array();
  while (start.byteLength < PEEKED_BYTES) {
    const next = await bytes.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    if (start.byteLength > 0) yield start;
    yield* bytes;
  };
  return { start, all: all() };
}

/** RFC 1952 §2.3.1: the first two bytes of gzip, which no JSON and no trace begins with. */
function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

async function unzipped(bytes: Peeked, path: string): Promise<Peeked> {
  if (!isGzip(bytes.start)) return bytes;
  return peek(gunzip(bytes.all, path));
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes);
  const gunzipped = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => gunzipped.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzipped)) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new InputError(`cannot read ${nameOf(path)} to its end: ${code}`, { cause });
  } finally {
    source.destroy();
    gunzipped.destroy();
  }
}

async function* bytesOf(path: string, io: CommandIo): AsyncGenerator<Uint8Array> {
  if (path === '-') {
    for await (const chunk of standardInput(io)) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    return;
  }
  let isReading = true;
  try {
    // Node gives EISDIR for a folder late, and a pipe has no size: only this is asked.
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      isReading = false;
      yield chunk as Uint8Array;
      isReading = true;
    }
  } catch (cause) {
    if (!isReading) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new InputError(`cannot read ${nameOf(path)}: ${code}`, { cause });
  }
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : `\`${excerpt(path)}\``;
}
