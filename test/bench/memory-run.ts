import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { bytes, significant, whole } from './format.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';
import { slopeOf } from './statistics.ts';

const CALLS = 1_000_000;
const REPORTS = 20;
// The gate's memory ledger is full after 5,000 calls; V8 takes longer to settle.
const WARM_UP_CALLS = 150_000;

/** The heap after collection, once so many calls were made. */
interface Report {
  readonly calls: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
  readonly elapsedMs: number;
}

/** Memory over a million governed calls in one process. */
export const memoryRun: Benchmark = {
  name: 'memory-run',
  run: async (context) => {
    const calls = context.isQuick ? 400 : CALLS;
    const plain = await runChild('plain', calls, context);
    const governed = await runChild('governed', calls, context);
    return describe(calls, plain, governed, context.isQuick ? 0 : WARM_UP_CALLS);
  },
};

async function runChild(mode: 'plain' | 'governed', calls: number, { progress }: BenchmarkContext): Promise<Report[]> {
  const reports: Report[] = [];
  const script = fileURLToPath(new URL('memory-child.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--conditions=@callgate/source', script, mode, String(calls), String(calls / REPORTS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let pending = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (pending + chunk.toString()).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      reports.push(JSON.parse(line) as Report);
      progress(`${mode}, ${whole(reports.at(-1)?.calls ?? 0)} of ${whole(calls)} calls`);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  if (code !== 0 || reports.length !== REPORTS + 1)
    throw new Error(`expected ${REPORTS + 1} reports, got ${reports.length}, exit code ${code}`);
  return reports;
}

function describe(calls: number, plain: readonly Report[], governed: readonly Report[], warmUp: number): Section {
  const slope = (reports: readonly Report[]): number => {
    const settled = reports.filter((report) => report.calls >= warmUp);
    return slopeOf(
      settled.map((report) => report.calls),
      settled.map((report) => report.heapUsed + report.external),
    );
  };
  const microsPerCall = (reports: readonly Report[]): number => ((reports.at(-1)?.elapsedMs ?? 0) * 1_000) / calls;
  const shown = governed.filter((_, index) => index % 2 === 0 || index === governed.length - 1);
  return {
    title: 'Memory over a million calls',
    notes: [
      `${whole(calls)} calls with 1 KiB results through SDK v1 in memory, in a process of their own; heap after a forced collection, ` +
        `${REPORTS + 1} times. The gate’s memory ledger keeps its newest 10,000 records, which is most of what the governed heap ` +
        `has above the plain one. Slopes are of the heap and what hangs on it outside, from call ${whole(warmUp)} on, the median ` +
        `of all pairs of reports: governed ${significant(slope(governed))} bytes a call, plain ${significant(slope(plain))}. ` +
        `Throughput, one call at a time: plain ${significant(microsPerCall(plain))} µs a call, governed ${significant(microsPerCall(governed))} µs.`,
    ],
    tables: [
      {
        caption: '',
        header: ['calls', 'plain heap', 'governed heap', 'governed outside the heap', 'governed resident'],
        rows: shown.map((report) => [
          whole(report.calls),
          bytes(plain.find((other) => other.calls === report.calls)?.heapUsed ?? Number.NaN),
          bytes(report.heapUsed),
          bytes(report.external),
          bytes(report.rss),
        ]),
      },
    ],
    targets: [
      {
        promise: 'heap growth after warm-up, 1,000,000 calls',
        bound: 1,
        direction: 'at-most',
        measured: slope(governed),
        unit: 'bytes a call',
      },
    ],
    figures: {
      'slope.governed.bytes-per-call': slope(governed),
      'slope.plain.bytes-per-call': slope(plain),
      'heap.governed.end.bytes': governed.at(-1)?.heapUsed ?? Number.NaN,
      'heap.plain.end.bytes': plain.at(-1)?.heapUsed ?? Number.NaN,
      'mean.governed.us': microsPerCall(governed),
      'mean.plain.us': microsPerCall(plain),
    },
  };
}
