/** Milliseconds since the Unix epoch. */
export type Instant = number;

/** Where time comes from. The pure packages never read one: they take an {@link Instant}. */
export interface Clock {
  /** The present instant. Clocks of real machines step back too. */
  now(): Instant;
}

/** A clock for tests and replays: it stands still until told to move. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock by `durationMs`, which may be negative: clocks of real machines step back too. */
  advance(durationMs: number): void {
    this.#now += durationMs;
  }
}
