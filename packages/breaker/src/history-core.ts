import type { BoundControls } from './bound-control.ts';
import type { KeyReaders } from './read-keys.ts';
import type { EvidenceBudget } from './flows/evidence-budget.ts';
import type { HistoryLimits } from './limits.ts';
import type { PlaceQueues } from './place-queue.ts';
import type { AnyReducer } from './reducers.ts';
import type { Spaces } from './space.ts';

/** What the attempts of a history share. */
export interface HistoryCore {
  readonly environment: string | undefined;
  readonly limits: HistoryLimits;
  readonly reducers: ReadonlyMap<string, AnyReducer>;
  readonly controls: BoundControls;
  readonly keys: KeyReaders;
  readonly spaces: Spaces;
  readonly queues: PlaceQueues;
  /** Bounds the evidence of all runs. */
  readonly evidence: EvidenceBudget;
  /** Grows with every change, so that an attempt can tell whether what it judged by still holds. */
  epoch: number;
  /** How many attempts there were. */
  attempts: number;
}
