import { coldImport } from './cold-import.ts';
import { conditionsBenchmark } from './conditions.ts';
import { decideBenchmark } from './decide.ts';
import { diffBenchmark } from './diff.ts';
import { historyBenchmark } from './history.ts';
import { inspectBenchmark } from './inspect.ts';
import { inspectedCalls } from './inspected-calls.ts';
import { kindGrowth } from './kind-growth.ts';
import { ledgerBenchmark } from './ledger.ts';
import { loadBenchmark } from './load.ts';
import { memoryRun } from './memory-run.ts';
import { profile } from './profile.ts';
import { replayBenchmark } from './replay.ts';
import { roundTrips } from './round-trips.ts';
import type { Benchmark } from './section.ts';

/** All benchmarks, in the order of the report. */
export const BENCHMARKS: readonly Benchmark[] = [
  roundTrips,
  inspectedCalls,
  profile,
  decideBenchmark,
  conditionsBenchmark,
  historyBenchmark,
  loadBenchmark,
  diffBenchmark,
  replayBenchmark,
  kindGrowth,
  inspectBenchmark,
  ledgerBenchmark,
  memoryRun,
  coldImport,
];
