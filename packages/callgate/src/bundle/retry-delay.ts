/** The longest wait between two tries that fail, unless the interval itself is longer. */
const MAX_RETRY_MS = 600_000;

/** Doublings beyond these change nothing. */
const MAX_DOUBLINGS = 20;

/**
 * Milliseconds until the next look at a source: the interval, give or take a tenth, so that a fleet does not ask at once; after
 * failures twice as long each time, up to ten minutes, and at least half of that.
 *
 * @param failures looks in a row that failed
 * @param random from 0 to below 1
 */
export function retryDelayMs(intervalMs: number, failures: number, random: number): number {
  if (failures === 0) return Math.round(intervalMs * (0.9 + 0.2 * random));
  const longestMs = Math.max(intervalMs, MAX_RETRY_MS);
  const delayMs = Math.min(intervalMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS), longestMs);
  return Math.round(delayMs * (0.5 + 0.5 * random));
}
