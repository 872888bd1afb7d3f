/**
 * The lower case of a UTF-16 code unit, in the alphabets in which keywords are written: ASCII, Latin-1, Greek and Cyrillic. Whatever
 * the case, the low five bits are the same, on which {@link KeywordIndex} builds.
 */
export function foldUnit(unit: number): number {
  return unit < FOLDED_UNITS ? (FOLDED[unit] ?? unit) : unit;
}

/** No keyword has a capital letter from here on. */
const FOLDED_UNITS = 0x430;
const FOLDED: Uint16Array = Uint16Array.from({ length: FOLDED_UNITS }, (_, unit) => lowerCase(unit));

function lowerCase(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
  if (unit >= 0xc0 && unit <= 0xde && unit !== 0xd7) return unit + 32;
  if (unit >= 0x391 && unit <= 0x3a9) return unit + 32;
  if (unit >= 0x410 && unit <= 0x42f) return unit + 32;
  return unit;
}
