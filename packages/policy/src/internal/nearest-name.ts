const MAX_LENGTH = 64;
const MAX_COMPARED = 200;

/**
 * The candidate nearest to `name` by edit distance (insertions, deletions, substitutions and swaps of neighbours), if it is
 * near enough to be a likely slip: at most a third of the longer name, at least 1. Ties go to the first in sorted order. At
 * most 200 candidates of fitting length are compared: a hint is not worth more.
 *
 * @param isEligible asked only of candidates that are nearer than those before
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  isEligible: (candidate: string) => boolean = () => true,
): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  const wanted = name.toLowerCase();
  let compared = 0;
  for (const candidate of candidates) {
    const limit = Math.min(bestDistance, Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3)));
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - name.length) > limit) continue;
    compared += 1;
    if (compared > MAX_COMPARED) break;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    const isTie = distance === bestDistance && candidate >= (best ?? '');
    if (distance > limit || isTie || !isEligible(candidate)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * Edit distance with swaps of neighbours (optimal string alignment). Quadratic: for bounded names only.
 *
 * @param limit where the distance is above it, any number above it may be returned; default: no limit
 */
export function editDistance(left: string, right: string, limit: number = Number.POSITIVE_INFINITY): number {
  const width = right.length + 1;
  let beforePrevious = new Uint8Array(width);
  let previous = new Uint8Array(width);
  let current = new Uint8Array(width);
  for (let column = 0; column < width; column += 1) previous[column] = column;
  let previousLeast = 0;
  for (let row = 1; row <= left.length; row += 1) {
    const least = fillRow(left, right, row, current, previous, beforePrevious);
    // a swap reaches back two rows, so both must be hopeless
    if (least > limit && previousLeast > limit) return limit + 1;
    previousLeast = least;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return at(previous, right.length);
}

/** Fills the row of distances of the first `row` characters of `left`; returns the least of them. */
function fillRow(
  left: string,
  right: string,
  row: number,
  current: Uint8Array,
  previous: Uint8Array,
  beforePrevious: Uint8Array,
): number {
  current[0] = row;
  let least = row;
  for (let column = 1; column <= right.length; column += 1) {
    const isSame = left[row - 1] === right[column - 1];
    let distance = Math.min(
      at(previous, column) + 1,
      at(current, column - 1) + 1,
      at(previous, column - 1) + (isSame ? 0 : 1),
    );
    if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
      distance = Math.min(distance, at(beforePrevious, column - 2) + 1);
    }
    current[column] = distance;
    least = Math.min(least, distance);
  }
  return least;
}

function at(row: Uint8Array, index: number): number {
  return row[index] ?? 0;
}
