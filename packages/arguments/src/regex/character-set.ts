/** Code points as sorted ranges that neither overlap nor touch: from, to, from, to, …. Case is folded: see `setOf`. */
export type CharacterSet = readonly number[];

const LAST = 0x10_ffff;

export const EVERYTHING: CharacterSet = [0, LAST];

// spaces, general punctuation, CJK ideographs
const CASELESS: CharacterSet = [
  0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x206f, 0x3000, 0x3000, 0x4e00, 0x9fff, 0xfeff, 0xfeff,
];
const BEYOND_ASCII: CharacterSet = [0x80, LAST];
const CASED: CharacterSet = complement([0, 0x7f, ...CASELESS]);

/**
 * A set of ranges. Letters stand for both cases, because a tool may match without regard to case; one letter beyond ASCII stands for
 * all of them, whose cases are many. So a set may be too large, never too small.
 */
export function setOf(ranges: readonly (readonly [number, number])[]): CharacterSet {
  const written = merged(ranges.map(([from, to]) => [from, to]));
  const beyond = intersectionOf(written, BEYOND_ASCII);
  const hasCased = !isDisjoint(beyond, CASED);
  const folded = pairs(written).filter(([from]) => from < 0x80);
  for (const [from, to] of pairs(written)) {
    addShifted(folded, from, to, 0x41, 0x5a, 0x20);
    addShifted(folded, from, to, 0x61, 0x7a, -0x20);
  }
  // U+017F and U+212A fold to `s` and `k`
  if (hasCased) folded.push(...pairs(CASED), [0x4b, 0x4b], [0x53, 0x53], [0x6b, 0x6b], [0x73, 0x73]);
  else if (!isDisjoint(written, [0x4b, 0x4b, 0x53, 0x53, 0x6b, 0x6b, 0x73, 0x73])) {
    folded.push([0x17f, 0x17f], [0x212a, 0x212a]);
  }
  return merged([...folded, ...pairs(beyond)]);
}

/** What is not in ranges. Computed from the ranges as written: a folded set is too large, so its complement would be too small. */
export function complementOf(ranges: readonly (readonly [number, number])[]): CharacterSet {
  return setOf(pairs(complement(merged(ranges.map(([from, to]) => [from, to])))));
}

function complement(plain: CharacterSet): CharacterSet {
  const outside: number[] = [];
  let next = 0;
  for (let index = 0; index < plain.length; index += 2) {
    const from = plain[index] ?? 0;
    if (from > next) outside.push(next, from - 1);
    next = (plain[index + 1] ?? LAST) + 1;
  }
  if (next <= LAST) outside.push(next, LAST);
  return outside;
}

export function unionOf(sets: readonly CharacterSet[]): CharacterSet {
  return merged(sets.flatMap(pairs));
}

export function intersectionOf(left: CharacterSet, right: CharacterSet): CharacterSet {
  const common: number[] = [];
  let first = 0;
  let second = 0;
  while (first < left.length && second < right.length) {
    const from = Math.max(left[first] ?? 0, right[second] ?? 0);
    const leftTo = left[first + 1] ?? 0;
    const rightTo = right[second + 1] ?? 0;
    if (from <= Math.min(leftTo, rightTo)) common.push(from, Math.min(leftTo, rightTo));
    if (leftTo < rightTo) first += 2;
    else second += 2;
  }
  return common;
}

export function isDisjoint(left: CharacterSet, right: CharacterSet): boolean {
  return intersectionOf(left, right).length === 0;
}

function addShifted(into: [number, number][], from: number, to: number, low: number, high: number, by: number): void {
  const start = Math.max(from, low);
  const end = Math.min(to, high);
  if (start <= end) into.push([start + by, end + by]);
}

function pairs(set: CharacterSet): [number, number][] {
  return Array.from({ length: set.length / 2 }, (_, index) => [set[index * 2] ?? 0, set[index * 2 + 1] ?? 0]);
}

function merged(ranges: readonly [number, number][]): CharacterSet {
  const result: number[] = [];
  for (const [from, to] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last + 1) result[result.length - 1] = Math.max(last, to);
    else result.push(from, to);
  }
  return result;
}
