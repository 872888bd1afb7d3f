import type { HistoryLimits } from '@callgate/breaker';

/** What a gate remembers of what happened before, and where. */
export interface HistoryOptions {
  /**
   * Where it is kept, so that a restart neither refills a budget nor closes a breaker: a file, `memory` (gone with the process), or by
   * default `history.json` in the ledger's folder, and memory where the ledger is in none. One gate at a time for each file.
   */
  readonly keep?: string;
  /** What the environment is called, for controls that keep count `per: [environment]`. Without it their calls are denied. */
  readonly environment?: string;
  /** Bounds; what happens at them is said in docs/reference/history.md. */
  readonly limits?: Partial<HistoryLimits>;
}
