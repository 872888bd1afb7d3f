import { expect, it } from 'vitest';

import { createMemorySink, openLedger, verifyLines } from '../src/index.ts';
import { outcomeEntry } from './support/entries.ts';

const clock = { now: (): number => 0 };

it('keeps the newest lines in order and counts what it evicted', async () => {
  for (const maxRecords of [1, 2, 7, 12, 13]) {
    const sink = createMemorySink({ maxRecords });
    const ledger = await openLedger({ sink, clock, id: 'l' });
    for (let index = 1; index <= 10; index += 1) ledger.append(outcomeEntry(`r${index}`));
    await ledger.close();
    const kept = Math.min(maxRecords, 12);
    expect(sink.lines().length).toBe(kept);
    expect(sink.records().map((record) => record.seq)).toEqual(
      Array.from({ length: kept }, (_, index) => 12 - kept + index),
    );
    expect(sink.evicted).toBe(12 - kept);
    expect((await verifyLines(sink.lines(), { from: 'window' })).ok).toBe(true);
  }
});

it('continues its chain in the next ledger, evicted or not', async () => {
  const sink = createMemorySink({ maxRecords: 3 });
  for (let round = 0; round < 4; round += 1) await (await openLedger({ sink, clock, id: `l${round}` })).close();
  expect(sink.records().map(({ seq, ledger }) => [seq, ledger])).toEqual([
    [5, 'l0'],
    [6, 'l0'],
    [7, 'l0'],
  ]);
  expect((await verifyLines(sink.lines(), { from: 'window' })).ok).toBe(true);
});

it('hands out copies', async () => {
  const sink = createMemorySink();
  await (await openLedger({ sink, clock, id: 'l' })).close();
  (sink.lines() as string[]).length = 0;
  expect(sink.lines().length).toBe(2);
});

it('refuses sizes that make no sense', () => {
  for (const maxRecords of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createMemorySink({ maxRecords })).toThrow(RangeError);
  }
});
