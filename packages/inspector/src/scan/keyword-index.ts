import { unitAt } from '../internal/unit-at.ts';
import { foldUnit } from './fold.ts';

/** Code units of a keyword that the index looks at. */
const GRAM = 4;
const GRAM_MASK = (1 << (5 * GRAM)) - 1;

interface Entry {
  /** The keyword in lower case. */
  readonly units: Uint16Array;
  /** Where in it the indexed four code units end. */
  readonly offset: number;
  readonly owner: number;
  /** Which of the owner's keywords. */
  readonly keyword: number;
}

/** Told of each keyword that is found. */
export type OnKeyword = (owner: number, keyword: number, start: number) => void;

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

/**
 * Finds many keywords in one pass over a text, whatever their case. Four code units, five bits of each, index a bit set; where a bit
 * is set, the few keywords behind it are compared. Text without a keyword costs a shift, a mask and a look-up for each code unit.
 */
export class KeywordIndex {
  /** One bit for each value of {@link gramOf}. */
  readonly bits: Int32Array = new Int32Array((GRAM_MASK + 1) >>> 5);
  /** How many bits are set before each word of `bits`: the place of an entry is the rank of its bit. */
  readonly #ranks: Uint16Array;
  readonly #entries: readonly (readonly Entry[])[];

  /**
   * @param keywords for each owner, in order, its keywords: at least 4 code units each, with at most 65,535 different grams in all
   * @throws {RangeError} when a keyword is shorter, or there are more
   */
  constructor(keywords: readonly (readonly string[])[]) {
    const byGram = new Map<number, Entry[]>();
    keywords.forEach((own, owner) => {
      own.forEach((keyword, index) => {
        const { gram, entry } = entryOf(keyword, owner, index);
        const entries = byGram.get(gram);
        if (entries === undefined) byGram.set(gram, [entry]);
        else entries.push(entry);
      });
    });
    if (byGram.size > MAX_GRAMS) throw new RangeError(`keywords: expected at most ${MAX_GRAMS}`);
    for (const gram of byGram.keys()) this.bits[gram >>> 5] = (this.bits[gram >>> 5] ?? 0) | (1 << (gram & 31));
    this.#ranks = ranksOf(this.bits);
    this.#entries = [...byGram].toSorted(([one], [other]) => one - other).map(([, entries]) => entries);
  }

  /** The gram after one more code unit. */
  static next(gram: number, unit: number): number {
    return ((gram << 5) | (unit & 31)) & GRAM_MASK;
  }

  /** Reports to `hit` the keywords around the gram that ends at `end`, whose bit is set. @returns how many were compared */
  report(text: string, end: number, hit: OnKeyword): number {
    const gram = gramAt(text, end);
    const before = (this.bits[gram >>> 5] ?? 0) & ((1 << (gram & 31)) - 1);
    const entries = this.#entries[(this.#ranks[gram >>> 5] ?? 0) + bitCount(before)] ?? NO_ENTRIES;
    for (const { units, offset, owner, keyword } of entries) {
      const start = end - offset;
      if (isAt(text, start, units)) hit(owner, keyword, start);
    }
    return entries.length;
  }
}

/** More would not be counted by `#ranks`. */
const MAX_GRAMS = 0xffff;

function entryOf(keyword: string, owner: number, own: number): { readonly gram: number; readonly entry: Entry } {
  if (keyword.length < GRAM) throw new RangeError(`keywords: expected at least ${GRAM} characters, got \`${keyword}\``);
  const units = Uint16Array.from({ length: keyword.length }, (_, index) => foldUnit(keyword.charCodeAt(index)));
  const { gram, offset } = rarestGram(units);
  return { gram, entry: { units, offset, owner, keyword: own } };
}

function ranksOf(bits: Int32Array): Uint16Array {
  const ranks = new Uint16Array(bits.length);
  let rank = 0;
  for (let word = 0; word < bits.length; word += 1) {
    ranks[word] = rank;
    const own = bits[word] ?? 0;
    if (own !== 0) rank += bitCount(own);
  }
  return ranks;
}

/** How many bits of a word are set: sums of pairs, of fours, of eights, then of all. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The gram of the code units up to `end`; what lies before the text counts as 0. */
function gramAt(text: string, end: number): number {
  let gram = 0;
  for (let at = Math.max(0, end - GRAM + 1); at <= end; at += 1) gram = KeywordIndex.next(gram, unitAt(text, at));
  return gram;
}

function isAt(text: string, start: number, units: Uint16Array): boolean {
  const last = units.length - 1;
  if (start < 0 || start + last >= text.length) return false;
  // Phrases that begin alike are most often told apart by how they end.
  if (foldUnit(unitAt(text, start + last)) !== units[last]) return false;
  for (let index = 0; index < last; index += 1) {
    if (foldUnit(unitAt(text, start + index)) !== units[index]) return false;
  }
  return true;
}

/** Letters of English by how often they occur; what is not here is rarer than all of them. */
const BY_FREQUENCY = 'zqxjkvbpygfwmucldrhsnioate ';
const WEIGHTS: Uint8Array = Uint8Array.from(
  { length: 128 },
  (_, unit) => BY_FREQUENCY.indexOf(String.fromCharCode(unit)) + 1,
);

/** The four code units of a keyword that ordinary text is least likely to hold: the first of such. */
function rarestGram(units: Uint16Array): { readonly gram: number; readonly offset: number } {
  let rarest = 0;
  let offset = 0;
  let least = Number.POSITIVE_INFINITY;
  let gram = 0;
  let weight = 0;
  for (let index = 0; index < units.length; index += 1) {
    gram = KeywordIndex.next(gram, units[index] ?? 0);
    weight += weightOf(units[index]) - weightOf(units[index - GRAM]);
    if (index < GRAM - 1 || weight >= least) continue;
    least = weight;
    rarest = gram;
    offset = index;
  }
  return { gram: rarest, offset };
}

function weightOf(unit: number | undefined): number {
  return unit === undefined ? 0 : (WEIGHTS[unit] ?? 0);
}
