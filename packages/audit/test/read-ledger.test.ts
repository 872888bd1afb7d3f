import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  AuditError,
  createFileSink,
  followLedger,
  openLedger,
  readLedger,
  type AuditRecord,
  type Ledger,
} from '../src/index.ts';
import { decisionEntry, outcomeEntry } from './support/entries.ts';
import { segmentNames, temporaryDirectory } from './support/ledger-directory.ts';
import { ledgerLines } from './support/lines.ts';

const clock = { now: (): number => 0 };

function open(directory: string): Promise<Ledger> {
  return openLedger({ sink: createFileSink({ directory, clock, segmentBytes: 4000 }), clock, id: 'l' });
}

async function seqsOf(records: AsyncIterable<AuditRecord>): Promise<number[]> {
  const seqs = [];
  for await (const record of records) seqs.push(record.seq);
  return seqs;
}

async function storedLedger(calls: number): Promise<string> {
  const directory = await temporaryDirectory();
  const ledger = await open(directory);
  for (let index = 0; index < calls; index += 1) {
    ledger.append(decisionEntry(`r${index}`));
    ledger.append(outcomeEntry(`r${index}`));
  }
  await ledger.close();
  return directory;
}

describe('readLedger', () => {
  it('gives all records across segments, or a range, or those a filter keeps', async () => {
    const directory = await storedLedger(20);
    expect((await segmentNames(directory)).length).toBeGreaterThan(5);
    expect(await seqsOf(readLedger(directory))).toEqual(Array.from({ length: 42 }, (_, index) => index));
    expect(await seqsOf(readLedger(directory, { from: 17, to: 20 }))).toEqual([17, 18, 19, 20]);
    const filter = (record: AuditRecord): boolean => record.kind === 'lifecycle';
    expect(await seqsOf(readLedger(directory, { filter }))).toEqual([0, 41]);
  });

  it('does not open segments before the range', async () => {
    const directory = await storedLedger(20);
    await writeFile(join(directory, (await segmentNames(directory))[0] ?? ''), 'damaged\n');
    expect(await seqsOf(readLedger(directory, { from: 30, to: 31 }))).toEqual([30, 31]);
    await expect(seqsOf(readLedger(directory))).rejects.toBeInstanceOf(AuditError);
  });

  it('leaves out a line that is not complete yet', async () => {
    const directory = await storedLedger(1);
    await appendFile(join(directory, (await segmentNames(directory)).at(-1) ?? ''), '{"half');
    expect(await seqsOf(readLedger(directory))).toEqual([0, 1, 2, 3]);
  });

  it('reads lines as well', async () => {
    expect(await seqsOf(readLedger(await ledgerLines(2), { from: 4 }))).toEqual([4, 5]);
  });

  it('stops when its signal aborts', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(seqsOf(readLedger(await storedLedger(1), { signal }))).rejects.toThrow('enough');
  });
});

describe('followLedger', () => {
  it('gives new records as they come, across segments, until aborted', async () => {
    const directory = await temporaryDirectory();
    const ledger = await open(directory);
    ledger.append(outcomeEntry('before'));
    await ledger.flush();
    const controller = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const record of followLedger(directory, { pollMs: 1, signal: controller.signal })) {
        seen.push(record.seq);
        if (seen.length === 40) controller.abort();
      }
    })();
    for (let made = 1; !controller.signal.aborted; made += 1)
      await ledger.durable(ledger.append(decisionEntry(`r${made}`)));
    await following;
    await ledger.close();
    // where it begins depends on when it got to look; from there on nothing is missing
    const [first = 0] = seen;
    expect(first).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => first + index));
  });

  it('begins where it is told', async () => {
    const directory = await storedLedger(10);
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const record of followLedger(directory, { from: 15, pollMs: 1, signal: controller.signal })) {
      seen.push(record.seq);
      if (record.seq === 21) controller.abort();
    }
    expect(seen).toEqual([15, 16, 17, 18, 19, 20, 21]);
  });

  it('ends at once when aborted while it waits', async () => {
    const directory = await storedLedger(1);
    const signal = AbortSignal.timeout(20);
    expect(await seqsOf(followLedger(directory, { pollMs: 600_000, signal }))).toEqual([]);
  });
});
