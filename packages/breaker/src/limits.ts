/** Bounds of a history. What happens at each is said in docs/reference/history.md. */
export interface HistoryLimits {
  /** Keys for each control, default 100,000. A new key beyond it is refused unless another has expired. */
  readonly maxKeys: number;
  /** Entries kept for each key (events, distinct values, samples), default 1,000. */
  readonly maxEntries: number;
  /** Controls that state is kept of, default 1,000; those of earlier policies count while their state is live. */
  readonly maxControls: number;
  /** After how long without a change a key that no window ends may make room for another, milliseconds, default 7 days. */
  readonly maxIdleMs: number;
}

export const DEFAULT_HISTORY_LIMITS: HistoryLimits = Object.freeze({
  maxKeys: 100_000,
  maxEntries: 1000,
  maxControls: 1000,
  maxIdleMs: 7 * 24 * 60 * 60 * 1000,
});

/** @throws {RangeError} when a limit is no positive integer */
export function limitsOf(limits: Partial<HistoryLimits> = {}): HistoryLimits {
  const all = { ...DEFAULT_HISTORY_LIMITS, ...limits };
  for (const [name, value] of Object.entries(all)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`limits.${name}: expected a positive integer`);
  }
  return Object.freeze(all);
}
