import type { Fuel } from '../fuel.ts';
import { FEATURES, LOOKALIKE_ALPHABET } from '../scan/features.ts';
import { WIDE_FEATURES } from '../scan/wide-features.ts';
import { VISIBLE, classOf } from '../invisible/character-class.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { MappedText, type View } from './view.ts';

/** The features for which a text reads differently from how it is written. */
export const DISGUISES: number =
  FEATURES.invisible | FEATURES.compatibility | FEATURES.mixedScript | FEATURES.control | FEATURES.loneSurrogate;

/** What building the view costs for each code unit, in fuel. */
const COST = 2;

/**
 * The text as it reads: without characters that show nothing, with compatibility characters in their plain form (NFKC) and with
 * lookalikes in words of ASCII letters as those. The view itself where it reads as it is written.
 */
export function plainView(view: View, features: number, fuel: Fuel): View {
  if ((features & DISGUISES) === 0) return view;
  const { text } = view;
  fuel.spend(text.length * COST);
  const plain = new MappedText(text.length);
  let kept = 0;
  let position = 0;
  while (position < text.length) {
    const unit = text.charCodeAt(position);
    const width = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(position + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
    const piece = plainPiece(text, position, unit, width);
    if (piece !== undefined) {
      if (kept < position) plain.keep(text, kept, position);
      if (piece !== '') plain.add(piece, position, position + width);
      kept = position + width;
    }
    position += width;
  }
  if (kept < text.length) plain.keep(text, kept, text.length);
  return plain.view(view);
}

/** What is read in place of one character; undefined for itself. */
function plainPiece(text: string, position: number, unit: number, width: number): string | undefined {
  if (unit < 0x80) return isIgnoredControl(unit) ? '' : undefined;
  if (width === 1 && (unit & 0xf800) === 0xd800) return '';
  const features = WIDE_FEATURES[unit] ?? 0;
  if ((features & (FEATURES.invisible | FEATURES.control)) !== 0) {
    return width === 1 || classOf(text.codePointAt(position) ?? 0) !== VISIBLE ? '' : undefined;
  }
  const isEnclosed = width === 2 && unit === 0xd83c && isEnclosedLow(text.charCodeAt(position + 1));
  if ((features & FEATURES.compatibility) !== 0 || isEnclosed) {
    return text.slice(position, position + width).normalize('NFKC');
  }
  if ((features & LOOKALIKE_ALPHABET) === 0) return undefined;
  const letter = LOOKALIKES.get(text.charAt(position));
  return letter !== undefined && isInAsciiWord(text, position) ? letter : undefined;
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
    if (!LOOKALIKES.has(String.fromCharCode(unit)) && ((WIDE_FEATURES[unit] ?? 0) & FEATURES.invisible) === 0)
      return false;
  }
  return false;
}
