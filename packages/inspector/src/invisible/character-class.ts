import type { CodePointRange } from './code-point-set.ts';

/** What a character is, as far as it shows nothing. */
export type CharacterClass =
  | typeof VISIBLE
  | typeof JOINER
  | typeof ZERO_WIDTH
  | typeof MARK
  | typeof BIDI
  | typeof TAG
  | typeof VARIATION
  | typeof FILLER
  | typeof IGNORABLE
  | typeof CONTROL
  | typeof SURROGATE
  | typeof PRIVATE
  | typeof BLANK;

/** It shows something. */
export const VISIBLE = 0;
/** ZWNJ and ZWJ: they shape letters and emoji. */
export const JOINER = 1;
/** ZWSP, word joiner, invisible operators, BOM. */
export const ZERO_WIDTH = 2;
/** LRM, RLM, ALM: marks of direction. */
export const MARK = 3;
/** Embeddings, overrides and isolates (UAX #9 §2). */
export const BIDI = 4;
/** Tag characters (U+E0000–E007F): ASCII that nobody sees. */
export const TAG = 5;
/** Variation selectors 1–256. */
export const VARIATION = 6;
/** Hangul fillers, and the note without a head. */
export const FILLER = 7;
/** Every other default-ignorable character (DerivedCoreProperties of Unicode 17), interlinear annotations, places of objects. */
export const IGNORABLE = 8;
/** C0 and C1 controls and DEL, but tab, line feed, form feed and carriage return. */
export const CONTROL = 9;
/** Half of a surrogate pair (RFC 3629 §3: no character). */
export const SURROGATE = 10;
/** Private use and noncharacters: no reader knows what they stand for. */
export const PRIVATE = 11;
/** The Braille pattern without dots. */
export const BLANK = 12;

const TABLE: readonly (readonly [CharacterClass, readonly CodePointRange[]])[] = [
  [
    CONTROL,
    [
      [0x00, 0x08],
      [0x0b, 0x0b],
      [0x0e, 0x1f],
      [0x7f, 0x9f],
    ],
  ],
  [
    IGNORABLE,
    [
      [0xad, 0xad],
      [0x34f, 0x34f],
      [0x17b4, 0x17b5],
      [0x180b, 0x180f],
      [0x2065, 0x2065],
      [0x206a, 0x206f],
      [0xfff0, 0xfffc],
      [0x1bca0, 0x1bca3],
      [0x1d173, 0x1d17a],
      [0xe0080, 0xe00ff],
      [0xe01f0, 0xe0fff],
    ],
  ],
  [JOINER, [[0x200c, 0x200d]]],
  [
    ZERO_WIDTH,
    [
      [0x200b, 0x200b],
      [0x2060, 0x2064],
      [0xfeff, 0xfeff],
    ],
  ],
  [
    MARK,
    [
      [0x61c, 0x61c],
      [0x200e, 0x200f],
    ],
  ],
  [
    BIDI,
    [
      [0x202a, 0x202e],
      [0x2066, 0x2069],
    ],
  ],
  [TAG, [[0xe0000, 0xe007f]]],
  [
    VARIATION,
    [
      [0xfe00, 0xfe0f],
      [0xe0100, 0xe01ef],
    ],
  ],
  [
    FILLER,
    [
      [0x115f, 0x1160],
      [0x3164, 0x3164],
      [0xffa0, 0xffa0],
      [0x1d159, 0x1d159],
    ],
  ],
  [SURROGATE, [[0xd800, 0xdfff]]],
  [
    PRIVATE,
    [
      [0xe000, 0xf8ff],
      [0xfdd0, 0xfdef],
      [0xfffe, 0xffff],
      [0xf0000, 0x10ffff],
    ],
  ],
  [BLANK, [[0x2800, 0x2800]]],
];

/** The class of each UTF-16 code unit: halves of pairs are {@link SURROGATE}, whatever they are halves of. */
export const CLASSES: Uint8Array = new Uint8Array(0x10000);
for (const [own, ranges] of TABLE) for (const [first, last] of ranges) CLASSES.fill(own, first, last + 1);

/** Between the controls of musical notes and the tags everything shows: ideographs and emoji, most of what is written there. */
const FIRST_SHOWN = 0x1d17b;
const LAST_SHOWN = 0xdffff;

/** The class of a code point. */
export function classOf(codePoint: number): CharacterClass {
  if (codePoint < 0x10000) return (CLASSES[codePoint] ?? VISIBLE) as CharacterClass;
  if (codePoint >= FIRST_SHOWN && codePoint <= LAST_SHOWN) return VISIBLE;
  for (const [own, ranges] of TABLE) {
    for (const [first, last] of ranges) if (codePoint >= first && codePoint <= last) return own;
  }
  return VISIBLE;
}
