import { ManualClock } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { EventHub } from '../src/events.ts';
import { openTrace, readTraceInfo, type TraceEnding } from '../src/trace/open-trace.ts';
import { formatPublicKey, generateTraceKey, parseTraceKey } from '../src/trace/trace-key.ts';
import type { TraceRecord } from '../src/trace/trace-records.ts';
import { createFrameSealer } from '../src/trace/trace-seal.ts';
import type { TraceSink } from '../src/trace/trace-sink.ts';
import { TraceWriter, type TraceEntry } from '../src/trace/trace-writer.ts';

const KEYS = generateTraceKey();
const OTHER = generateTraceKey();
const CANARY = 'canary-5f1cbeef';

/** A sink in memory, which can be made slow or broken. */
function memorySink(): TraceSink & {
  readonly chunks: Uint8Array[];
  bytes(): Buffer;
  block(): () => void;
  failWith: Error | undefined;
  isClosed: boolean;
} {
  let gate: Promise<void> | undefined;
  const sink = {
    chunks: [] as Uint8Array[],
    failWith: undefined as Error | undefined,
    isClosed: false,
    bytes: () => Buffer.concat(sink.chunks),
    block: () => {
      let open = (): void => undefined;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
    write: async (bytes: Uint8Array) => {
      await gate;
      if (sink.failWith !== undefined) throw sink.failWith;
      sink.chunks.push(bytes);
    },
    close: async () => {
      sink.isClosed = true;
    },
  };
  return sink;
}

function setUp(maxBytes = 1 << 30): {
  readonly writer: TraceWriter;
  readonly sink: ReturnType<typeof memorySink>;
  readonly events: [name: string, payload: unknown][];
} {
  const sink = memorySink();
  const hub = new EventHub();
  const events: [string, unknown][] = [];
  for (const name of ['trace-dropped', 'trace-ended'] as const) hub.on(name, (payload) => events.push([name, payload]));
  const sealer = createFrameSealer(parseTraceKey(KEYS.publicKey));
  const writer = new TraceWriter({ sink, sealer, clock: new ManualClock(1_000), events: hub, maxBytes });
  return { writer, sink, events };
}

/** A call whose params take about `size` bytes. */
function call(number: number, size = 10): TraceEntry {
  const record = (params: object | null): string =>
    JSON.stringify({
      kind: 'call',
      at: number,
      request: `call-${number}`,
      run: null,
      parents: [],
      carries: [],
      principal: {},
      server: 's',
      identity: null,
      direction: 'client-to-server',
      message: 'request',
      method: 'tools/call',
      params,
      decision: null,
      verdict: { effect: 'allow', code: 'allowed' },
    });
  return {
    kind: 'call',
    text: () => record({ name: 't', arguments: { text: CANARY.padEnd(size, 'x') } }),
    shortText: () => record(null),
  };
}

async function read(
  bytes: Uint8Array,
  key = KEYS.secretKey,
): Promise<{ readonly records: TraceRecord[]; readonly ending: TraceEnding | undefined }> {
  const reader = await openTrace(chunked(bytes), { key });
  const records: TraceRecord[] = [];
  for await (const record of reader) records.push(record);
  return { records, ending: reader.ending };
}

/** In chunks that fit nothing. */
async function* chunked(bytes: Uint8Array, size = 1013): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function written(calls: readonly TraceEntry[]): Promise<Buffer> {
  const { writer, sink } = setUp();
  for (const entry of calls) {
    writer.append(entry);
    writer.drain();
  }
  await writer.close();
  return sink.bytes();
}

const requests = (records: readonly TraceRecord[]): unknown[] =>
  records.flatMap((record) => (record.kind === 'call' ? [record.request] : []));

describe('a trace', () => {
  it('gives back what was put in, in order, and says that it is complete', async () => {
    const { records, ending } = await read(await written([call(1), call(2, 200_000), call(3)]));
    expect(requests(records)).toEqual(['call-1', 'call-2', 'call-3']);
    expect(records.at(-1)).toEqual({ kind: 'end', at: 1_000, calls: 3, outcomes: 0, dropped: 0 });
    expect(ending).toEqual({ kind: 'complete' });
  });

  it('holds nothing that can be read without the key', async () => {
    const bytes = await written([call(1)]);
    expect(bytes.includes(CANARY)).toBe(false);
    expect(bytes.includes('tools/call')).toBe(false);
    expect(bytes.toString('latin1').split('\n')[0]).toMatch(/^callgate-trace 1 [0-9a-f]{32} /u);
  });

  it('opens for its own secret key only', async () => {
    const bytes = await written([call(1)]);
    await expect(read(bytes, OTHER.secretKey)).rejects.toMatchObject({ code: 'CALLGATE_TRACE_KEY_OTHER' });
    await expect(read(bytes, KEYS.publicKey)).rejects.toMatchObject({ code: 'CALLGATE_TRACE_KEY_OTHER' });
    await expect(read(bytes, 'secret')).rejects.toMatchObject({ code: 'CALLGATE_TRACE_KEY_INVALID' });
  });

  it('tells without a key which key opens it', async () => {
    const bytes = await written([call(1)]);
    const info = await readTraceInfo(chunked(bytes));
    expect(info.recipient).toBe(parseTraceKey(KEYS.secretKey).fingerprint);
  });

  it('is refused where it is none', async () => {
    for (const text of ['', 'callgate-trace', '{"server":"s"}\n', 'x'.repeat(100_000)]) {
      await expect(read(Buffer.from(text))).rejects.toMatchObject({ code: 'CALLGATE_TRACE_FORMAT' });
    }
    const later = Buffer.from(String(await written([])).replace('callgate-trace 1', 'callgate-trace 2'), 'latin1');
    await expect(read(later)).rejects.toThrow('got version 2');
  });

  it('cut anywhere, gives what is before the cut and says that it was cut', async () => {
    const bytes = await written([call(1), call(2, 70_000), call(3)]);
    const header = bytes.indexOf(0x0a) + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: header, max: bytes.byteLength - 1 }), async (at) => {
        const { records, ending } = await read(bytes.subarray(0, at));
        expect(ending?.kind).toBe('cut');
        expect(requests(records)).toEqual(['call-1', 'call-2', 'call-3'].slice(0, requests(records).length));
        expect(records.some((record) => record.kind === 'end')).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('with any byte changed, never gives anything but what was written, and never reads as complete', async () => {
    const bytes = await written([call(1), call(2, 70_000), call(3)]);
    const whole = await read(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.byteLength - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ mask;
          const result = await read(changed).catch((error: unknown) => {
            expect(String(error)).toMatch(/^TraceError|CALLGATE_TRACE/u);
            return undefined;
          });
          if (result === undefined) return;
          expect(result.ending?.kind).not.toBe('complete');
          expect(whole.records.slice(0, result.records.length)).toEqual(result.records);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('shows frames that are left out, swapped, repeated, added or from another trace', async () => {
    const calls = [1, 2, 3, 4].map((number) => call(number));
    const bytes = await written(calls);
    const other = framesOf(await written(calls)).frames;
    const { header, frames } = framesOf(bytes);
    const [first, second, third, ...rest] = frames as [Buffer, Buffer, Buffer, ...Buffer[]];
    const attacks: readonly (readonly Buffer[])[] = [
      [second, third, ...rest],
      [first, third, ...rest],
      [second, first, third, ...rest],
      [first, first, second, third, ...rest],
      [first, other[1] as Buffer, third, ...rest],
      [...frames, first],
      [...frames, frames.at(-1) as Buffer],
      [first, rest.at(-1) as Buffer],
    ];
    for (const attack of attacks) {
      const { records, ending } = await read(Buffer.concat([header, ...attack]));
      expect(ending?.kind).toBe('broken');
      expect(requests(records)).toEqual(['call-1', 'call-2', 'call-3', 'call-4'].slice(0, requests(records).length));
    }
    // Without its last frame it is not broken, and not complete either.
    expect((await read(Buffer.concat([header, ...frames.slice(0, -1)]))).ending).toEqual({ kind: 'cut', tornBytes: 0 });
  });

  it('that somebody else sealed for the key is held to the shape of records', async () => {
    const { writer, sink } = setUp();
    const bad = (text: string): TraceEntry => ({ kind: 'call', text: () => text, shortText: () => text });
    writer.append(call(1));
    writer.append(bad('{"kind":"call","server":7}'));
    writer.append(call(2));
    await writer.close();
    const { records, ending } = await read(sink.bytes());
    expect(requests(records)).toEqual(['call-1']);
    expect(ending).toMatchObject({ kind: 'broken', reason: 'not a record' });
  });
});

describe('writing a trace', () => {
  it('stays within its bound, marks where it stopped, and says so once', async () => {
    const { writer, sink, events } = setUp(64 * 1024);
    for (let number = 0; number < 300; number += 1) writer.append(call(number, 1_000));
    expect(writer.status.state).toBe('ended');
    writer.append(call(300));
    await writer.close();
    const bytes = sink.bytes();
    expect(bytes.byteLength).toBeLessThanOrEqual(64 * 1024);
    expect(bytes.byteLength).toBeGreaterThan(60 * 1024);
    const { records, ending } = await read(bytes);
    expect(ending).toEqual({ kind: 'complete' });
    expect(records.at(-2)).toMatchObject({ kind: 'gap', reason: 'full', count: 1 });
    expect(events).toEqual([['trace-ended', { reason: 'full' }]]);
    expect(writer.status.calls + writer.status.dropped).toBe(301);
    expect(sink.isClosed).toBe(true);
  });

  it('drops and counts calls while the sink lags, and goes on behind a gap', async () => {
    const { writer, sink, events } = setUp();
    const release = sink.block();
    for (let number = 0; number < 60; number += 1) {
      writer.append(call(number, 1_000_000));
      writer.drain();
    }
    const { dropped } = writer.status;
    expect(dropped).toBeGreaterThan(10);
    expect(dropped).toBeLessThan(40);
    release();
    await writer.flush();
    writer.append(call(1_000));
    await writer.close();
    const { records } = await read(sink.bytes());
    expect(records.at(-3)).toMatchObject({ kind: 'gap', reason: 'lagging', count: dropped });
    expect(requests(records).at(-1)).toBe('call-1000');
    expect(events).toEqual([['trace-dropped', { reason: 'lagging' }]]);
  });

  it('ends, with an event, when the sink fails', async () => {
    const { writer, sink, events } = setUp();
    writer.append(call(1));
    await writer.flush();
    sink.failWith = new Error('ENOSPC');
    writer.append(call(2));
    await writer.flush();
    writer.append(call(3));
    await writer.close();
    expect(events).toEqual([['trace-ended', { reason: 'failed', error: sink.failWith }]]);
    expect(writer.status).toMatchObject({ state: 'ended', dropped: 1 });
    const { records, ending } = await read(sink.bytes());
    expect(requests(records)).toEqual(['call-1']);
    expect(ending?.kind).toBe('cut');
  });

  it('ends, with an event, when the sink cannot be closed', async () => {
    const { writer, sink, events } = setUp();
    const error = new Error('EIO');
    sink.close = () => Promise.reject(error);
    await writer.close();
    expect(events).toEqual([['trace-ended', { reason: 'failed', error }]]);
  });

  it('keeps a call whose params do not fit without them, and drops what cannot be made', async () => {
    const { writer, sink, events } = setUp();
    writer.append(call(1, 20 * 1024 * 1024));
    writer.append({
      kind: 'call',
      text: () => {
        throw new RangeError('Invalid string length');
      },
      shortText: () => '',
    });
    writer.append(call(2));
    await writer.close();
    const { records } = await read(sink.bytes());
    expect(records.map(({ kind }) => kind)).toEqual(['call', 'gap', 'call', 'end']);
    expect(records[0]).toMatchObject({ request: 'call-1', params: null });
    expect(events).toEqual([['trace-dropped', { reason: 'failed' }]]);
  });
});

describe('a trace key', () => {
  it('reads back from its file, comments and all', () => {
    const key = parseTraceKey(`# made for prod\n\n${KEYS.secretKey}\n`);
    expect(formatPublicKey(key)).toBe(KEYS.publicKey);
    expect(parseTraceKey(KEYS.publicKey).fingerprint).toBe(key.fingerprint);
    expect(parseTraceKey(KEYS.publicKey).secret).toBeUndefined();
  });

  it('with any slip in it is refused, and never repeated', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(KEYS.publicKey, KEYS.secretKey),
        fc.nat(),
        fc.constantFrom('A', 'b', '7', '_', '', ' '),
        (text, index, mark) => {
          const at = index % text.length;
          const slip = text.slice(0, at) + mark + text.slice(at + 1);
          if (slip.trim() === text) return;
          try {
            parseTraceKey(slip);
            expect.unreachable(slip);
          } catch (error) {
            expect(error).toMatchObject({ code: 'CALLGATE_TRACE_KEY_INVALID' });
            expect(String(error)).not.toContain(text.slice(-30));
          }
        },
      ),
    );
    for (const text of ['', `${KEYS.publicKey}\n${KEYS.secretKey}`, 'callgate-trace-public-']) {
      expect(() => parseTraceKey(text)).toThrow('trace key');
    }
  });
});

/** The frames of a sealed trace, as they lie in it. */
function framesOf(bytes: Buffer): { readonly header: Buffer; readonly frames: readonly Buffer[] } {
  const start = bytes.indexOf(0x0a) + 1;
  const frames: Buffer[] = [];
  for (let at = start; at < bytes.byteLength;) {
    const length = 4 + (bytes.readUInt32BE(at) & 0x7fff_ffff) + 16;
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { header: bytes.subarray(0, start), frames };
}
