/** First and last code point of a range. */
export type CodePointRange = readonly [first: number, last: number];

/** A set of code points, kept as ranges in rising order. Our own tables: those of engines change with their version of Unicode. */
export class CodePointSet {
  readonly #ranges: readonly CodePointRange[];

  constructor(ranges: readonly CodePointRange[]) {
    this.#ranges = ranges.toSorted(([one], [other]) => one - other);
  }

  /** Whether `codePoint` is in the set; never for undefined, which stands for an end of the text. */
  has(codePoint: number | undefined): boolean {
    if (codePoint === undefined) return false;
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const [first, last] = this.#ranges[middle] ?? [0, 0];
      if (codePoint >= first && codePoint <= last) return true;
      if (codePoint > last) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}
