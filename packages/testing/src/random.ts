/** Numbers that look random and are always the same for one seed and stream. */
export interface Random {
  /** A whole number from 0 up to, and without, `count`; 0 where `count` is less than 1. */
  below(count: number): number;
  /** True in one of `odds` cases. */
  oneIn(odds: number): boolean;
  /** One of the items; undefined for an empty list. */
  pick<Item>(items: readonly Item[]): Item | undefined;
}

// 2^32 divided by the golden ratio: streams of neighbouring numbers have nothing in common
const GOLDEN = 0x9e_37_79_b9;

/** Creates a source of numbers. Streams of one seed are independent of each other. */
export function createRandom(seed: number, stream = 0): Random {
  let state = mix(mix(seed | 0) ^ mix(Math.imul(stream | 0, GOLDEN) + 1));
  // mulberry32, public domain
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_00_00_00_00;
  };
  const below = (count: number): number => (count < 1 ? 0 : Math.floor(next() * count));
  return {
    below,
    oneIn: (odds) => below(odds) === 0,
    pick: (items) => items[below(items.length)],
  };
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return mixed ^ (mixed >>> 16);
}

/** @throws {RangeError} when a seed is no whole number */
export function seedOf(seed: number | undefined): number {
  const value = seed ?? 1;
  if (!Number.isSafeInteger(value)) throw new RangeError(`seed: expected a whole number, got ${value}`);
  return value;
}
