import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind } from '@callgate/policy';

/** How the time of one family of inputs grows. */
export interface Growth {
  /** The slope of log time over log size, up to the size that takes longest; 1 is linear. 0 where nothing takes measurably long. */
  readonly exponent: number;
  /** Milliseconds for 100 KB at the worst of the large sizes. */
  readonly msPer100Kb: number;
}

/** In UTF-16 code units. */
export const GROWTH_SIZES: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 250_000, 1_000_000];
// Below this, what is measured is the clock and the collector.
const FLOOR_MS = 0.1;
const LARGE = 64_000;
const MIN_ROUNDS = 4;
const MAX_ROUNDS = 40;
const MEASURED_MS = 100;

/**
 * Fits how the time to judge `make(size)` grows with `size`. For `npm run soak` and benchmarks, never for a unit test: times of one
 * run depend on the machine.
 */
export function growthOf(
  kind: CompiledKind,
  make: (size: number) => JsonValue,
  sizes: readonly number[] = GROWTH_SIZES,
): Growth {
  const points = sizes.map((size) => ({ size, ms: quickestMs(kind, make(size)) }));
  const slowest = points.reduce((one, other) => (other.ms >= one.ms ? other : one));
  const measurable = points.filter(({ size, ms }) => size <= slowest.size && ms >= FLOOR_MS);
  const large = points.filter(({ size }) => size >= LARGE);
  return {
    exponent: measurable.length < 3 ? 0 : slopeOf(measurable),
    msPer100Kb: Math.max(0, ...large.map(({ size, ms }) => (ms * 100_000) / size)),
  };
}

/** The quickest of some runs, more where they are short: what the code costs, not what the collector or the machine does besides. */
function quickestMs(kind: CompiledKind, value: JsonValue): number {
  let best = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let round = 0; round < MIN_ROUNDS || (round < MAX_ROUNDS && spent < MEASURED_MS); round += 1) {
    const startedMs = performance.now();
    kind.check(value);
    const ms = performance.now() - startedMs;
    spent += ms;
    best = Math.min(best, ms);
  }
  return best;
}

function slopeOf(points: readonly { readonly size: number; readonly ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const);
  const meanX = mean(logs.map(([x]) => x));
  const meanY = mean(logs.map(([, y]) => y));
  return mean(logs.map(([x, y]) => (x - meanX) * (y - meanY))) / mean(logs.map(([x]) => (x - meanX) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
