import type { Fuel } from '../fuel.ts';
import { entropyOf } from './entropy.ts';
import type { OnSecret } from './secret-match.ts';
import { isExample } from './stand-in.ts';
import type { TokenFormat } from './token-format.ts';
import { TOKEN_FORMATS } from './token-formats.ts';

/** What trying one pattern costs, in fuel, beside what it reads: the measured time of some characters of plain text. */
const LOOK = 12;
/** What judging a character of what was found costs. */
const JUDGE = 4;

const WORD_PART = asciiSet(/[A-Za-z0-9+/_-]/u);
const BACK = { dotted: asciiSet(/[A-Za-z0-9_.~-]/u), digits: asciiSet(/[0-9/:|%]/u) } as const;
const SLASH = 0x2f;
/** How far before a run a token may begin. */
const MAX_BACK = 70;

/** For each character of ASCII whether a pattern matches it: 1 or 0. */
function asciiSet(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
}

/** A letter or digit of ASCII. */
function isWord(unit: number): boolean {
  const lower = unit | 32;
  return (lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
}

/** Whether a word may begin at `start`: `\n` in a text within a text is a line break and no letter. */
function isBoundary(text: string, start: number): boolean {
  if (start === 0 || !isWord(text.charCodeAt(start - 1))) return true;
  return start > 1 && text.charAt(start - 2) === '\\' && 'nrt'.includes(text.charAt(start - 1));
}

/** The least index from which on all characters up to `start` are of a set, `max` before it at most. */
function walkBack(text: string, start: number, max: number, set: Uint8Array): number {
  let at = start;
  while (at > 0 && start - at < max && set[text.charCodeAt(at - 1)] === 1) at -= 1;
  return at;
}

/** Reports the token of `format` that begins at `start`. @returns where it ends; `start` when there is none */
function tokenAt(format: TokenFormat, text: string, start: number, report: OnSecret, fuel: Fuel): number {
  const { pattern, minEntropy, isVerified } = format;
  pattern.lastIndex = start;
  const found = pattern.exec(text)?.[0];
  fuel.spend(LOOK + (found?.length ?? 0) * JUDGE);
  if (found === undefined) return start;
  const end = start + found.length;
  // The prefix says nothing about the rest: what is looked at is the end. Where nothing else has the form, examples are masked too.
  if (minEntropy > 0 && (entropyOf(found) < minEntropy || isExample(found.slice(-32)))) return start;
  const severity = isVerified?.(found) === true ? 'critical' : format.severity;
  report({ rule: `secrets.${format.id}`, severity, start, end, reason: `${format.title} in the text` });
  return end;
}

/** The format and the anchors by which a keyword was given to the index. */
export function findAnchored(format: TokenFormat, text: string, anchor: number, report: OnSecret, fuel: Fuel): void {
  if (format.before === 0) {
    if (isBoundary(text, anchor) || !isWord(text.charCodeAt(anchor))) tokenAt(format, text, anchor, report, fuel);
    return;
  }
  const part = format.isDotted ? BACK.dotted : WORD_PART;
  const start = walkBack(text, anchor, format.before, part);
  fuel.spend(anchor - start);
  for (let at = start; at <= anchor; at += 1) {
    // Characters of another word may stand before: the token begins where one can.
    if (at !== start && isWord(text.charCodeAt(at - 1))) continue;
    if (tokenAt(format, text, at, report, fuel) > at) return;
  }
}

const BY_START: ReadonlyMap<string, readonly TokenFormat[]> = byStart();

function byStart(): ReadonlyMap<string, readonly TokenFormat[]> {
  const map = new Map<string, TokenFormat[]>();
  for (const format of TOKEN_FORMATS) {
    for (const first of format.starts) map.set(first, [...(map.get(first) ?? []), format]);
  }
  return map;
}

/** Finds tokens whose prefix is too short for a keyword, at a run of base64 characters. */
export function findAtRun(text: string, run: number, report: OnSecret, fuel: Fuel): void {
  startAt(text, run, report, fuel);
  const before = text.charAt(run - 1);
  if (before === '.' || before === ':' || before === '|' || before === '%') {
    const part = before === '.' ? BACK.dotted : BACK.digits;
    const start = walkBack(text, run, MAX_BACK, part);
    fuel.spend(run - start);
    if (start < run) startAt(text, start, report, fuel);
  }
  // In a path or behind a name and `=` within base64, the token begins after the last slash.
  const last = Math.min(text.length, run + MAX_BACK);
  for (let at = run; at < last; at += 1) {
    if (text.charCodeAt(at) !== SLASH) continue;
    fuel.spend(LOOK);
    startAt(text, at + 1, report, fuel);
  }
}

function startAt(text: string, start: number, report: OnSecret, fuel: Fuel): void {
  const formats = BY_START.get(text.charAt(start));
  if (formats === undefined || !isBoundary(text, start)) return;
  for (const format of formats) tokenAt(format, text, start, report, fuel);
}
