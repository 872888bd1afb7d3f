const MAX_LENGTH = 64;
const MAX_COMPARED = 32;

/** Names to look through for the nearest, with what is known of each ahead. */
export interface NameIndex {
  readonly names: readonly string[];
  readonly lowered: readonly string[];
  /** Which characters each has, as bits; several characters share one. */
  readonly masks: readonly number[];
}

/** Readies names for {@link nearestIndexed}. Longer names than 64 UTF-16 code units are left out. */
export function indexNames(candidates: Iterable<string>): NameIndex {
  const names = [...candidates].filter((name) => name.length <= MAX_LENGTH);
  const lowered = names.map((name) => name.toLowerCase());
  return { names, lowered, masks: lowered.map(maskOf) };
}

/**
 * The candidate nearest to `name` by edit distance (insertions, deletions, substitutions and swaps of neighbours), if it is
 * near enough to be a likely slip: at most a third of the longer name, at least 1. Ties go to the first in sorted order. At
 * most 32 candidates are compared, the most alike in length and characters first: a hint is not worth more.
 *
 * @param isEligible asked only of candidates that are nearer than those before
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  isEligible?: (candidate: string) => boolean,
): string | undefined {
  return name.length > MAX_LENGTH ? undefined : nearestIndexed(name, indexNames(candidates), isEligible);
}

/** The same among names that were readied. */
export function nearestIndexed(
  name: string,
  index: NameIndex,
  isEligible: (candidate: string) => boolean = () => true,
): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let compared = 0;
  const mask = maskOf(wanted);
  for (const position of likeliestFirst(name, wanted, mask, index)) {
    const candidate = index.names[position] ?? '';
    const lowered = index.lowered[position] ?? '';
    const limit = Math.min(bestDistance, limitFor(name, candidate));
    if (leastDistance(wanted, mask, lowered, index.masks[position] ?? 0) > limit) continue;
    compared += 1;
    if (compared > MAX_COMPARED) break;
    const distance = editDistance(wanted, lowered, limit);
    const isTie = distance === bestDistance && candidate >= (best ?? '');
    if (distance > limit || isTie || !isEligible(candidate)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function limitFor(name: string, candidate: string): number {
  return Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
}

/** The positions of the candidates that may be near enough, those first that differ least in length and characters. */
function* likeliestFirst(
  name: string,
  wanted: string,
  mask: number,
  { names, lowered, masks }: NameIndex,
): Generator<number> {
  const byDifference: (number[] | undefined)[] = [];
  for (let position = 0; position < names.length; position += 1) {
    const other = masks[position] ?? 0;
    const candidate = lowered[position] ?? '';
    if (leastDistance(wanted, mask, candidate, other) > limitFor(name, names[position] ?? '')) continue;
    const difference = Math.abs(wanted.length - candidate.length) + bitCount(mask ^ other);
    const alike = byDifference[difference];
    if (alike === undefined) byDifference[difference] = [position];
    else alike.push(position);
  }
  for (const positions of byDifference) yield* positions ?? [];
}

/** The least distance that the lengths and characters leave possible: one edit takes one away and brings one in, at most. */
function leastDistance(one: string, oneMask: number, other: string, otherMask: number): number {
  const length = Math.abs(one.length - other.length);
  return Math.max(length, bitCount(oneMask & ~otherMask), bitCount(otherMask & ~oneMask));
}

function maskOf(lowered: string): number {
  let mask = 0;
  // shifts count modulo 32
  for (let index = 0; index < lowered.length; index += 1) mask |= 1 << lowered.charCodeAt(index);
  return mask;
}

/** How many bits are set: added up in pairs, then fours, then bytes. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55_55_55_55);
  const fours = (pairs & 0x33_33_33_33) + ((pairs >>> 2) & 0x33_33_33_33);
  return Math.imul((fours + (fours >>> 4)) & 0x0f_0f_0f_0f, 0x01_01_01_01) >>> 24;
}

/**
 * Edit distance with swaps of neighbours (optimal string alignment). Quadratic without a limit: for bounded names only.
 *
 * What both begin and end with is passed over, and of the table only what is within the limit of its diagonal is filled.
 * Measured (bench/nearest-name.ts): 200 names of which none is near take 10 µs.
 *
 * @param limit where the distance is above it, any number above it may be returned; default: no limit
 */
export function editDistance(left: string, right: string, limit: number = Number.POSITIVE_INFINITY): number {
  let start = 0;
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (start < leftEnd && start < rightEnd && left.charCodeAt(start) === right.charCodeAt(start)) start += 1;
  while (leftEnd > start && rightEnd > start && left.charCodeAt(leftEnd - 1) === right.charCodeAt(rightEnd - 1)) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  const height = leftEnd - start;
  const width = rightEnd - start;
  if (height === 0 || width === 0) return height + width;
  if (Math.abs(height - width) > limit) return limit + 1;
  return tableDistance(left.slice(start, leftEnd), right.slice(start, rightEnd), Math.min(limit, height + width));
}

/** The distance of two texts that are not empty. `limit` is finite. */
function tableDistance(left: string, right: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous: number[] = [];
  let current: number[] = [];
  for (let column = 0; column <= right.length; column += 1) previous.push(column);
  let previousLeast = 0;
  for (let row = 1; row <= left.length; row += 1) {
    const least = fillRow(left, right, row, limit, current, previous, beforePrevious);
    // a swap reaches back two rows, so both must be hopeless
    if (least > limit && previousLeast > limit) return limit + 1;
    previousLeast = least;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return previous[right.length] ?? limit + 1;
}

/** Fills the row of distances of the first `row` characters of `left`; returns the least of them. */
function fillRow(
  left: string,
  right: string,
  row: number,
  limit: number,
  current: number[],
  previous: readonly number[],
  beforePrevious: readonly number[],
): number {
  const far = limit + 1;
  const from = Math.max(1, row - limit);
  const to = Math.min(right.length, row + limit);
  const own = left.charCodeAt(row - 1);
  const ownBefore = left.charCodeAt(row - 2);
  let distance = from === 1 ? row : far;
  let least = distance;
  current[from - 1] = distance;
  for (let column = from; column <= to; column += 1) {
    const other = right.charCodeAt(column - 1);
    let best = (previous[column - 1] ?? far) + (own === other ? 0 : 1);
    best = Math.min(best, distance + 1, (previous[column] ?? far) + 1);
    if (row > 1 && column > 1 && own === right.charCodeAt(column - 2) && ownBefore === other) {
      best = Math.min(best, (beforePrevious[column - 2] ?? far) + 1);
    }
    distance = best;
    current[column] = best;
    least = Math.min(least, best);
  }
  // the next row reads one more than is filled here, where a row before left what it had
  if (to < right.length) current[to + 1] = far;
  return least;
}
