// RFC 8259 §6
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?/uy;

/** The index behind the number that begins at `start`; `start` itself where none does. */
export function endOfNumber(text: string, start: number): number {
  const end = endOfShortNumber(text, start);
  if (end !== start) return end;
  NUMBER.lastIndex = start;
  return NUMBER.test(text) ? NUMBER.lastIndex : start;
}

// a whole number of so many digits is below 2^53
const SAFE_DIGITS = 15;

/** The same for whole numbers that are short, and so most: makes nothing that would have to be collected. */
function endOfShortNumber(text: string, start: number): number {
  const first = text.charCodeAt(start) === 0x2d ? start + 1 : start;
  let end = first;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(end) | 0x20;
  const isFraction = next === 0x2e || next === 0x65;
  const isShort = end > first && end - first <= SAFE_DIGITS && !isFraction;
  return isShort && (text.charCodeAt(first) !== 0x30 || end === first + 1) ? end : start;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const MANTISSA = /^-?[0.]*([0-9.]*)/u;
// IEEE 754: 17 decimal digits tell all doubles apart; more are lost
const MOST_DIGITS = 17;

/** Whether every program that reads the number as a double reads the same one, and none a nearby one. */
export function isExact(text: string, start: number, end: number): boolean {
  if (endOfShortNumber(text, start) === end) return true;
  const token = text.slice(start, end);
  const value = Number(token);
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return false;
  if (value !== 0 && token.length <= MOST_DIGITS) return true;
  // zeros in front of the first other digit do not count
  const digits = MANTISSA.exec(token)?.[1] ?? '';
  if (value === 0) return digits === '';
  return digits.length <= MOST_DIGITS || digits.replace('.', '').length <= MOST_DIGITS;
}

/** By how many characters the canonical text of the number is longer: `1e9` is written out there. */
export function growthOfNumber(text: string, start: number, end: number): number {
  if (endOfShortNumber(text, start) === end) return 0;
  const token = text.slice(start, end);
  return /[Ee]/u.test(token) ? Math.max(String(Number(token)).length - token.length, 0) : 0;
}
