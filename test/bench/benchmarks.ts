import { coldImport } from './cold-import.ts';
import { decideBenchmark } from './decide.ts';
import { ledgerBenchmark } from './ledger.ts';
import { memoryRun } from './memory-run.ts';
import { profile } from './profile.ts';
import { roundTrips } from './round-trips.ts';
import type { Benchmark } from './section.ts';

/** All benchmarks, in the order of the report. */
export const BENCHMARKS: readonly Benchmark[] = [
  roundTrips,
  profile,
  decideBenchmark,
  ledgerBenchmark,
  memoryRun,
  coldImport,
];
