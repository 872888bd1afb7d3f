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

/** How much text around an escape is read with it: what begins before it or ends behind it. */
const REACH = 512;

/** How far a cut is moved to stand between words. */
const WORD_REACH = 128;

interface Undone {
  readonly start: number;
  readonly end: number;
  readonly piece: string;
}

/** The parts of a text that have escapes of one sort, with those undone; nothing when it has none that decodes. */
export function* decodeEscapes(view: View, layer: EscapeLayer, fuel: Fuel): Generator<View> {
  const { text } = view;
  // Engines search for a pattern many times faster than text is read here.
  fuel.spend(Math.ceil(text.length / 4));
  let group: Undone[] = [];
  for (const match of text.matchAll(PATTERNS[layer])) {
    const piece = DECODERS[layer](match[0]);
    if (piece === undefined) continue;
    const last = group.at(-1);
    if (last !== undefined && match.index - last.end > 2 * (REACH + WORD_REACH)) {
      yield decodedPart(view, layer, group, fuel);
      group = [];
    }
    group.push({ start: match.index, end: match.index + match[0].length, piece });
  }
  if (group.length > 0) yield decodedPart(view, layer, group, fuel);
}

/** The text around escapes that are near each other, with those undone. */
function decodedPart(view: View, layer: EscapeLayer, group: readonly Undone[], fuel: Fuel): View {
  const { text } = view;
  const from = cutBefore(text, (group[0]?.start ?? 0) - REACH);
  const to = cutBehind(text, (group.at(-1)?.end ?? text.length) + REACH);
  fuel.spend((to - from) * COST);
  const decoded = new MappedText();
  let kept = from;
  for (const { start, end, piece } of group) {
    decoded.keep(text, kept, start);
    decoded.add(piece, start, end);
    kept = end;
  }
  decoded.keep(text, kept, to);
  const isEscapedTwice = group.some(({ piece }) => /[%\\&]/u.test(piece));
  return { ...decoded.view(view, layer), isEscapedTwice };
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
