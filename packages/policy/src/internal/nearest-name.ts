const MAX_LENGTH = 64;
const MAX_COMPARED = 200;

/**
 * The candidate nearest to `name` by edit distance (insertions, deletions, substitutions and swaps of neighbours), if it is
 * near enough to be a likely slip: at most a third of the longer name, at least 1. Ties go to the first in sorted order. At
 * most 200 candidates of fitting length are compared: a hint is not worth more.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
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
    if (distance < bestDistance ? distance <= limit : distance === bestDistance && candidate < (best ?? '')) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Edit distance with swaps of neighbours (optimal string alignment). Quadratic: for bounded names only.
 *
 * @param limit where the distance is above it, any number above it may be returned; default: no limit
 */
export function editDistance(left: string, right: string, limit: number = Number.POSITIVE_INFINITY): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
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
      current.push(distance);
    }
    // a swap reaches back two rows, so both must be hopeless
    if (Math.min(...current) > limit && Math.min(...previous) > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
