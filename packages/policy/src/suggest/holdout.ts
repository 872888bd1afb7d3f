import { digest } from '@callgate/canonical';

import type { ObservedCall } from './observed-call.ts';

/** Held-out calls that are kept to be decided at the end. */
const MAX_KEPT = 5000;

/** Characters of JSON that they may have in all. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * Splits calls into those to learn from and those to check with: whole runs, by the digest of their id, or single calls, by their
 * number, as long as there are no two runs. Deterministic, in one pass.
 */
export class Holdout {
  readonly #share: number;
  readonly kept: ObservedCall[] = [];
  calls = 0;
  #characters = 0;
  #seen = 0;
  #firstRun: string | undefined;
  #byRun = false;

  /** @param share how much to hold out, 0 ≤ share < 1 */
  constructor(share: number) {
    this.#share = share;
  }

  get by(): 'run' | 'call' {
    return this.#byRun ? 'run' : 'call';
  }

  /** The calls to learn from now that this one came: itself, none where it is held out, and others that were held out until now. */
  take(observed: ObservedCall): readonly ObservedCall[] {
    this.#seen += 1;
    const { run } = observed.call;
    const released = this.#noteRun(run);
    // The first run stays whole among those to learn from once there is another.
    const key = run === undefined || !this.#byRun ? `#${this.#seen}` : run;
    const isHeldOut =
      this.#share > 0 && !(this.#byRun && run === this.#firstRun && run !== undefined) && this.#isDrawn(key);
    if (!isHeldOut) return [...released, observed];
    this.#keep(observed);
    return released;
  }

  #noteRun(run: string | undefined): readonly ObservedCall[] {
    if (run === undefined || this.#byRun) return [];
    this.#firstRun ??= run;
    if (run === this.#firstRun) return [];
    this.#byRun = true;
    const ofFirst = this.kept.filter(({ call }) => call.run === this.#firstRun);
    const others = this.kept.filter(({ call }) => call.run !== this.#firstRun);
    this.kept.splice(0, this.kept.length, ...others);
    this.calls -= ofFirst.length;
    return ofFirst;
  }

  #isDrawn(key: string): boolean {
    return Number.parseInt(digest(key).slice('sha256:'.length, 'sha256:'.length + 8), 16) / 0x1_0000_0000 < this.#share;
  }

  #keep(observed: ObservedCall): void {
    this.calls += 1;
    if (this.kept.length >= MAX_KEPT || this.#characters > MAX_CHARACTERS) return;
    this.#characters += JSON.stringify(observed.call.params).length;
    this.kept.push(observed);
  }
}
