import type { KeywordHit, Match } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { decodeSymbols } from './symbol-codes.ts';

/** Tab, as `t`, and space in the combinations that begin the letters of ASCII in bits, one way or the other; indentation has none of them. */
export const BLANK_KEYWORDS: readonly string[] = ['sttt', 'stts', 'stst', 'stss', 'tsss', 'tsst', 'tsts', 'tstt'].map(
  (code) => code.replaceAll('s', ' ').replaceAll('t', '\t'),
);

/** Fewer spaces and tabs spell less than a character. */
const RUN = /[ \t]{8,}/gu;

/** What decoding one space or tab costs, in fuel. */
const SYMBOL_COST = 16;

/** Between columns and in indentation tabs and spaces change twice at most. */
const MIN_CHANGES = 3;

/**
 * Runs of tabs and spaces that change so often that they spell something. Where there is one, blanks behind lines belong to it too.
 *
 * @param hits of {@link BLANK_KEYWORDS}: without a run around one, nothing is read further
 */
export function blankCodes(text: string, hits: readonly KeywordHit[], fuel: Fuel): readonly Match[] {
  if (!hasCode(text, hits)) return [];
  fuel.spend(Math.ceil(text.length / 4));
  const runs: (readonly [start: number, run: string])[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (!isCode(run) && !isLineEnd(text, index + run.length)) continue;
    fuel.spend(run.length * SYMBOL_COST);
    runs.push([index, run]);
  }
  const conceals = decodeSymbols(Array.from(runs.map(([, run]) => run).join(''), (blank) => blank.charCodeAt(0)));
  return runs.map(([start, run], index) =>
    blankMatch(text, start, start + run.length, index === 0 ? conceals : undefined),
  );
}

function blankMatch(text: string, start: number, end: number, conceals: string | undefined): Match {
  const mask = isLineEnd(text, end) ? '' : ' ';
  return { ...BLANK_CODE, start, end, mask, ...(conceals === undefined ? {} : { conceals }) };
}

const BLANK_CODE = {
  rule: 'invisible.blank-code',
  severity: 'medium',
  reason: 'spaces and tabs that spell something',
} as const;

function hasCode(text: string, hits: readonly KeywordHit[]): boolean {
  let done = 0;
  for (const { start } of hits) {
    if (start < done) continue;
    const from = edge(text, start, -1);
    done = edge(text, start, 1);
    const run = text.slice(from, done);
    if (run.length >= 8 && isCode(run)) return true;
  }
  return false;
}

function isCode(run: string): boolean {
  let changes = 0;
  for (let at = 1; at < run.length; at += 1) if (run[at] !== run[at - 1]) changes += 1;
  return changes >= MIN_CHANGES;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Where the run of blanks around a position ends, on one side. */
function edge(text: string, from: number, step: -1 | 1): number {
  let at = from;
  if (step === 1) while (isBlank(text.charCodeAt(at))) at += 1;
  else while (isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isLineEnd(text: string, at: number): boolean {
  return at === text.length || text.charAt(at) === '\n' || text.charAt(at) === '\r';
}
