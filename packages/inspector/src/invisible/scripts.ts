import { CodePointSet } from './code-point-set.ts';

/**
 * Scripts in which ZWNJ and ZWJ are written: cursive ones and Brahmic ones. Unicode core specification, chapters 9 and 12–17; RFC 5892
 * appendix A.1 and A.2 allow joiners by the same two grounds (joining type and virama), for single labels. Texts use more: after letters
 * that do not join, and at the ends of words.
 */
export const JOINED_SCRIPTS: CodePointSet = new CodePointSet([
  [0x600, 0x8ff], // Arabic, Syriac, Thaana, N’Ko, Samaritan, Mandaic
  [0x900, 0xdff], // Devanagari to Sinhala
  [0xf00, 0x109f], // Tibetan, Myanmar
  [0x1780, 0x18af], // Khmer, Mongolian
  [0x1900, 0x194f], // Limbu
  [0x1a00, 0x1aaf], // Buginese, Tai Tham
  [0x1b00, 0x1c4f], // Balinese, Sundanese, Batak, Lepcha
  [0x1cd0, 0x1cff], // Vedic extensions
  [0xa800, 0xa8ff], // Syloti Nagri, Phags-pa, Saurashtra, Devanagari extended
  [0xa900, 0xaaff], // Kayah Li, Rejang, Javanese, Cham, Tai Viet, Meetei Mayek
  [0xabc0, 0xabff],
  [0xfb50, 0xfdff], // Arabic presentation forms
  [0xfe70, 0xfefc],
  [0x10a00, 0x10fff], // Kharoshthi, Manichaean, Psalter Pahlavi, Hanifi Rohingya, Sogdian
  [0x11000, 0x11fff], // Brahmi and what comes of it
  [0x16100, 0x1613f], // Gurung Khema
  [0x1e900, 0x1e95f], // Adlam
  [0x1ee00, 0x1eeff], // Arabic mathematical symbols
]);

/** Scripts without spaces between words, in which ZWSP marks where lines may break (Unicode core specification §23.2). */
export const SPACELESS_SCRIPTS: CodePointSet = new CodePointSet([
  [0xe00, 0xfff], // Thai, Lao, Tibetan
  [0x1000, 0x109f], // Myanmar
  [0x1780, 0x17ff], // Khmer
  [0x1950, 0x19ff], // Tai Le, New Tai Lue, Khmer symbols
  [0x1a00, 0x1aaf], // Buginese, Tai Tham
  [0x1b00, 0x1bff], // Balinese, Sundanese, Batak
  [0xa980, 0xaadf], // Javanese, Myanmar extended, Cham, Tai Viet
]);

/** Letters and marks that are written from right to left (UAX #9, classes R and AL by block). */
export const RIGHT_TO_LEFT: CodePointSet = new CodePointSet([
  [0x590, 0x61b],
  [0x61d, 0x8ff],
  [0xfb1d, 0xfdff],
  [0xfe70, 0xfefc],
  [0x10800, 0x10fff],
  [0x1e800, 0x1efff],
]);

/** Characters that can be emoji (UTS #51, Extended_Pictographic, by block), and modifiers of skin tone. */
export const PICTOGRAPHS: CodePointSet = new CodePointSet([
  [0xa9, 0xa9],
  [0xae, 0xae],
  [0x203c, 0x203c],
  [0x2049, 0x2049],
  [0x2122, 0x2122],
  [0x2139, 0x2139],
  [0x2190, 0x21ff],
  [0x2300, 0x23ff],
  [0x24c2, 0x24c2],
  [0x25a0, 0x27bf],
  [0x2900, 0x297f],
  [0x2b00, 0x2bff],
  [0x3030, 0x3030],
  [0x303d, 0x303d],
  [0x3297, 0x3299],
  [0x1f000, 0x1faff],
]);

/** What a variation selector 1–16 may follow: emoji, symbols, keycaps and what StandardizedVariants.txt lists, by block. */
export const VARIED: CodePointSet = new CodePointSet([
  [0x23, 0x23], // keycaps, and the slashed zero
  [0x2a, 0x2a],
  [0x30, 0x39],
  [0xa9, 0xa9],
  [0xae, 0xae],
  [0x1000, 0x109f], // Myanmar, dotted forms
  [0x2000, 0x206f],
  [0x2100, 0x2bff], // symbols, arrows, mathematics
  [0x3000, 0x303f],
  [0x3200, 0x33ff],
  [0x3400, 0x9fff],
  [0xa840, 0xa87f], // Phags-pa
  [0xaa60, 0xaa7f],
  [0xf900, 0xfaff],
  [0xff00, 0xffef],
  [0x10ac0, 0x10aff], // Manichaean
  [0x13000, 0x1345f], // Egyptian hieroglyphs
  [0x1f000, 0x1faff],
  [0x20000, 0x3ffff],
]);

/** Ideographs, which variation selectors 17–256 follow (UTS #37). */
export const IDEOGRAPHS: CodePointSet = new CodePointSet([
  [0x3005, 0x3007],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x3ffff],
]);

/** Mongolian letters, whose form free variation selectors and the vowel separator choose. */
export const MONGOLIAN: CodePointSet = new CodePointSet([
  [0x1800, 0x180a],
  [0x1810, 0x18af],
  [0x202f, 0x202f],
  [0x11660, 0x1167f],
]);

/** Khmer letters and marks. */
export const KHMER: CodePointSet = new CodePointSet([[0x1780, 0x17ff]]);

/** Letters and marks of Hebrew, and combining marks: what the grapheme joiner stands between. */
export const MARKED: CodePointSet = new CodePointSet([
  [0x300, 0x36f],
  [0x591, 0x5f4],
  [0x1dc0, 0x1dff],
]);

/** Conjoining Jamo: a filler beside one stands for the part that a syllable lacks (Unicode core specification §18.6). */
export const JAMO: CodePointSet = new CodePointSet([
  [0x1100, 0x115e],
  [0x1161, 0x11ff],
  [0xa960, 0xa97f],
  [0xd7b0, 0xd7ff],
]);

/** Braille patterns with dots. */
export const BRAILLE: CodePointSet = new CodePointSet([[0x2801, 0x28ff]]);

/** Letters of alphabets that hyphenate: Latin, Greek, Cyrillic, Armenian, Georgian. */
export const HYPHENATED: CodePointSet = new CodePointSet([
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x58f],
  [0x10a0, 0x10ff],
  [0x1e00, 0x1fff],
]);

/** Musical symbols, which have a note without a head and controls of beams, ties and slurs of their own. */
export const MUSIC: CodePointSet = new CodePointSet([
  [0x1d100, 0x1d158],
  [0x1d15a, 0x1d172],
  [0x1d17b, 0x1d1ff],
]);
