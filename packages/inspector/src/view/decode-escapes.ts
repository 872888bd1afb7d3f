import type { Fuel } from '../fuel.ts';
import { hexDigit } from './hex-digit.ts';
import { MappedText, type View } from './view.ts';

type EscapeLayer = 'percent' | 'escape' | 'entity';

/** How escapes of one sort are written. */
interface EscapeForm {
  /** What each begins with. */
  readonly opener: string;
  /** Sticky: one escape, or a run of those that stand for one character together. */
  readonly pattern: RegExp;
  /** What the escape at `start` to `end` stands for; undefined for nothing. */
  readonly decode: (text: string, start: number, end: number) => string | undefined;
}

const FORMS: Readonly<Record<EscapeLayer, EscapeForm>> = {
  percent: { opener: '%', pattern: /(?:%[0-9a-f]{2})+/iuy, decode: decodePercent },
  escape: {
    opener: '\\',
    pattern: /\\u\{[0-9a-f]{1,6}\}|(?:\\u[0-9a-f]{4})+|(?:\\x[0-9a-f]{2})+|\\[0-3][0-7]{2}/iuy,
    decode: decodeBackslash,
  },
  entity: {
    opener: '&',
    pattern:
      /&#[0-9]{1,7};?|&#x[0-9a-f]{1,6};?|&(?:lt|gt|amp|quot|apos|nbsp|colon|sol|lpar|rpar|excl|period|NewLine|Tab);/iuy,
    decode: decodeEntity,
  },
};

/** What building the view costs for each code unit, in fuel. */
const COST = 2;

/** How much text around an escape is read with it: what begins before it or ends behind it. */
const REACH = 512;

/** How far a cut is moved to stand between words. */
const WORD_REACH = 128;

/** The parts of a text that have escapes of one sort, with those undone; nothing when it has none that decodes. */
export function* decodeEscapes(view: View, layer: EscapeLayer, fuel: Fuel): Generator<View> {
  const { text } = view;
  const { opener, pattern, decode } = FORMS[layer];
  // Engines search for a pattern many times faster than text is read here.
  fuel.spend(Math.ceil(text.length / 4));
  let part: DecodedPart | undefined;
  for (let start = text.indexOf(opener); start !== -1;) {
    pattern.lastIndex = start;
    const end = pattern.test(text) ? pattern.lastIndex : start;
    const piece = end === start ? undefined : decode(text, start, end);
    if (piece !== undefined) {
      if (part !== undefined && start - part.end > 2 * (REACH + WORD_REACH)) {
        yield part.view(view, layer, fuel);
        part = undefined;
      }
      part ??= new DecodedPart(text, start);
      part.add(piece, start, end);
    }
    start = text.indexOf(opener, Math.max(end, start + 1));
  }
  if (part !== undefined) yield part.view(view, layer, fuel);
}

/** The text around escapes that are near each other, with those undone. */
class DecodedPart {
  /** Where the last escape ends. */
  end: number;
  readonly #text: string;
  readonly #from: number;
  readonly #decoded = new MappedText();
  #isEscapedTwice = false;

  /** @param start where the first escape begins */
  constructor(text: string, start: number) {
    this.#text = text;
    this.#from = cutBefore(text, start - REACH);
    this.end = this.#from;
  }

  /** Adds what the escape at `start` to `end` stands for. */
  add(piece: string, start: number, end: number): void {
    this.#decoded.keep(this.#text, this.end, start);
    this.#decoded.add(piece, start, end);
    this.end = end;
    if (/[%\\&]/u.test(piece)) this.#isEscapedTwice = true;
  }

  view(parent: View, layer: EscapeLayer, fuel: Fuel): View {
    const to = cutBehind(this.#text, this.end + REACH);
    fuel.spend((to - this.#from) * COST);
    this.#decoded.keep(this.#text, this.end, to);
    return { ...this.#decoded.view(parent, layer), isEscapedTwice: this.#isEscapedTwice };
  }
}

function cutBefore(text: string, at: number): number {
  for (let cut = at; cut > 0 && at - cut < WORD_REACH; cut -= 1) if (isSpace(text, cut)) return cut;
  return Math.max(0, at);
}

function cutBehind(text: string, at: number): number {
  for (let cut = at; cut < text.length && cut - at < WORD_REACH; cut += 1) if (isSpace(text, cut)) return cut;
  return Math.min(text.length, at);
}

function isSpace(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20;
}

function decodePercent(text: string, start: number, end: number): string | undefined {
  if (end - start === 3 && hexAt(text, start + 1, 2) < 0x80) return String.fromCharCode(hexAt(text, start + 1, 2));
  try {
    return decodeURIComponent(text.slice(start, end));
  } catch {
    return undefined;
  }
}

function decodeBackslash(text: string, start: number, end: number): string | undefined {
  if (text.startsWith('{', start + 2)) return codePoint(text.slice(start + 3, end - 1), 16);
  switch (text.charAt(start + 1)) {
    case 'u':
    case 'U':
      return units(text, start, end, 6);
    case 'x':
    case 'X':
      return units(text, start, end, 4);
    default:
      return codePoint(text.slice(start + 1, end), 8);
  }
}

/** A run of escapes of equal width, each one UTF-16 code unit in hex. */
function units(text: string, start: number, end: number, width: number): string {
  let decoded = '';
  for (let at = start; at < end; at += width) decoded += String.fromCharCode(hexAt(text, at + 2, width - 2));
  return decoded;
}

function hexAt(text: string, start: number, digits: number): number {
  let value = 0;
  for (let at = start; at < start + digits; at += 1) value = value * 16 + hexDigit(text.charCodeAt(at));
  return value;
}

/** HTML's named character references that stand for punctuation or space by which text is disguised. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['colon', ':'],
  ['sol', '/'],
  ['lpar', '('],
  ['rpar', ')'],
  ['excl', '!'],
  ['period', '.'],
  ['newline', '\n'],
  ['tab', '\t'],
]);

function decodeEntity(text: string, start: number, end: number): string | undefined {
  const last = text.startsWith(';', end - 1) ? end - 1 : end;
  if (!text.startsWith('#', start + 1)) return NAMED.get(text.slice(start + 1, last).toLowerCase());
  const isHex = (text.charCodeAt(start + 2) | 32) === 0x78;
  return isHex ? codePoint(text.slice(start + 3, last), 16) : codePoint(text.slice(start + 2, last), 10);
}

function codePoint(digits: string, base: number): string | undefined {
  const point = Number.parseInt(digits, base);
  return Number.isInteger(point) && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    ? String.fromCodePoint(point)
    : undefined;
}
