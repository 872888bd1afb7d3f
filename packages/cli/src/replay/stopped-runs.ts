/** Runs that are told apart; what is counted of further ones is that there were some. */
const MAX_TOLD_RUNS = 100_000;

/** Which runs had a call stopped, in bounded memory. */
export class StoppedRuns {
  /** Calls of runs beyond {@link MAX_TOLD_RUNS}. */
  untold = 0;
  readonly #stopped = new Map<string, boolean>();

  see(run: string | undefined, isStopped: boolean): void {
    if (run === undefined) return;
    const known = this.#stopped.get(run);
    if (known === undefined && this.#stopped.size >= MAX_TOLD_RUNS) this.untold += 1;
    else if (known !== true) this.#stopped.set(run, isStopped);
  }

  get count(): number {
    return this.#stopped.size;
  }

  /** Those with a call that was denied or held, in the order in which they began. */
  get stopped(): readonly string[] {
    return [...this.#stopped].flatMap(([run, isStopped]) => (isStopped ? [run] : []));
  }
}
