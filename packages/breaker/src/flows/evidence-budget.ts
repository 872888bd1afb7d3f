import type { RunEvidence } from './run-evidence.ts';

/** Grams kept for all runs of a history. */
const MAX_GRAMS = 524_288;

/**
 * Bounds the evidence of all runs together: beyond {@link MAX_GRAMS} that of the run that got some the longest ago is forgotten. Its labels are
 * not, so that its calls are judged without what would strengthen the verdict. What a snapshot brought counts again when it changes.
 */
export class EvidenceBudget {
  readonly #maxGrams: number;
  /** In order of when they last grew. */
  readonly #grams = new Map<RunEvidence, number>();
  #total = 0;

  constructor(maxGrams: number = MAX_GRAMS) {
    this.#maxGrams = maxGrams;
  }

  /** The evidence of a run has changed. */
  changed(evidence: RunEvidence): void {
    this.#drop(evidence);
    if (evidence.grams === 0) return;
    this.#grams.set(evidence, evidence.grams);
    this.#total += evidence.grams;
    for (const oldest of this.#grams.keys()) {
      if (this.#total <= this.#maxGrams) break;
      this.#drop(oldest);
      oldest.lift(() => undefined);
    }
  }

  #drop(evidence: RunEvidence): void {
    this.#total -= this.#grams.get(evidence) ?? 0;
    this.#grams.delete(evidence);
  }
}
