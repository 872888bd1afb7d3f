import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind } from '@callgate/policy';

/** How the time of one family of inputs grows. */
export interface Growth {
  /** The slope of log time over log size; 1 is linear. */
  readonly exponent: number;
  /** Milliseconds for 100 KB at the largest size. */
  readonly msPer100Kb: number;
}

const SIZES: readonly number[] = [64_000, 128_000, 256_000, 512_000, 1_000_000];
const ROUNDS = 3;

/**
 * Fits how the time to judge `make(size)` grows with `size`, in UTF-16 code units. For `npm run soak` and benchmarks, never for a
 * unit test: times of one run depend on the machine.
 */
export function growthOf(kind: CompiledKind, make: (size: number) => JsonValue): Growth {
  const points = SIZES.map((size) => {
    const value = make(size);
    kind.check(value);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedMs = performance.now();
      kind.check(value);
      best = Math.min(best, performance.now() - startedMs);
    }
    return [Math.log(size), Math.log(Math.max(best, 0.001)), best] as const;
  });
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const variance = mean(points.map(([x]) => (x - meanX) ** 2));
  const last = points.at(-1)?.[2] ?? 0;
  return { exponent: covariance / variance, msPer100Kb: last / ((SIZES.at(-1) ?? 1) / 100_000) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
