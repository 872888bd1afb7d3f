import { ManualClock, digest } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  AuditError,
  createMemorySink,
  openLedger,
  verifyLines,
  type AuditRecord,
  type DecisionEntry,
  type AuditSink,
  type Ledger,
  type LedgerOptions,
  type SinkOpening,
} from '../src/index.ts';
import { decisionEntry, outcomeEntry } from './support/entries.ts';

const clock = new ManualClock(1000);

/** A sink whose writes end when the test says so. */
class GatedSink implements AuditSink {
  readonly batches: (readonly string[])[] = [];
  opening: SinkOpening = { tail: null, tornBytes: 0 };
  isGated = false;
  isClosed = false;
  closeFailure: Error | undefined;
  #pending: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  async open(): Promise<SinkOpening> {
    return this.opening;
  }

  async write(lines: readonly string[]): Promise<void> {
    this.batches.push(lines);
    if (!this.isGated) return;
    await new Promise<void>((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.closeFailure !== undefined) throw this.closeFailure;
  }

  async finish(failure?: Error): Promise<void> {
    await turn();
    const write = this.#pending.shift();
    if (write === undefined) throw new Error('no write is in flight');
    if (failure === undefined) write.resolve();
    else write.reject(failure);
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function gated(options: Partial<LedgerOptions> = {}): Promise<{ sink: GatedSink; ledger: Ledger }> {
  const sink = new GatedSink();
  const ledger = await openLedger({ sink, clock, id: 'l', ...options });
  sink.isGated = true;
  return { sink, ledger };
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof AuditError ? error.code : String(error);
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('openLedger', () => {
  it('begins with an opened record and ends with a closed one', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l' });
    expect(ledger.append(decisionEntry('r1'))).toBe(1);
    await ledger.close();
    expect(sink.records().map((record) => [record.seq, record.kind])).toEqual([
      [0, 'lifecycle'],
      [1, 'decision'],
      [2, 'lifecycle'],
    ]);
    expect(sink.records()[0]).toMatchObject({ event: 'opened', detail: { continues: null }, prev: null, time: 1000 });
    expect(sink.records()[2]).toMatchObject({ event: 'closed', prev: digest(sink.lines()[1] ?? '') });
  });

  it('continues a stored ledger under its own id and records a recovery', async () => {
    const sink = new GatedSink();
    sink.opening = { tail: { ledger: 'older', seq: 41, digest: digest('line') }, tornBytes: 17 };
    const ledger = await openLedger({ sink, clock, id: 'newer' });
    expect(ledger.id).toBe('older');
    const records = sink.batches.flat().map((line) => JSON.parse(line) as AuditRecord);
    expect(records).toMatchObject([
      { ledger: 'older', seq: 42, prev: digest('line'), event: 'recovered', detail: { tornBytes: 17 } },
      { ledger: 'older', seq: 43, event: 'opened', detail: { continues: 41 } },
    ]);
  });

  it('releases the sink and throws when the first record cannot be kept', async () => {
    const sink = new GatedSink();
    const failure = new AuditError('CALLGATE_AUDIT_NO_SPACE', 'the disk is full');
    sink.write = () => Promise.reject(failure);
    const error = await failureOf(openLedger({ sink, clock, id: 'l' }));
    expect(error).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED', cause: failure });
    expect(sink.isClosed).toBe(true);
  });

  it('refuses options out of range', async () => {
    for (const options of [{ maxPending: 0 }, { maxPending: 1.5 }, { id: '' }, { id: 'x'.repeat(129) }]) {
      await expect(openLedger({ sink: createMemorySink(), clock, id: 'l', ...options })).rejects.toBeInstanceOf(
        RangeError,
      );
    }
  });
});

describe('append', () => {
  it('chains records without waiting for the sink', async () => {
    const { sink, ledger } = await gated();
    expect([1, 2, 3].map((index) => ledger.append(outcomeEntry(`r${index}`)))).toEqual([1, 2, 3]);
    expect(ledger.health()).toMatchObject({ state: 'open', nextSeq: 4, durableSeq: 0, pending: 3 });
    await sink.finish();
    expect(ledger.health()).toMatchObject({ durableSeq: 3, pending: 0 });
    expect((await verifyLines(sink.batches.flat())).ok).toBe(true);
  });

  it('fixes the bytes at once: a later change of the entry changes nothing', async () => {
    const { sink, ledger } = await gated();
    const summary: Record<string, string> = { region: 'us-east' };
    ledger.append(outcomeEntry('r', { summary }));
    summary['region'] = 'changed';
    await sink.finish();
    expect(sink.batches.at(-1)?.[0]).toContain('"region":"us-east"');
  });

  it('refuses what is not a record and goes on with the chain', async () => {
    const { sink, ledger } = await gated();
    expect(codeOf(() => ledger.append(outcomeEntry('\ud800')))).toBe('CALLGATE_AUDIT_RECORD_INVALID');
    expect(codeOf(() => ledger.append({ kind: 'other' } as never))).toBe('CALLGATE_AUDIT_RECORD_INVALID');
    expect(codeOf(() => ledger.append({ kind: 'decision' } as never))).toBe('CALLGATE_AUDIT_RECORD_INVALID');
    expect(codeOf(() => ledger.append({ ...decisionEntry('r'), rules: undefined } as never))).toBe(
      'CALLGATE_AUDIT_RECORD_INVALID',
    );
    expect(ledger.append(outcomeEntry('r'))).toBe(1);
    await sink.finish();
    expect((await verifyLines(sink.batches.flat(), { deep: true })).ok).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an unknown effect', { effect: 'bogus' }],
    ['an unknown stage', { stage: '' }],
    ['an unknown direction', { direction: 'x' }],
    ['an unknown message', { message: 'x' }],
    ['an unknown `would`', { would: 'x' }],
    ['an unknown tool effect', { toolEffect: 'x' }],
    ['another ring', { ring: 7 }],
    ['params that are no digest', { params: 'sha256:x' }],
    ['arguments that are no digest', { arguments: 'x' }],
    ['a definition that is no digest', { definition: 'x' }],
    ['a summary that is a list', { summary: [1] }],
    ['a summary that is text', { summary: 'x' }],
    ['no summary', { summary: null }],
    ['an unknown trust', { server: { name: 's', trust: 'x', identity: null, manifest: null } }],
    ['an identity that is a list', { server: { name: 's', trust: null, identity: [], manifest: null } }],
    ['a manifest that is no digest', { server: { name: 's', trust: null, identity: null, manifest: 'x' } }],
  ])('refuses what no reader would take: %s', async (_, changes) => {
    const { sink, ledger } = await gated();
    expect(codeOf(() => ledger.append(decisionEntry('r', changes as Partial<DecisionEntry>)))).toBe(
      'CALLGATE_AUDIT_RECORD_INVALID',
    );
    expect(ledger.append(decisionEntry('r'))).toBe(1);
    await sink.finish();
    expect((await verifyLines(sink.batches.flat(), { deep: true })).ok).toBe(true);
  });

  it('refuses a record longer than a reader accepts', async () => {
    const { ledger } = await gated();
    expect(codeOf(() => ledger.append(outcomeEntry('x'.repeat(1_100_000))))).toBe('CALLGATE_AUDIT_RECORD_INVALID');
    expect(codeOf(() => ledger.append(outcomeEntry('€'.repeat(360_000))))).toBe('CALLGATE_AUDIT_RECORD_INVALID');
    expect(ledger.append(outcomeEntry('x'.repeat(1_000_000)))).toBe(1);
  });
});

describe('group commit', () => {
  it('lets all that waits during a write share the next one', async () => {
    const { sink, ledger } = await gated();
    sink.batches.length = 0;
    ledger.append(outcomeEntry('a'));
    ledger.append(outcomeEntry('b'));
    await turn();
    for (const request of ['c', 'd', 'e']) ledger.append(outcomeEntry(request));
    await sink.finish();
    await sink.finish();
    expect(sink.batches.map((batch) => batch.length)).toEqual([2, 3]);
  });

  it('resolves durable for a record only when its own batch is written', async () => {
    const { sink, ledger } = await gated();
    const settled: string[] = [];
    const first = ledger.append(outcomeEntry('a'));
    void ledger.durable(first).then(() => settled.push('first'));
    await turn();
    const second = ledger.append(outcomeEntry('b'));
    void ledger.durable(second).then(() => settled.push('second'));
    await sink.finish();
    expect(settled).toEqual(['first']);
    await sink.finish();
    expect(settled).toEqual(['first', 'second']);
    await ledger.durable(0);
  });

  it('reaches a memory sink without waiting for a timer or an event', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l' });
    let isLater = false;
    setImmediate(() => (isLater = true));
    await ledger.durable(ledger.append(outcomeEntry('a')));
    expect(isLater).toBe(false);
  });

  it('refuses a sequence number that the ledger has not given out', async () => {
    const { ledger } = await gated();
    for (const seq of [1, -1, 0.5, Number.NaN]) await expect(ledger.durable(seq)).rejects.toBeInstanceOf(RangeError);
  });

  it('stops waiting when the signal aborts, and not otherwise', async () => {
    const { sink, ledger } = await gated();
    const controller = new AbortController();
    const seq = ledger.append(outcomeEntry('a'));
    const waiting = failureOf(ledger.durable(seq, controller.signal));
    const reason = new Error('gave up');
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    expect(await failureOf(ledger.flush(controller.signal))).toBe(reason);
    const patient = ledger.durable(seq, new AbortController().signal);
    await sink.finish();
    await patient;
  });
});

describe('a full buffer', () => {
  it('refuses, counts, and says so in the ledger as soon as there is room', async () => {
    const { sink, ledger } = await gated({ maxPending: 2 });
    ledger.append(outcomeEntry('a'));
    ledger.append(outcomeEntry('b'));
    for (let index = 0; index < 3; index += 1) {
      expect(codeOf(() => ledger.append(outcomeEntry('refused')))).toBe('CALLGATE_AUDIT_FULL');
    }
    expect(ledger.health()).toMatchObject({ pending: 2, dropped: 3 });
    await sink.finish();
    ledger.append(outcomeEntry('c'));
    await sink.finish();
    await sink.finish().catch(() => undefined);
    const kinds = sink.batches.flat().map((line) => JSON.parse(line) as AuditRecord);
    expect(kinds.slice(1)).toMatchObject([
      { request: 'a' },
      { request: 'b' },
      { kind: 'gap', count: 3, code: 'CALLGATE_AUDIT_FULL' },
      { request: 'c' },
    ]);
    expect(ledger.health().dropped).toBe(3);
  });

  it('holds for the size of what waits, too', async () => {
    const { ledger } = await gated();
    const big = 'x'.repeat(1_000_000);
    let taken = 0;
    while (codeOf(() => ledger.append(outcomeEntry(big))) === 'none') taken += 1;
    expect(taken).toBeGreaterThan(60);
    expect(taken).toBeLessThan(70);
  });
});

describe('a failing sink', () => {
  it('fails every waiter and everything after, with the cause', async () => {
    const { sink, ledger } = await gated();
    const cause = new AuditError('CALLGATE_AUDIT_NO_SPACE', 'the disk is full');
    const first = failureOf(ledger.durable(ledger.append(outcomeEntry('a'))));
    await turn();
    const second = failureOf(ledger.durable(ledger.append(outcomeEntry('b'))));
    const flushed = failureOf(ledger.flush());
    await sink.finish(cause);
    for (const failure of await Promise.all([first, second, flushed])) {
      expect(failure).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED', cause });
    }
    expect(ledger.health()).toMatchObject({ state: 'failed', pending: 2, durableSeq: 0 });
    expect(codeOf(() => ledger.append(outcomeEntry('c')))).toBe('CALLGATE_AUDIT_FAILED');
    await ledger.durable(0);
  });

  it('is released by close, which reports the loss', async () => {
    const { sink, ledger } = await gated();
    ledger.append(outcomeEntry('a'));
    await sink.finish(new Error('boom'));
    expect(await failureOf(ledger.close())).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED' });
    expect(await failureOf(ledger.close())).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED' });
    expect(sink.isClosed).toBe(true);
  });

  it('repeats no foreign message', async () => {
    const { sink, ledger } = await gated();
    ledger.append(outcomeEntry('a'));
    await sink.finish(new Error('password=hunter2'));
    const error = await failureOf(ledger.flush());
    expect((error as Error).message).not.toContain('hunter2');
  });

  it('that only fails to close says so', async () => {
    const { sink, ledger } = await gated();
    sink.isGated = false;
    sink.closeFailure = new Error('EIO');
    expect(await failureOf(ledger.close())).toBe(sink.closeFailure);
  });
});

describe('close', () => {
  it('waits for what is pending and then refuses', async () => {
    const { sink, ledger } = await gated();
    ledger.append(outcomeEntry('a'));
    const closed = ledger.close();
    expect(codeOf(() => ledger.append(outcomeEntry('b')))).toBe('CALLGATE_AUDIT_CLOSED');
    expect(sink.isClosed).toBe(false);
    await sink.finish();
    await closed;
    expect(sink.isClosed).toBe(true);
    expect(ledger.health()).toMatchObject({ state: 'closed', pending: 0 });
    await ledger.close();
  });

  it('records a gap that had no room before', async () => {
    const { sink, ledger } = await gated({ maxPending: 1 });
    ledger.append(outcomeEntry('a'));
    codeOf(() => ledger.append(outcomeEntry('refused')));
    const closed = ledger.close();
    await sink.finish();
    await closed;
    const records = sink.batches.flat().map((line) => JSON.parse(line) as AuditRecord);
    expect(records.slice(-2)).toMatchObject([{ kind: 'gap', count: 1 }, { event: 'closed' }]);
  });

  it('is what disposing does', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l' });
    ledger.append(outcomeEntry('a'));
    await ledger[Symbol.asyncDispose]();
    expect(sink.records().at(-1)).toMatchObject({ event: 'closed' });
  });
});

describe('subscribe', () => {
  it('shows each record as it was written, until unsubscribed', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l' });
    const seen: AuditRecord[] = [];
    const unsubscribe = ledger.subscribe((record) => seen.push(record));
    ledger.append(decisionEntry('a'));
    unsubscribe();
    ledger.append(decisionEntry('b'));
    await ledger.close();
    expect(seen).toEqual([sink.records()[1]]);
  });

  it('leaves out a listener that throws and records all the same', async () => {
    const ledger = await openLedger({ sink: createMemorySink(), clock, id: 'l' });
    let calls = 0;
    ledger.subscribe(() => {
      calls += 1;
      throw new Error('view broke');
    });
    expect(ledger.append(outcomeEntry('a'))).toBe(1);
    expect(ledger.append(outcomeEntry('b'))).toBe(2);
    expect([calls, ledger.health().failedListeners]).toEqual([1, 1]);
  });

  it('may append from within', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l' });
    ledger.subscribe((record) => {
      if (record.kind === 'decision') ledger.append(outcomeEntry(record.request));
    });
    ledger.append(decisionEntry('a'));
    await ledger.close();
    expect(await verifyLines(sink.lines())).toMatchObject({ ok: true, records: 4, inDoubtCount: 0 });
  });

  it('shows every listener the records in order, although one appends from within', async () => {
    const ledger = await openLedger({ sink: createMemorySink(), clock, id: 'l' });
    const seen: number[] = [];
    ledger.subscribe((record) => {
      if (record.kind === 'decision') ledger.append(outcomeEntry(record.request));
    });
    ledger.subscribe((record) => seen.push(record.seq));
    for (const request of ['a', 'b']) ledger.append(decisionEntry(request));
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('leaves out a listener that appends for every record, and no other one', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock, id: 'l', maxPending: 5000 });
    let seen = 0;
    ledger.subscribe(() => void ledger.append(outcomeEntry('a')));
    ledger.subscribe(() => {
      seen += 1;
    });
    ledger.append(decisionEntry('a'));
    expect([seen, ledger.health().failedListeners]).toEqual([5000, 1]);
    await ledger.close();
    expect(await verifyLines(sink.lines())).toMatchObject({ ok: true, dropped: 1 });
  });
});
