/** How much work an inspection may do. One unit is about the reading of one UTF-16 code unit of plain text. */
export interface FuelLimits {
  /** Units that any message may use, however small, default 65,536. */
  readonly base: number;
  /** Further units for each code unit of text in it, default 20. Plain text uses between 1 and 8. */
  readonly perUnit: number;
}

export const DEFAULT_FUEL: FuelLimits = Object.freeze({ base: 65_536, perUnit: 20 });

/** Thrown by {@link Fuel.spend}; never leaves this package. */
export class OutOfFuel extends Error {
  constructor() {
    super('out of fuel');
  }
}

/**
 * A meter of work. The same input uses the same fuel on every machine, so that the verdict does not depend on how fast or busy
 * one is. What runs out is withheld, never passed.
 */
export class Fuel {
  #left: number;
  #used = 0;
  readonly #perUnit: number;

  constructor(limits: FuelLimits = DEFAULT_FUEL) {
    this.#left = limits.base;
    this.#perUnit = limits.perUnit;
  }

  /** Units used so far. */
  get used(): number {
    return this.#used;
  }

  /** Allows the work that `units` code units of text may cost. */
  allow(units: number): void {
    this.#left += units * this.#perUnit;
  }

  /** @throws {OutOfFuel} when less than `units` are left */
  spend(units: number): void {
    this.#used += units;
    this.#left -= units;
    if (this.#left < 0) throw new OutOfFuel();
  }
}
