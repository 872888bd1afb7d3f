import type { Instant } from '@callgate/canonical';

import type { ObservedRate } from './suggestion.ts';

const MAX_RUNS = 4096;
const MAX_SECONDS = 4096;
const WINDOW_SECONDS = 60;

/** How often one tool was called, per run and per minute. Of long logs the latest runs and seconds are told apart. */
export class CallRates {
  readonly #runs = new Map<string, number>();
  readonly #seconds = new Map<number, number>();
  #mostOfRun = 0;
  #mostOfMinute = 0;

  see(run: string | undefined, at: Instant | undefined): void {
    if (run !== undefined) this.#seeRun(run);
    if (at !== undefined && Number.isFinite(at)) this.#seeSecond(Math.floor(at / 1000));
  }

  learned(server: string, tool: string): readonly ObservedRate[] {
    this.#mostOfMinute = Math.max(this.#mostOfMinute, mostWithin(this.#seconds));
    return [
      ...(this.#mostOfRun === 0 ? [] : [{ server, tool, per: 'run', most: this.#mostOfRun } as const]),
      ...(this.#mostOfMinute === 0 ? [] : [{ server, tool, per: 'minute', most: this.#mostOfMinute } as const]),
    ];
  }

  #seeRun(run: string): void {
    const count = (this.#runs.get(run) ?? 0) + 1;
    this.#runs.delete(run);
    this.#runs.set(run, count);
    this.#mostOfRun = Math.max(this.#mostOfRun, count);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MAX_RUNS && oldest !== undefined) this.#runs.delete(oldest);
  }

  #seeSecond(second: number): void {
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
    if (this.#seconds.size <= MAX_SECONDS) return;
    this.#mostOfMinute = Math.max(this.#mostOfMinute, mostWithin(this.#seconds));
    const latest = [...this.#seconds.keys()].toSorted((left, right) => right - left).slice(WINDOW_SECONDS + 1);
    for (const old of latest) this.#seconds.delete(old);
  }
}

/** The most calls in a window, which may begin within a second and so touches one more than it is long. */
function mostWithin(seconds: ReadonlyMap<number, number>): number {
  const ordered = [...seconds].toSorted(([left], [right]) => left - right);
  let most = 0;
  let sum = 0;
  let start = 0;
  for (const [second, count] of ordered) {
    sum += count;
    for (
      let first = ordered[start];
      first !== undefined && second - first[0] > WINDOW_SECONDS;
      first = ordered[start]
    ) {
      sum -= first[1];
      start += 1;
    }
    most = Math.max(most, sum);
  }
  return most;
}
