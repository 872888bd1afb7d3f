import type { Fuel } from '../fuel.ts';
import { MappedText, type View } from './view.ts';

type EscapeLayer = 'percent' | 'escape' | 'entity';

/** One escape, or a run of those that stand for one character together. */
const PATTERNS: Readonly<Record<EscapeLayer, RegExp>> = {
  percent: /(?:%[0-9a-f]{2})+/giu,
  escape: /\\u\{[0-9a-f]{1,6}\}|(?:\\u[0-9a-f]{4})+|(?:\\x[0-9a-f]{2})+|\\[0-3][0-7]{2}/giu,
  entity:
    /&#[0-9]{1,7};?|&#x[0-9a-f]{1,6};?|&(?:lt|gt|amp|quot|apos|nbsp|colon|sol|lpar|rpar|excl|period|NewLine|Tab);/giu,
};

/** What building the view costs for each code unit, in fuel. */
const COST = 2;

/** The text with escapes of one sort undone; nothing when it has none that decodes. */
export function* decodeEscapes(view: View, layer: EscapeLayer, fuel: Fuel): Generator<View> {
  const { text } = view;
  fuel.spend(text.length * COST);
  const decoded = new MappedText(text.length);
  let kept = 0;
  let count = 0;
  for (const match of text.matchAll(PATTERNS[layer])) {
    const piece = DECODERS[layer](match[0]);
    if (piece === undefined) continue;
    decoded.keep(text, kept, match.index);
    kept = match.index + match[0].length;
    decoded.add(piece, match.index, kept);
    count += 1;
  }
  if (count === 0) return;
  decoded.keep(text, kept, text.length);
  yield decoded.view(view, layer);
}

const DECODERS: Readonly<Record<EscapeLayer, (escape: string) => string | undefined>> = {
  percent: (escape) => decodePercent(escape),
  escape: (escape) => decodeBackslash(escape),
  entity: (escape) => decodeEntity(escape),
};

function decodePercent(escape: string): string | undefined {
  try {
    return decodeURIComponent(escape);
  } catch {
    return undefined;
  }
}

function decodeBackslash(escape: string): string | undefined {
  if (escape.startsWith('\\u{')) return codePoint(escape.slice(3, -1), 16);
  if (/^\\u/iu.test(escape)) return units(escape, 6);
  if (/^\\x/iu.test(escape)) return units(escape, 4);
  return codePoint(escape.slice(1), 8);
}

/** A run of escapes of equal width, each one UTF-16 code unit in hex. */
function units(run: string, width: number): string {
  let text = '';
  for (let index = 0; index < run.length; index += width) {
    text += String.fromCharCode(Number.parseInt(run.slice(index + 2, index + width), 16));
  }
  return text;
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

function decodeEntity(escape: string): string | undefined {
  const body = escape.slice(1).replace(/;$/u, '');
  if (!body.startsWith('#')) return NAMED.get(body.toLowerCase());
  return /^#x/iu.test(body) ? codePoint(body.slice(2), 16) : codePoint(body.slice(1), 10);
}

function codePoint(digits: string, base: number): string | undefined {
  const point = Number.parseInt(digits, base);
  return Number.isInteger(point) && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    ? String.fromCodePoint(point)
    : undefined;
}
