import type { IdFormatName } from './specification.ts';

/** How identifiers of one sort are made. */
export interface IdFormat {
  /** In words, for messages. */
  readonly words: string;
  /** Every character that may occur; where `folds` is set, in that case. */
  readonly alphabet: string;
  /** What is required beyond the alphabet and the length. */
  readonly structure?: RegExp;
  readonly minLength: number;
  /** The default where lengths can be set. */
  readonly maxLength: number;
  /** Lengths are part of the format. */
  readonly isFixed: boolean;
  /** Case does not matter, and the canonical form is this one. */
  readonly folds?: 'lower' | 'upper';
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS = LOWER + LOWER.toUpperCase();
const HEX = `${DIGITS}abcdef`;

export const ID_FORMATS: Readonly<Record<IdFormatName, IdFormat>> = {
  token: {
    words: 'letters, digits, `_` and `-`',
    alphabet: `${LETTERS}${DIGITS}_-`,
    // a `-` in front would make it an option of a command line
    structure: /^[A-Za-z0-9]/u,
    minLength: 1,
    maxLength: 128,
    isFixed: false,
  },
  // RFC 9562 §4; the variant is 10x, so that neither the nil nor the max UUID is one
  uuid: {
    words: 'a UUID',
    alphabet: `${HEX}-`,
    structure: /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/iu,
    minLength: 36,
    maxLength: 36,
    isFixed: true,
    folds: 'lower',
  },
  // github.com/ulid/spec: Crockford's base 32 without I, L, O and U; 128 bits, so that the first is at most 7
  ulid: {
    words: 'a ULID',
    alphabet: `${DIGITS}ABCDEFGHJKMNPQRSTVWXYZ`,
    structure: /^[0-7]/u,
    minLength: 26,
    maxLength: 26,
    isFixed: true,
    folds: 'upper',
  },
  nanoid: {
    words: 'a nano id',
    alphabet: `${LETTERS}${DIGITS}_-`,
    minLength: 21,
    maxLength: 21,
    isFixed: false,
  },
  objectid: {
    words: '24 hexadecimal digits',
    alphabet: HEX,
    minLength: 24,
    maxLength: 24,
    isFixed: true,
    folds: 'lower',
  },
  integer: {
    words: 'a whole number as text, without leading zeros',
    alphabet: DIGITS,
    structure: /^(?:0$|[1-9])/u,
    minLength: 1,
    maxLength: 20,
    isFixed: false,
  },
  digits: { words: 'digits', alphabet: DIGITS, minLength: 1, maxLength: 128, isFixed: false },
  hex: { words: 'hexadecimal digits', alphabet: HEX, minLength: 1, maxLength: 128, isFixed: false, folds: 'lower' },
  slug: {
    words: 'lower-case words joined by single hyphens',
    alphabet: `${LOWER}${DIGITS}-`,
    structure: /^[a-z0-9]+(?:-[a-z0-9]+)*$/u,
    minLength: 1,
    maxLength: 128,
    isFixed: false,
  },
};
