/** Thrown when a schema takes more work than is granted; never leaves this package. */
export class SchemaTooHard extends Error {}

/** Steps for one value: a step is about one keyword on one node. */
const MAX_STEPS = 1_000_000;

/** Subschemas within each other. */
const MAX_DEPTH = 512;

/** A meter of the work that a schema makes. The server wrote it: it may be made to cost. */
export class SchemaMeter {
  #left = MAX_STEPS;

  /** @throws {SchemaTooHard} when less than `steps` are left */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new SchemaTooHard();
  }

  /** @throws {SchemaTooHard} when schemas nest deeper than is granted, as those do that refer to themselves */
  enter(depth: number): void {
    this.spend(1);
    if (depth > MAX_DEPTH) throw new SchemaTooHard();
  }
}
