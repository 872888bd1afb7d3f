import { UTF8 } from '../internal/text-decoder.ts';
import { looksLikeText } from './looks-like-text.ts';

/** Fewer symbols spell nothing: two characters of seven bits. */
const MIN_SYMBOLS = 14;

/** A symbol that is rarer than this is a frame around the others. */
const FRAME_COUNT = 2;

/**
 * What a sequence of few different symbols spells, in the codes that hiding tools use: two symbols for bits, a third between characters,
 * or four for two bits each. Undefined when none gives text.
 */
export function decodeSymbols(symbols: readonly number[]): string | undefined {
  if (symbols.length < MIN_SYMBOLS) return undefined;
  const alphabet = withoutFrame(symbols);
  const [first, second, third, fourth] = alphabet;
  if (first === undefined || second === undefined || alphabet.length > 4) return undefined;
  if (third === undefined) return fromBits(symbols, first, second) ?? fromBits(symbols, second, first);
  if (fourth !== undefined) return fromDigits(symbols, alphabet) ?? fromDigits(symbols, alphabet.toReversed());
  for (const separator of alphabet) {
    const [zero, one] = alphabet.filter((symbol) => symbol !== separator);
    if (zero === undefined || one === undefined) continue;
    const text = fromGroups(symbols, separator, zero, one) ?? fromGroups(symbols, separator, one, zero);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The different symbols, in rising order, without those that only open and close. */
function withoutFrame(symbols: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return [...counts.entries()]
    .filter(([, count]) => count > FRAME_COUNT)
    .map(([symbol]) => symbol)
    .toSorted((one, other) => one - other);
}

function fromBits(symbols: readonly number[], zero: number, one: number): string | undefined {
  const bits: number[] = [];
  for (const symbol of symbols) if (symbol === zero || symbol === one) bits.push(symbol === one ? 1 : 0);
  return textOfBytes(codes(bits, 8)) ?? textOfUnits(codes(bits, 7)) ?? textOfUnits(codes(bits, 16));
}

function fromDigits(symbols: readonly number[], alphabet: readonly number[]): string | undefined {
  const bits: number[] = [];
  for (const symbol of symbols) {
    const digit = alphabet.indexOf(symbol);
    if (digit !== -1) bits.push(digit >>> 1, digit & 1);
  }
  return textOfBytes(codes(bits, 8)) ?? textOfUnits(codes(bits, 16));
}

function fromGroups(symbols: readonly number[], separator: number, zero: number, one: number): string | undefined {
  const units: number[] = [];
  let unit = 0;
  let length = 0;
  for (const symbol of [...symbols, separator]) {
    if (symbol === zero || symbol === one) {
      unit = (unit << 1) | (symbol === one ? 1 : 0);
      length += 1;
      if (length > 21) return undefined;
    } else if (symbol === separator && length > 0) {
      units.push(unit);
      unit = 0;
      length = 0;
    }
  }
  return textOfUnits(units);
}

function codes(bits: readonly number[], width: number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + width <= bits.length; at += width) {
    let code = 0;
    for (let index = 0; index < width; index += 1) code = (code << 1) | (bits[at + index] ?? 0);
    found.push(code);
  }
  return found;
}

function textOfBytes(bytes: readonly number[]): string | undefined {
  try {
    return accepted(UTF8.decode(Uint8Array.from(bytes)));
  } catch {
    return undefined;
  }
}

function textOfUnits(units: readonly number[]): string | undefined {
  let text = '';
  for (const unit of units) {
    if (unit > 0xffff) return undefined;
    text += String.fromCharCode(unit);
  }
  return accepted(text);
}

/** Letters of ASCII are most of what is hidden; by chance one byte in five is one. */
function accepted(text: string): string | undefined {
  if (!looksLikeText(text)) return undefined;
  const letters = text.replaceAll(/[^A-Za-z0-9 ]/gu, '').length;
  return letters * 2 >= text.length ? text : undefined;
}
