/** Units that a piece may have to count as a token; what is longer is told by its grams. */
const MAX_TOKEN_UNITS = 128;

/** Units of the shortest token: one gram ({@link GRAM_UNITS}). */
const MIN_TOKEN_UNITS = 8;

/** Digits of the longest number that is written in groups: 19, of a card (ISO/IEC 7812-1). */
const MAX_NUMBER_DIGITS = 19;

/** Non-ASCII units folded at a time, so that nothing is copied twice. */
const MAX_RUN_UNITS = 4096;

/** What may stand within a token: hyphens of ids, dots and plus signs of addresses. Everything else ends it. */
const JOINERS: ReadonlySet<number> = new Set(Array.from('-._+@', (character) => character.charCodeAt(0)));

const IGNORED = /[\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}]+/gu;
const SIGMA = 0x3c3;
const FINAL_SIGMA = 0x3c2;

/**
 * Dates and times, which many texts share: ISO 8601 (a colon ends a piece, so `2026-11-25T17:28` is `2026-11-25T17` here), and days, months
 * and years in any order.
 */
const DATE =
  /^(?:[0-9]{4}[-._][0-9]{1,2}[-._][0-9]{1,2}(?:T[0-9.Z+-]*)?|[0-9]{1,2}[-._][0-9]{1,2}[-._][0-9]{2,4}|(?:19|20)[0-9]{6}(?:T?[0-9]{0,6}Z?)?)$/iu;

const MAX_DATE_LENGTH = 40;

/** Where a token stands among the units of a {@link FoldedText}. */
export interface TokenPlace {
  readonly start: number;
  /** After its last unit. */
  readonly end: number;
}

/** Texts folded into one sequence of units. */
export interface FoldedText {
  /** Letters and digits, compatibility-decomposed (NFKD), without marks, in lower case. An ideograph or kana counts as two units. */
  readonly units: Uint16Array;
  /** Short distinctive values, ascending: addresses, card and phone numbers, ids of at least 8 characters with 3 digits; no dates. */
  readonly tokens: readonly TokenPlace[];
  /** Where there were more than `maxUnits`, only the first of them are here. */
  readonly complete: boolean;
}

/**
 * Folds texts so that case, spaces, punctuation, accents, width and invisible characters make no difference.
 *
 * NFKD without marks, rather than NFKC, goes by code points one at a time: the work is linear whatever marks are piled up, accents cannot be
 * used to hide a word, and the units of two texts in turn are those of both together.
 */
export function foldTexts(texts: readonly string[], maxUnits: number): FoldedText {
  let length = 0;
  for (const text of texts) length += text.length;
  const folder = new Folder(maxUnits, Math.min(length, maxUnits));
  for (const text of texts) {
    folder.add(text);
    if (!folder.complete) break;
  }
  return folder.finish();
}

class Folder {
  complete = true;
  readonly #maxUnits: number;
  readonly #tokens: TokenPlace[] = [];
  #units: Uint16Array;
  #length = 0;
  /** The piece under way: where it began in the text and among the units. */
  #textStart = -1;
  #start = 0;
  #digits = 0;
  #letters = 0;
  #at = false;
  /** The digits of a number written in groups, one blank apart. */
  #numberStart = -1;
  #numberEnd = 0;
  #numberTextEnd = 0;

  /** @param expected units, as most texts have no more than they are long */
  constructor(maxUnits: number, expected: number) {
    this.#maxUnits = maxUnits;
    this.#units = new Uint16Array(expected);
  }

  add(text: string): void {
    let index = 0;
    while (index < text.length && this.complete) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        this.#addAscii(text, index, code);
        index += 1;
      } else {
        index = this.#addRun(text, index);
      }
    }
    this.#endPiece(text, index);
    this.#endNumber();
  }

  finish(): FoldedText {
    return { units: this.#units.subarray(0, this.#length), tokens: this.#tokens, complete: this.complete };
  }

  #addAscii(text: string, index: number, code: number): void {
    const isDigit = code >= 0x30 && code <= 0x39;
    const lower = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (isDigit || (lower >= 0x61 && lower <= 0x7a)) {
      this.#begin(index);
      if (isDigit) this.#digits += 1;
      else this.#letters += 1;
      this.#push(lower);
    } else if (JOINERS.has(code)) {
      if (code === 0x40) this.#at = true;
    } else {
      this.#endPiece(text, index);
    }
  }

  /** Units from the first that is not ASCII to the last, at most so many. */
  #addRun(text: string, from: number): number {
    let end = from + 1;
    const most = Math.min(text.length, from + MAX_RUN_UNITS);
    while (end < most && text.charCodeAt(end) >= 0x80) end += 1;
    // Never between the halves of a pair.
    if (end < text.length && isHigh(text.charCodeAt(end - 1)) && end - from > 1) end -= 1;
    const plain = text.slice(from, end).replaceAll(IGNORED, '').normalize('NFKD').toLowerCase();
    const kept = plain.replaceAll(IGNORED, '').replaceAll(NEITHER_LETTER_NOR_DIGIT, '');
    if (kept.length === 0) {
      if (plain.length > 0) this.#endPiece(text, from);
      return end;
    }
    this.#begin(from);
    for (let index = 0; index < kept.length && this.complete; index += 1) this.#pushFolded(kept.charCodeAt(index));
    return end;
  }

  #pushFolded(code: number): void {
    if (code >= 0x30 && code <= 0x39) this.#digits += 1;
    else this.#letters += 1;
    this.#push(code === FINAL_SIGMA ? SIGMA : code);
    // An ideograph says as much as several letters.
    if (isIdeographOrKana(code)) this.#push(code ^ 0x8000);
  }

  #push(unit: number): void {
    if (this.#length === this.#maxUnits) {
      this.complete = false;
      return;
    }
    if (this.#length === this.#units.length) {
      const larger = new Uint16Array(this.#units.length * 2 + 16);
      larger.set(this.#units);
      this.#units = larger;
    }
    this.#units[this.#length] = unit;
    this.#length += 1;
  }

  #begin(index: number): void {
    if (this.#textStart >= 0) return;
    this.#textStart = index;
    this.#start = this.#length;
    this.#digits = 0;
    this.#letters = 0;
    this.#at = false;
  }

  #endPiece(text: string, textEnd: number): void {
    if (this.#textStart < 0) return;
    const length = this.#length - this.#start;
    const isDate = this.#digits >= 6 && isDateAt(text, this.#textStart, textEnd);
    if (this.#letters === 0 && !isDate) {
      this.#addGroup(textEnd);
    } else {
      this.#endNumber();
      if (!isDate) this.#addToken(length);
    }
    this.#textStart = -1;
  }

  #addToken(length: number): void {
    if (length < MIN_TOKEN_UNITS || length > MAX_TOKEN_UNITS) return;
    if (this.#at || this.#digits >= 3) this.#tokens.push({ start: this.#start, end: this.#length });
  }

  #addGroup(textEnd: number): void {
    if (this.#numberStart >= 0 && this.#textStart - this.#numberTextEnd > 2) this.#endNumber();
    if (this.#numberStart < 0) this.#numberStart = this.#start;
    this.#numberEnd = this.#length;
    this.#numberTextEnd = textEnd;
  }

  #endNumber(): void {
    if (this.#numberStart < 0) return;
    const digits = this.#numberEnd - this.#numberStart;
    if (digits >= MIN_TOKEN_UNITS && digits <= MAX_NUMBER_DIGITS) {
      this.#tokens.push({ start: this.#numberStart, end: this.#numberEnd });
    }
    this.#numberStart = -1;
  }
}

/** Whether a piece is a date. A longer one is none, however many joiners it has. */
function isDateAt(text: string, start: number, end: number): boolean {
  return end - start <= MAX_DATE_LENGTH && DATE.test(text.slice(start, end).replace(/[-._+@]+$/u, ''));
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isIdeographOrKana(code: number): boolean {
  return (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff);
}
