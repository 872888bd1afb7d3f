/** What occurs in a text, as bits. One pass sets them, and a detector whose bits are not set does not run. */
export interface Features {
  readonly digit: number;
  readonly at: number;
  readonly percent: number;
  readonly backslash: number;
  readonly ampersand: number;
  readonly lessThan: number;
  readonly colon: number;
  readonly equals: number;
  readonly bracket: number;
  /** A control character other than tab, line feed and carriage return: C0, DEL or C1. */
  readonly control: number;
  readonly nonAscii: number;
  /** A character that shows nothing, reorders others or selects a variant. */
  readonly invisible: number;
  /** A character that NFKC turns into another letter: full-width, mathematical, enclosed, ligatures. */
  readonly compatibility: number;
  /** A letter of ASCII beside one of another alphabet that has letters which look like it. */
  readonly mixedScript: number;
  readonly loneSurrogate: number;
  /** A run of at least {@link LONG_RUN} characters of base64, base64url or hex. */
  readonly longRun: number;
}

/** The bits themselves. */
export const FEATURES: Features = Object.freeze({
  digit: 1,
  at: 1 << 1,
  percent: 1 << 2,
  backslash: 1 << 3,
  ampersand: 1 << 4,
  lessThan: 1 << 5,
  colon: 1 << 6,
  equals: 1 << 7,
  bracket: 1 << 8,
  control: 1 << 9,
  nonAscii: 1 << 10,
  invisible: 1 << 11,
  compatibility: 1 << 12,
  mixedScript: 1 << 13,
  loneSurrogate: 1 << 14,
  longRun: 1 << 15,
});

/** How long a run of base64 characters is to count as one. */
export const LONG_RUN = 24;

/** Beside the features: the bit of a character that may stand in base64, base64url or hex; … */
export const RUN_CHARACTER_BIT = 20;

/** … is a letter of an alphabet that has letters which look like ASCII ones; … */
export const LOOKALIKE_ALPHABET: number = 1 << 21;

/** … is a letter of ASCII: one bit above {@link LOOKALIKE_ALPHABET}, so that a shift compares neighbours; … */
export const ASCII_LETTER: number = LOOKALIKE_ALPHABET << 1;

/** … is half of a surrogate pair; … */
export const SURROGATE: number = 1 << 23;

/** … is the low half, … */
export const ENCLOSED_LOW: number = 1 << 26;

/** … or the high half, of a letter in a box, a circle or a square, or of some emoji; … */
export const ENCLOSED_HIGH: number = 1 << 27;

/** … is a space of a width that no keyboard has; … */
export const WIDE_SPACE: number = 1 << 24;

/** … is, or begins, a letter of formulas, in a circle or a square, or of full width. */
export const STYLED: number = 1 << 25;

const SINGLE: ReadonlyMap<string, number> = new Map([
  ['@', FEATURES.at],
  ['%', FEATURES.percent],
  ['\\', FEATURES.backslash],
  ['&', FEATURES.ampersand],
  ['<', FEATURES.lessThan],
  [':', FEATURES.colon],
  ['=', FEATURES.equals],
  ['[', FEATURES.bracket],
]);

/** The features of each ASCII character. */
export const ASCII_FEATURES: Int32Array = asciiFeatures();

function asciiFeatures(): Int32Array {
  return Int32Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    return (
      (SINGLE.get(character) ?? 0) |
      (/[A-Za-z0-9+/_-]/u.test(character) ? 1 << RUN_CHARACTER_BIT : 0) |
      (/[A-Za-z]/u.test(character) ? ASCII_LETTER : 0) |
      (/[0-9]/u.test(character) ? FEATURES.digit : 0) |
      (isOddControl(code) ? FEATURES.control : 0)
    );
  });
}

function isOddControl(code: number): boolean {
  return (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f;
}
