import { foldTexts, type TokenPlace } from './folded-text.ts';

/**
 * Units of one gram. Measured (bench/fingerprints.ts): 8 is the shortest value that counts by itself, so that parts of a text that are
 * sent one by one are found from 8 units on; that ordinary texts share grams of 8 is what the thresholds of {@link RunEvidence} are for.
 */
export const GRAM_UNITS = 8;

/** Bounds of {@link fingerprintsOf}. */
export interface FingerprintLimits {
  /** Letters and digits that are looked at, default 1 Mi. What comes after has no fingerprints. */
  readonly maxUnits: number;
  /** About how many grams are kept, default 16,384: all of a text of that many units, fewer the longer it is. */
  readonly maxGrams: number;
}

export const DEFAULT_FINGERPRINT_LIMITS: FingerprintLimits = Object.freeze({ maxUnits: 1_048_576, maxGrams: 16_384 });

/** What is kept of a result to tell its parts again. 32-bit hashes and places: the text cannot be read back from them. */
export interface Fingerprints {
  /** Of all texts together. */
  readonly units: number;
  /** Among so many neighbouring grams at least one is kept; 1: all are. */
  readonly window: number;
  /** Hashes of grams, each with the place where it begins, ascending. Of equal grams the first, and those of tokens. */
  readonly hashes: readonly number[];
  readonly starts: readonly number[];
  readonly tokens: readonly TokenPlace[];
  /** Whether all texts were looked at. */
  readonly complete: boolean;
}

/**
 * The fingerprints of texts, in their order, by winnowing (Schleimer, Wilkerson and Aiken 2003): of each window of neighbouring grams the one
 * with the least hash, the last of equals. Any part that is shared and as long as a window and a gram is found. Tokens are kept whole.
 *
 * Linear in the length of the texts.
 */
export function fingerprintsOf(
  texts: readonly string[],
  limits: Partial<FingerprintLimits> = DEFAULT_FINGERPRINT_LIMITS,
): Fingerprints {
  const maxUnits = limits.maxUnits ?? DEFAULT_FINGERPRINT_LIMITS.maxUnits;
  const maxGrams = limits.maxGrams ?? DEFAULT_FINGERPRINT_LIMITS.maxGrams;
  const { units, tokens, complete } = foldTexts(texts, maxUnits);
  const all = gramHashes(units);
  // Winnowing keeps 2 / (window + 1) of random hashes (ibid., section 3).
  const window = all.length <= maxGrams ? 1 : Math.ceil((2 * all.length) / maxGrams) - 1;
  const keptTokens = tokens.slice(0, maxGrams / 4);
  const kept = new Uint8Array(all.length);
  winnow(all, window, kept);
  for (const token of keptTokens) keepToken(token, kept);
  return { units: units.length, window, ...distinct(all, kept, 2 * maxGrams), tokens: keptTokens, complete };
}

/** The hash of each gram, in order of where it begins; none where there are fewer units than one gram has. */
export function gramHashes(units: Uint16Array): Int32Array {
  const count = Math.max(0, units.length - GRAM_UNITS + 1);
  const hashes = new Int32Array(count);
  let rolling = 0;
  for (let index = 0; index < units.length; index += 1) {
    // INVARIANT: index is below the length, and index - GRAM_UNITS not below 0 where it is read.
    rolling = (Math.imul(rolling, BASE) + (units[index] as number)) | 0;
    if (index >= GRAM_UNITS) rolling = (rolling - Math.imul(units[index - GRAM_UNITS] as number, LEAVING)) | 0;
    if (index >= GRAM_UNITS - 1) hashes[index - GRAM_UNITS + 1] = mixed(rolling);
  }
  return hashes;
}

/** 2³² divided by the golden ratio, odd (Knuth, The Art of Computer Programming, vol. 3, section 6.4). */
const BASE = 0x9e3779b1 | 0;

const LEAVING = power(BASE, GRAM_UNITS);

function power(base: number, exponent: number): number {
  let product = 1;
  for (let count = 0; count < exponent; count += 1) product = Math.imul(product, base);
  return product;
}

/** The finaliser of MurmurHash3 (Appleby): the low bits of a polynomial modulo 2³² say little. */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

/** Why a gram is kept: of those of tokens, all that are equal too, so that nothing is missing of `4111 1111 1111 1111`. */
const DROPPED = 0;
const CHOSEN = 1;
const OF_TOKEN = 2;

/** Marks the least of each window, in time linear whatever the hashes: candidates wait in ascending order. */
function winnow(hashes: Int32Array, window: number, kept: Uint8Array): void {
  if (window === 1) {
    kept.fill(CHOSEN);
    return;
  }
  const waiting = new Int32Array(hashes.length);
  let first = 0;
  let end = 0;
  for (let index = 0; index < hashes.length; index += 1) {
    const hash = hashes[index] as number;
    while (end > first && (hashes[waiting[end - 1] as number] as number) >= hash) end -= 1;
    waiting[end] = index;
    end += 1;
    if ((waiting[first] as number) <= index - window) first += 1;
    if (index >= window - 1) kept[waiting[first] as number] = CHOSEN;
  }
}

/** Keeps grams that cover all units of a token. */
function keepToken({ start, end }: TokenPlace, kept: Uint8Array): void {
  for (let at = start; at + GRAM_UNITS <= end; at += GRAM_UNITS) kept[at] = OF_TOKEN;
  kept[end - GRAM_UNITS] = OF_TOKEN;
}

function distinct(all: Int32Array, kept: Uint8Array, most: number): { hashes: number[]; starts: number[] } {
  const seen = new Set<number>();
  const hashes: number[] = [];
  const starts: number[] = [];
  for (let start = 0; start < all.length && hashes.length < most; start += 1) {
    const hash = all[start] as number;
    const how = kept[start] as number;
    if (how === DROPPED || (how === CHOSEN && seen.has(hash))) continue;
    seen.add(hash);
    hashes.push(hash);
    starts.push(start);
  }
  return { hashes, starts };
}
