import { ManualClock, digest } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  MAX_RECORD_BYTES,
  createMemorySink,
  openLedger,
  verifyLedger,
  verifyLines,
  type AuditError,
} from '../src/index.ts';
import { decisionEntry, outcomeEntry } from './support/entries.ts';
import { ledgerLines, linesOf } from './support/lines.ts';

const lines = await ledgerLines(5); // opened, 10 records, closed

describe('verifyLines', () => {
  it('finds nothing wrong with what a ledger wrote', async () => {
    const report = await verifyLines(lines, { deep: true });
    expect(report).toMatchObject({
      ok: true,
      ledger: 'test-ledger',
      records: 12,
      firstSeq: 0,
      lastSeq: 11,
      tail: { ledger: 'test-ledger', seq: 11, digest: digest(lines[11] ?? '') },
      problems: [],
      inDoubtCount: 0,
      byKind: { decision: 5, outcome: 5, lifecycle: 2, definition: 0, anomaly: 0, gap: 0 },
      byEffect: { allow: 5, deny: 0, hold: 0 },
    });
  });

  it.each<[string, (source: string[]) => string[], string]>([
    ['a line taken out', (source) => source.toSpliced(4, 1), 'seq-gap'],
    ['the first line taken out', (source) => source.slice(1), 'seq-gap'],
    ['two lines swapped', (source) => source.toSpliced(4, 2, source[5] ?? '', source[4] ?? ''), 'seq-gap'],
    ['a line repeated', (source) => source.toSpliced(4, 0, source[3] ?? ''), 'seq-repeated'],
    ['a line of another time', (source) => source.toSpliced(4, 0, source[1] ?? ''), 'seq-repeated'],
    ['a value changed', (source) => source.with(4, source[4]?.replace('"ok"', '"unknown"') ?? ''), 'prev-mismatch'],
    ['a line made empty', (source) => source.with(4, ''), 'malformed'],
    ['white space put in', (source) => source.with(4, source[4]?.replace(':', ': ') ?? ''), 'not-canonical'],
    ['members out of order', (source) => source.with(4, `{"v":1,${source[4]?.slice(1) ?? ''}`), 'not-canonical'],
    ['another version', (source) => source.with(4, source[4]?.replace('"v":1', '"v":2') ?? ''), 'version'],
    ['an unknown kind', (source) => source.with(4, source[4]?.replace('"outcome",', '"result",') ?? ''), 'schema'],
    ['a missing member', (source) => source.with(4, source[4]?.replace(/"code":[^,]+,/u, '') ?? ''), 'schema'],
    [
      'another ledger',
      (source) => source.with(11, source[11]?.replace('test-ledger', 'best-ledger') ?? ''),
      'ledger-changed',
    ],
    ['an endless line', (source) => source.with(4, 'x'.repeat(MAX_RECORD_BYTES + 1)), 'too-long'],
    ['nothing at all', () => [], 'empty'],
  ])('reports %s', async (_name, change, code) => {
    const report = await verifyLines(change([...lines]));
    expect(report.ok).toBe(false);
    expect(report.problems.map((problem) => problem.code)).toContain(code);
  });

  it('names the record, the line and goes on to the next problem', async () => {
    const damaged = lines.with(3, lines[3]?.replace('"allow"', '"hold"') ?? '').with(8, '{}');
    const { problems } = await verifyLines(damaged);
    expect(problems.map(({ code, seq, line }) => [code, seq, line])).toEqual([
      ['prev-mismatch', 4, 5],
      ['malformed', null, 9],
      ['prev-mismatch', 9, 10],
    ]);
  });

  it('is not fooled by text that looks like a member', async () => {
    const forged = await linesOf([
      decisionEntry('r","seq":99,"prev":null', {
        summary: { seq: 4, prev: 'x', kind: 'gap', nested: { request: '"},"kind":"outcome"' } },
      }),
    ]);
    const report = await verifyLines(forged, { deep: true });
    expect(report).toMatchObject({ ok: true, records: 3, byKind: { decision: 1 } });
    expect(report.inDoubt[0]?.request).toBe('r","seq":99,"prev":null');
  });

  it('sees a change in the last line only with a deep look, and only where it breaks the shape', async () => {
    const last = lines[11] ?? '';
    expect((await verifyLines(lines.with(11, last.replace('"detail":{}', '"detail":{"a":01}')))).ok).toBe(true);
    const deep = await verifyLines(lines.with(11, last.replace('"detail":{}', '"detail":[]')), { deep: true });
    expect(deep.problems.map(({ code }) => code)).toEqual(['schema']);
  });

  it('lists allowed requests without an outcome, bounded', async () => {
    const entries = [
      decisionEntry('settled'),
      decisionEntry('denied', { effect: 'deny' }),
      decisionEntry('told', { message: 'notification' }),
      decisionEntry('lost-1', { target: 'refund.create' }),
      decisionEntry('lost-2', { target: null, method: 'ping' }),
      outcomeEntry('settled'),
    ];
    const report = await verifyLines(await linesOf(entries), { maxInDoubt: 1 });
    expect(report.inDoubt).toEqual([{ request: 'lost-1', method: 'tools/call', target: 'refund.create', seq: 4 }]);
    expect(report).toMatchObject({ ok: true, inDoubtCount: 2, inDoubtComplete: true, byEffect: { allow: 4, deny: 1 } });
  });

  it('does not keep request ids that no gate gives out', async () => {
    const sink = createMemorySink();
    const ledger = await openLedger({ sink, clock: new ManualClock(0), id: 'l' });
    const request = 'r'.repeat(100_000);
    ledger.append(decisionEntry(request, { method: 'm'.repeat(100_000) }));
    ledger.append(decisionEntry('short', { method: 'm'.repeat(100_000), target: 't'.repeat(100_000) }));
    await ledger.close();
    const report = await verifyLines(sink.lines());
    expect(report).toMatchObject({ ok: true, inDoubtCount: 1, inDoubtComplete: false });
    expect(JSON.stringify(report.inDoubt).length).toBeLessThan(1000);
  });

  it('lists gaps and sums what they stand for', async () => {
    const report = await verifyLines(
      await linesOf([
        { kind: 'gap', time: 1, count: 3, code: 'CALLGATE_AUDIT_FULL' },
        { kind: 'gap', time: 2, count: 4, code: 'CALLGATE_AUDIT_FULL' },
      ]),
    );
    expect(report.dropped).toBe(7);
    expect(report.gaps).toEqual([
      { seq: 1, count: 3, code: 'CALLGATE_AUDIT_FULL' },
      { seq: 2, count: 4, code: 'CALLGATE_AUDIT_FULL' },
    ]);
  });

  it('describes at most maxProblems and counts them all', async () => {
    const report = await verifyLines(
      Array.from({ length: 50 }, () => 'x'),
      { maxProblems: 3 },
    );
    expect(report.problems.length).toBe(3);
    expect(report.problemCount).toBe(50);
  });

  it('verifies what follows a tail seen before', async () => {
    const { tail } = await verifyLines(lines.slice(0, 6));
    if (tail === null) throw new Error('expected a tail');
    expect((await verifyLines(lines.slice(6), { from: tail })).ok).toBe(true);
    expect((await verifyLines(lines.slice(7), { from: tail })).ok).toBe(false);
    expect((await verifyLines(lines.slice(6), { from: { ...tail, digest: digest('other') } })).ok).toBe(false);
    expect((await verifyLines(lines.slice(6), { from: { ...tail, ledger: 'other' } })).ok).toBe(false);
  });

  it('verifies a window whose beginning was evicted only when asked to', async () => {
    const sink = createMemorySink({ maxRecords: 10 });
    const ledger = await openLedger({ sink, clock: { now: () => 0 }, id: 'l' });
    for (let index = 0; index < 30; index += 1) ledger.append(outcomeEntry(`r${index}`));
    await ledger.close();
    expect((await verifyLines(sink.lines())).ok).toBe(false);
    expect(await verifyLines(sink.lines(), { from: 'window' })).toMatchObject({
      ok: true,
      records: 10,
      firstSeq: 22,
      lastSeq: 31,
    });
    expect((await verifyLines(sink.lines().slice(1).toReversed(), { from: 'window' })).ok).toBe(false);
  });

  it('stops when its signal aborts', async () => {
    await expect(verifyLines(lines, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('verifyLedger', () => {
  it('reads chunks cut anywhere, as bytes or text', async () => {
    const text = `${lines.join('\n')}\n`;
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 7, 1000, text.length]) {
      const cut = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => index * size);
      const byBytes = await verifyLedger(cut.map((at) => bytes.subarray(at, at + size)));
      const byText = await verifyLedger(cut.map((at) => text.slice(at, at + size)));
      expect([byBytes.ok, byBytes.records, byText.ok, byText.records]).toEqual([true, 12, true, 12]);
    }
  });

  it('reports a torn tail as such, and takes it for one being written when told so', async () => {
    const torn = `${lines.slice(0, 5).join('\n')}\n${lines[5]?.slice(0, 20)}`;
    const report = await verifyLedger([torn]);
    expect(report).toMatchObject({ ok: false, records: 5, tornBytes: 20 });
    expect(report.problems.map(({ code }) => code)).toEqual(['torn-tail']);
    expect(await verifyLedger([torn], { allowTornTail: true })).toMatchObject({ ok: true, tornBytes: 20 });
  });

  it('keeps memory bounded on a line without an end', async () => {
    const report = await verifyLedger(Array.from({ length: 40 }, () => 'x'.repeat(1_000_000)));
    expect(report).toMatchObject({ ok: false, tornBytes: 40_000_000 });
  });

  it('says so when the directory does not exist', async () => {
    const error = await verifyLedger('/nowhere/at/all').catch((reason: unknown) => reason);
    expect((error as AuditError).code).toBe('CALLGATE_AUDIT_NOT_FOUND');
  });
});
