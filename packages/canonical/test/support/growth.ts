/**
 * The exponent with which `work(size)` grows: 1 is linear, 2 quadratic. Each size is timed at its quickest of several
 * runs, so that a busy machine does not count.
 */
export function growthExponent(sizes: readonly number[], prepare: (size: number) => () => unknown): number {
  const points = sizes.map((size) => {
    const work = prepare(size);
    work();
    let best = Infinity;
    for (let round = 0; round < 7; round += 1) {
      const startedMs = performance.now();
      work();
      best = Math.min(best, performance.now() - startedMs);
    }
    return [Math.log(size), Math.log(best)] as const;
  });
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
