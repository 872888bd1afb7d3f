import {
  ASCII_FEATURES,
  ENCLOSED_HIGH,
  ENCLOSED_LOW,
  FEATURES,
  LOOKALIKE_ALPHABET,
  STYLED,
  SURROGATE,
  WIDE_SPACE,
} from './features.ts';

const { nonAscii, invisible, compatibility, control } = FEATURES;

type Range = readonly [first: number, last: number];

/** Unicode 17, DerivedCoreProperties `Default_Ignorable_Code_Point` in the BMP, interlinear annotations, and the bidi controls. */
const INVISIBLE: readonly Range[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfdd0, 0xfdef],
  [0xfff0, 0xfffc],
  [0xfffe, 0xffff],
  // high surrogates of plane 14 (tags, variation selectors 17–256) and of the private planes 15 and 16
  [0xdb40, 0xdb43],
  [0xdb80, 0xdbff],
  // high surrogates of shorthand format controls (U+1BCA0) and of musical ones (U+1D173), with what else they begin
  [0xd82f, 0xd82f],
  [0xd834, 0xd834],
  [0xe000, 0xf8ff],
];

/** Blocks whose letters NFKC turns into ASCII ones. */
const COMPATIBILITY: readonly Range[] = [
  [0x1d2c, 0x1d6a],
  // spaces of other widths, which NFKC turns into a space
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x2070, 0x209c],
  [0x2100, 0x214f],
  [0x2460, 0x24ff],
  [0x3200, 0x33ff],
  [0xfb00, 0xfb06],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff9f],
  // mathematical alphanumeric symbols begin with this high surrogate
  [0xd835, 0xd835],
];

/** Spaces of other widths than those of keyboards and of East Asian letters. */
const WIDE_SPACES: readonly Range[] = [
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
];

/** Letters of formulas (their high surrogate), in circles and of full width. */
const STYLED_LETTERS: readonly Range[] = [
  [0x24b6, 0x24e9],
  [0xd835, 0xd835],
  [0xff21, 0xff3a],
  [0xff41, 0xff5a],
];

/** Alphabets with letters that look like ASCII ones: the feature `mixedScript` looks for these beside ASCII letters. */
const LOOKALIKE: readonly Range[] = [
  [0x250, 0x2af],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x531, 0x58f],
  [0x13a0, 0x13ff],
  [0xa4d0, 0xa4ff],
];

/** The features of each UTF-16 code unit. */
export const WIDE_FEATURES: Int32Array = wideFeatures();

function wideFeatures(): Int32Array {
  const table = new Int32Array(65_536).fill(nonAscii);
  const mark = (ranges: readonly Range[], feature: number): void => {
    for (const [first, last] of ranges) {
      for (let unit = first; unit <= last; unit += 1) table[unit] = (table[unit] ?? 0) | feature;
    }
  };
  mark(INVISIBLE, invisible);
  mark(COMPATIBILITY, compatibility);
  mark(LOOKALIKE, LOOKALIKE_ALPHABET);
  mark(WIDE_SPACES, WIDE_SPACE);
  mark(STYLED_LETTERS, STYLED);
  mark([[0x80, 0x9f]], control);
  mark([[0xd800, 0xdfff]], SURROGATE);
  // Enclosed alphanumerics (U+1F100–U+1F1E5), whose high half is that of most emoji too.
  mark([[0xd83c, 0xd83c]], ENCLOSED_HIGH);
  mark([[0xdd00, 0xdde5]], ENCLOSED_LOW);
  table.set(ASCII_FEATURES);
  return table;
}
