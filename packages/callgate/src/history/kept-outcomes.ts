import type { JsonObject } from '@callgate/canonical';

/** Answers that are kept, and text of all of them, UTF-16 code units. Beyond it the oldest are forgotten: who repeats such a call is told that it was made. */
const MAX_OUTCOMES = 1_000;
const MAX_UNITS = 16 * 1024 * 1024;

/** An answer, and what whoever gets it has seen. */
export interface KeptOutcome {
  readonly result: JsonObject;
  readonly labels: readonly string[];
}

interface Kept extends Pick<KeptOutcome, 'labels'> {
  readonly text: string;
  readonly untilMs: number;
}

/** What became of writes that happen once for each key, as the client got it, by the gate's id of the call. In memory only. */
export class KeptOutcomes {
  readonly #kept = new Map<string, Kept>();
  #units = 0;

  /** @param untilMs on the clock that {@link get} is given */
  keep(request: string, { result, labels }: KeptOutcome, untilMs: number): void {
    const text = JSON.stringify(result);
    if (text.length > MAX_UNITS) return;
    this.#forget(request);
    this.#kept.set(request, { text, labels, untilMs });
    this.#units += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_OUTCOMES && this.#units <= MAX_UNITS) break;
      this.#forget(oldest);
    }
  }

  /** A copy of its own for each who asks. */
  get(request: string, nowMs: number): KeptOutcome | undefined {
    const kept = this.#kept.get(request);
    if (kept === undefined) return undefined;
    if (nowMs < kept.untilMs) return { result: JSON.parse(kept.text) as JsonObject, labels: kept.labels };
    this.#forget(request);
    return undefined;
  }

  #forget(request: string): void {
    this.#units -= this.#kept.get(request)?.text.length ?? 0;
    this.#kept.delete(request);
  }
}
