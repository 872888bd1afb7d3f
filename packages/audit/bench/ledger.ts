import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createFileSink, createMemorySink, openLedger, verifyLedger, writeRecord, type Ledger } from '../src/index.ts';
import { decisionEntry, outcomeEntry } from '../test/support/entries.ts';

/** Prints medians of the ledger's hot paths. Run: node --conditions=@callgate/source packages/audit/bench/ledger.ts */

const clock = { now: (): number => Date.now() };
console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
await appendInMemory('decision', decisionEntry);
await appendInMemory('outcome', outcomeEntry);
await durableAppends(1);
await durableAppends(32);
await verification();

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

async function appendInMemory(
  name: string,
  make: (request: string) => ReturnType<typeof decisionEntry> | ReturnType<typeof outcomeEntry>,
): Promise<void> {
  const bytes = writeRecord({ v: 1, ledger: 'bench', seq: 0, prev: null, ...make('req_0') }).length;
  const ledger = await openLedger({ sink: createMemorySink({ maxRecords: 10_000 }), clock, id: 'bench' });
  const samples: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const entries = Array.from({ length: 500 }, (_, index) => make(`req_${round}_${index}`));
    const start = performance.now();
    for (const entry of entries) ledger.append(entry);
    samples.push((performance.now() - start) * 2);
    await ledger.flush();
  }
  await ledger.close();
  console.log(`append, ${name} of ${bytes} B, in memory: ${median(samples).toFixed(2)} µs`);
}

async function durableAppends(concurrency: number): Promise<void> {
  await inDirectory(async (directory) => {
    const ledger = await openLedger({ sink: createFileSink({ directory, clock }), clock, id: 'bench' });
    const total = concurrency * 300;
    const start = performance.now();
    await Promise.all(Array.from({ length: concurrency }, () => appendInTurn(ledger, total / concurrency)));
    const seconds = (performance.now() - start) / 1000;
    await ledger.close();
    console.log(`durable appends with fsync, ${concurrency} at once: ${Math.round(total / seconds)} records/s`);
  });
}

async function appendInTurn(ledger: Ledger, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await ledger.durable(ledger.append(decisionEntry(`req_${index}`)));
}

async function verification(): Promise<void> {
  await inDirectory(async (directory) => {
    const ledger = await openLedger({ sink: createFileSink({ directory, clock, fsync: false }), clock, id: 'bench' });
    for (let index = 0; index < 50_000; index += 1) {
      ledger.append(decisionEntry(`req_${index}`));
      ledger.append(outcomeEntry(`req_${index}`));
      if (index % 2000 === 0) await ledger.flush();
    }
    await ledger.close();
    const names = await readdir(directory);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    for (const deep of [false, true]) {
      const samples: number[] = [];
      for (let round = 0; round < (deep ? 3 : 7); round += 1) {
        const start = performance.now();
        const report = await verifyLedger(directory, { deep });
        samples.push(report.records / ((performance.now() - start) / 1000));
        if (!report.ok) throw new Error(JSON.stringify(report.problems[0]));
      }
      const each = Math.round(bytes / 100_002);
      console.log(`verify${deep ? ', deep' : ''}, records of ${each} B: ${Math.round(median(samples))} records/s`);
    }
  });
}

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'callgate-bench-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
