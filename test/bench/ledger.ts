import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createFileSink,
  createMemorySink,
  openLedger,
  verifyLines,
  verifyLedger,
  type AuditSink,
  type Ledger,
} from '@callgate/audit';
import { systemClock } from 'callgate';

import { decisionEntry, outcomeEntry } from './entries.ts';
import { micros, significant, whole } from './format.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';
import { median, spreadOf, type Spread } from './statistics.ts';

const CONCURRENCIES = [1, 32] as const;
const APPENDS_PER_SAMPLE = 100;
// Opening and closing a ledger leave records of their own.
const LIFECYCLE_RECORDS = 2;

interface Findings {
  readonly append: Spread;
  readonly recordBytes: number;
  readonly verifiedPerSecond: number;
  readonly verifiedFromDiskPerSecond: number;
  readonly verified: number;
  readonly durable: readonly { readonly concurrency: number; readonly spread: Spread; readonly perSecond: number }[];
}

/** Appending to the ledger and verifying it, in memory and on disk. */
export const ledgerBenchmark: Benchmark = {
  name: 'ledger',
  run: async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'callgate-bench-'));
    try {
      return describe(await measure(context, folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure({ isQuick, progress }: BenchmarkContext, folder: string): Promise<Findings> {
  const records = isQuick ? 1_000 : 100_000;
  progress(`append ${whole(records)} records in memory`);
  const { spread: append, lines } = await appendInMemory(records);
  progress('verify in memory');
  const verifiedPerSecond = await verifyRepeatedly(() => verifyLines(lines), records, isQuick ? 1 : 7);

  const durable: Findings['durable'][number][] = [];
  for (const concurrency of CONCURRENCIES) {
    progress(`durable append, ${concurrency} at a time`);
    const appends = (isQuick ? 4 : 400) * concurrency;
    durable.push({
      concurrency,
      ...(await appendDurably(join(folder, `durable-${concurrency}`), concurrency, appends)),
    });
  }

  progress('verify from disk');
  const directory = join(folder, 'verify');
  await fillDirectory(directory, records);
  const verifiedFromDiskPerSecond = await verifyRepeatedly(() => verifyLedger(directory), records, isQuick ? 1 : 7);
  const recordBytes = lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length;
  return { append, recordBytes, verifiedPerSecond, verifiedFromDiskPerSecond, verified: records, durable };
}

/** Half decisions, half outcomes, as calls make them. */
function entryAt(index: number): ReturnType<typeof decisionEntry> {
  return index % 2 === 0 ? decisionEntry(index >> 1) : outcomeEntry(index >> 1);
}

async function appendInMemory(
  records: number,
): Promise<{ readonly spread: Spread; readonly lines: readonly string[] }> {
  const sink = createMemorySink({ maxRecords: records + LIFECYCLE_RECORDS });
  const ledger = await openBenchLedger(sink);
  const samples: number[] = [];
  for (let done = 0; done < records; done += APPENDS_PER_SAMPLE) {
    const entries = Array.from({ length: APPENDS_PER_SAMPLE }, (_, index) => entryAt(done + index));
    const start = performance.now();
    for (const entry of entries) ledger.append(entry);
    samples.push(((performance.now() - start) * 1_000) / APPENDS_PER_SAMPLE);
    // The sink takes its batch, as it would between calls.
    await ledger.flush();
  }
  const lines = sink.lines();
  await ledger.close();
  return { spread: spreadOf(samples), lines };
}

async function verifyRepeatedly(
  verify: () => Promise<{ readonly ok: boolean; readonly records: number }>,
  records: number,
  times: number,
): Promise<number> {
  const rates: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    const report = await verify();
    rates.push(records / ((performance.now() - start) / 1_000));
    if (!report.ok || report.records < records)
      throw new Error(`expected ${records} sound records: ${JSON.stringify(report).slice(0, 500)}`);
  }
  return median(rates);
}

async function appendDurably(
  directory: string,
  concurrency: number,
  appends: number,
): Promise<{ readonly spread: Spread; readonly perSecond: number }> {
  const ledger = await openBenchLedger(createFileSink({ directory, clock: systemClock }));
  const samples: number[] = [];
  let next = 0;
  const appender = async (): Promise<void> => {
    while (next < appends) {
      const entry = decisionEntry(next);
      next += 1;
      const start = performance.now();
      await ledger.durable(ledger.append(entry));
      samples.push((performance.now() - start) * 1_000);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, appender));
  const perSecond = appends / ((performance.now() - start) / 1_000);
  await ledger.close();
  return { spread: spreadOf(samples), perSecond };
}

async function fillDirectory(directory: string, records: number): Promise<void> {
  const ledger = await openBenchLedger(createFileSink({ directory, clock: systemClock, fsync: false }));
  for (let index = 0; index < records; index += 1) {
    ledger.append(entryAt(index));
    if (index % 1_000 === 0) await ledger.flush();
  }
  await ledger.close();
}

function openBenchLedger(sink: AuditSink): Promise<Ledger> {
  return openLedger({ sink, clock: systemClock, id: 'ledger-bench' });
}

function describe({
  append,
  recordBytes,
  verifiedPerSecond,
  verifiedFromDiskPerSecond,
  verified,
  durable,
}: Findings): Section {
  return {
    title: 'Ledger',
    notes: [
      `Records are the decision and the outcome of an ordinary call in turn, ${significant(recordBytes)} bytes a record on average. An append fixes ` +
        `the record’s bytes and its place in the chain; in memory it is timed in samples of ${APPENDS_PER_SAMPLE}. A durable append waits ` +
        'for the fsync that it shares with all that wait at the time, so it is as fast as the disk. Verifying reads every record ' +
        'and recomputes the chain.',
    ],
    tables: [
      {
        caption: '',
        header: ['what', 'p50', 'p90', 'p99', 'a second', 'count'],
        rows: [
          [
            'append, memory',
            ...[append.p50, append.p90, append.p99].map(micros),
            whole(1e6 / append.p50),
            whole(verified),
          ],
          ...durable.map(({ concurrency, spread, perSecond }) => [
            `append and wait until durable (file, fsync), ${concurrency} at a time`,
            ...[spread.p50, spread.p90, spread.p99].map(micros),
            whole(perSecond),
            whole(spread.count),
          ]),
          ['verify, lines in memory', '', '', '', whole(verifiedPerSecond), whole(verified)],
          ['verify, file segments', '', '', '', whole(verifiedFromDiskPerSecond), whole(verified)],
        ],
      },
    ],
    targets: [
      { promise: 'ledger append in memory, p50', bound: 3, direction: 'at-most', measured: append.p50, unit: 'µs' },
      {
        promise: 'ledger verify',
        bound: 200_000,
        direction: 'at-least',
        measured: verifiedFromDiskPerSecond,
        unit: 'records/s',
      },
    ],
    figures: {
      'append.memory.p50.us': append.p50,
      'append.memory.p99.us': append.p99,
      'record.bytes': recordBytes,
      'verify.memory.per-second': verifiedPerSecond,
      'verify.file.per-second': verifiedFromDiskPerSecond,
      ...Object.fromEntries(
        durable.flatMap(({ concurrency, spread, perSecond }) => [
          [`append.durable.${concurrency}.p50.us`, spread.p50],
          [`append.durable.${concurrency}.p99.us`, spread.p99],
          [`append.durable.${concurrency}.per-second`, perSecond],
        ]),
      ),
    },
  };
}
