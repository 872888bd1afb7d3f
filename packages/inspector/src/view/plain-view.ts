import type { Fuel } from '../fuel.ts';
import { unitAt } from '../internal/unit-at.ts';
import { FEATURES, LOOKALIKE_ALPHABET, SURROGATE } from '../scan/features.ts';
import { WIDE_FEATURES } from '../scan/wide-features.ts';
import { VISIBLE, classOf } from '../invisible/character-class.ts';
import { LOOKALIKE_UNITS } from './lookalikes.ts';
import { MappedText, type View } from './view.ts';

/** The features for which a text reads differently from how it is written. */
export const DISGUISES: number =
  FEATURES.invisible | FEATURES.compatibility | FEATURES.mixedScript | FEATURES.control | FEATURES.loneSurrogate;

/** What building the view costs for each code unit, in fuel. */
const COST = 2;

/** What may be read in another way than it is written: all else is kept at a glance. */
const CHANGEABLE = FEATURES.invisible | FEATURES.compatibility | FEATURES.control | LOOKALIKE_ALPHABET | SURROGATE;

/**
 * The text as it reads: without characters that show nothing, with compatibility characters in their plain form (NFKC) and with
 * lookalikes in words of ASCII letters as those. The view itself where it reads as it is written.
 */
export function plainView(view: View, features: number, fuel: Fuel): View {
  if ((features & DISGUISES) === 0) return view;
  const { text } = view;
  const { length } = text;
  fuel.spend(length * COST);
  const plain = new MappedText();
  let kept = 0;
  for (let position = nextChangeable(text, 0); position < length;) {
    const unit = unitAt(text, position);
    const own = WIDE_FEATURES[unit] ?? 0;
    const width = (own & SURROGATE) !== 0 && isPairAt(text, position, unit) ? 2 : 1;
    const piece = plainPiece(text, position, unit, width, own);
    if (piece !== undefined) {
      plain.keep(text, kept, position);
      if (piece !== '') plain.add(piece, position, position + width);
      kept = position + width;
    }
    position = nextChangeable(text, position + width);
  }
  plain.keep(text, kept, length);
  return plain.view(view);
}

/** Where the next character is that may be read in another way than it is written; the length of the text for none. */
function nextChangeable(text: string, from: number): number {
  const { length } = text;
  const table = WIDE_FEATURES;
  let position = from;
  while (position < length && ((table[unitAt(text, position)] ?? 0) & CHANGEABLE) === 0) position += 1;
  return position;
}

function isPairAt(text: string, position: number, unit: number): boolean {
  return unit < 0xdc00 && (text.charCodeAt(position + 1) & 0xfc00) === 0xdc00;
}

/** What is read in place of one character; undefined for itself. */
function plainPiece(text: string, position: number, unit: number, width: number, own: number): string | undefined {
  if (unit < 0x80) return isIgnoredControl(unit) ? '' : undefined;
  if (width === 1 && (own & SURROGATE) !== 0) return '';
  if ((own & (FEATURES.invisible | FEATURES.control)) !== 0) {
    return width === 1 || classOf(text.codePointAt(position) ?? 0) !== VISIBLE ? '' : undefined;
  }
  const isEnclosed = width === 2 && unit === 0xd83c && isEnclosedLow(text.charCodeAt(position + 1));
  if ((own & FEATURES.compatibility) !== 0 || isEnclosed) return compatible(text.codePointAt(position) ?? 0);
  if ((own & LOOKALIKE_ALPHABET) === 0) return undefined;
  const letter = LOOKALIKE_UNITS[unit] ?? 0;
  return letter !== 0 && isInAsciiWord(text, position) ? String.fromCharCode(letter) : undefined;
}

/** What was normalised before: there are a few thousand such characters. */
const COMPATIBLE = new Map<number, string>();

/** A character in its plain form (NFKC). */
function compatible(point: number): string {
  const known = COMPATIBLE.get(point);
  if (known !== undefined) return known;
  const plain = String.fromCodePoint(point).normalize('NFKC');
  COMPATIBLE.set(point, plain);
  return plain;
}

function isEnclosedLow(low: number): boolean {
  return low >= 0xdd00 && low < 0xdde6;
}

/** Controls that show nothing; tab, line feed, vertical tab, form feed and carriage return separate words. */
function isIgnoredControl(unit: number): boolean {
  return unit < 0x09 || (unit > 0x0d && unit < 0x20) || unit === 0x7f;
}

/** How far a word is looked at, to stay linear on text that is one word. */
const WORD_REACH = 24;

/** Whether the word around a position has a letter of ASCII. */
function isInAsciiWord(text: string, position: number): boolean {
  return hasAsciiLetter(text, position, -1) || hasAsciiLetter(text, position, 1);
}

function hasAsciiLetter(text: string, position: number, step: -1 | 1): boolean {
  for (let reach = 1; reach <= WORD_REACH; reach += 1) {
    const unit = text.charCodeAt(position + step * reach);
    if (unit < 0x80) {
      const lower = unit | 32;
      return lower >= 0x61 && lower <= 0x7a;
    }
    if (Number.isNaN(unit)) return false;
    if ((LOOKALIKE_UNITS[unit] ?? 0) === 0 && ((WIDE_FEATURES[unit] ?? 0) & FEATURES.invisible) === 0) return false;
  }
  return false;
}
