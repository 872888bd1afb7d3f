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

/**
 * Finds many keywords in one pass over a text, whatever their case. Four code units, five bits of each, index a bit set; where a bit
 * is set, the few keywords behind it are compared. Text without a keyword costs a shift, a mask and a look-up for each code unit.
 */
export class KeywordIndex {
  /** One bit for each value of {@link gramOf}. */
  readonly bits: Int32Array = new Int32Array((GRAM_MASK + 1) >>> 5);
  readonly #entries = new Map<number, Entry[]>();

  /**
   * @param keywords for each owner, in order, its keywords: at least 4 code units each
   * @throws {RangeError} when a keyword is shorter
   */
  constructor(keywords: readonly (readonly string[])[]) {
    keywords.forEach((own, owner) => {
      own.forEach((keyword, index) => {
        this.#add(keyword, owner, index);
      });
    });
  }

  /** The gram after one more code unit. */
  static next(gram: number, unit: number): number {
    return ((gram << 5) | (unit & 31)) & GRAM_MASK;
  }

  /** Reports to `hit` the keywords around the gram that ends at `end`. @returns how many were compared */
  report(text: string, end: number, gram: number, hit: OnKeyword): number {
    const entries = this.#entries.get(gram);
    if (entries === undefined) return 0;
    for (const { units, offset, owner, keyword } of entries) {
      const start = end - offset;
      if (isAt(text, start, units)) hit(owner, keyword, start);
    }
    return entries.length;
  }

  #add(keyword: string, owner: number, own: number): void {
    if (keyword.length < GRAM)
      throw new RangeError(`keywords: expected at least ${GRAM} characters, got \`${keyword}\``);
    const units = Uint16Array.from({ length: keyword.length }, (_, index) => foldUnit(keyword.charCodeAt(index)));
    const { gram, offset } = rarestGram(units);
    this.bits[gram >>> 5] = (this.bits[gram >>> 5] ?? 0) | (1 << (gram & 31));
    const entries = this.#entries.get(gram);
    const entry: Entry = { units, offset, owner, keyword: own };
    if (entries === undefined) this.#entries.set(gram, [entry]);
    else entries.push(entry);
  }
}

function isAt(text: string, start: number, units: Uint16Array): boolean {
  if (start < 0 || start + units.length > text.length) return false;
  for (let index = 0; index < units.length; index += 1) {
    if (foldUnit(text.charCodeAt(start + index)) !== units[index]) return false;
  }
  return true;
}

/** Letters of English by how often they occur; what is not here is rarer than all of them. */
const BY_FREQUENCY = 'zqxjkvbpygfwmucldrhsnioate ';

/** The four code units of a keyword that ordinary text is least likely to hold. */
function rarestGram(units: Uint16Array): { readonly gram: number; readonly offset: number } {
  let best = { gram: 0, offset: 0, weight: Number.POSITIVE_INFINITY };
  let gram = 0;
  for (let index = 0; index < units.length; index += 1) {
    gram = KeywordIndex.next(gram, units[index] ?? 0);
    if (index < GRAM - 1) continue;
    let weight = 0;
    for (const unit of units.subarray(index - GRAM + 1, index + 1)) {
      weight += BY_FREQUENCY.indexOf(String.fromCharCode(unit)) + 1;
    }
    if (weight < best.weight) best = { gram, offset: index, weight };
  }
  return best;
}
