/** Percentiles of one set of samples, in the samples' unit. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Sorts once and reads the percentiles off (nearest rank). */
export function spreadOf(samples: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(samples).toSorted();
  return { count: sorted.length, p50: rank(sorted, 0.5), p90: rank(sorted, 0.9), p99: rank(sorted, 0.99) };
}

/** The middle of a list. */
export function median(samples: ArrayLike<number>): number {
  return spreadOf(samples).p50;
}

/** The slope of `ys` over `xs`: the median of all pairwise slopes (Theil–Sen), which a few outliers do not move. */
export function slopeOf(xs: readonly number[], ys: readonly number[]): number {
  const slopes = xs.flatMap((x, index) =>
    xs.slice(index + 1).map((later, offset) => ((ys[index + 1 + offset] ?? 0) - (ys[index] ?? 0)) / (later - x)),
  );
  return slopes.length === 0 ? 0 : middle(slopes);
}

/** The middle value, or the mean of the middle two. */
function middle(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

function rank(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
