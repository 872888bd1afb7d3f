/**
 * A statement holds something that has no translation, hence is refused.
 *
 * Thrown inside a translation and caught at its edge; never leaves this folder.
 */
export class UnsupportedSyntax extends Error {
  /** What it is, in words of the grammar: never text of the statement. */
  readonly what: string;

  constructor(what: string) {
    super(what);
    this.what = what;
  }
}

/** Counts how deep a translation is, so that no statement exhausts the stack. */
export class DepthGuard {
  private depth = 0;
  private readonly deepest: number;

  constructor(deepest: number) {
    this.deepest = deepest;
  }

  /** Runs one step a level deeper. */
  down<Result>(step: () => Result): Result {
    if (this.depth >= this.deepest) throw new UnsupportedSyntax('nesting that is too deep');
    this.depth += 1;
    try {
      return step();
    } finally {
      this.depth -= 1;
    }
  }
}
