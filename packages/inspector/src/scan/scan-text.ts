import type { KeywordHit } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { unitAt } from '../internal/unit-at.ts';
import {
  ASCII_LETTER,
  ENCLOSED_HIGH,
  ENCLOSED_LOW,
  FEATURES,
  LONG_RUN,
  LOOKALIKE_ALPHABET,
  RUN_CHARACTER_BIT,
  STYLED,
  SURROGATE,
} from './features.ts';
import { KeywordIndex } from './keyword-index.ts';
import { WIDE_FEATURES } from './wide-features.ts';

/** What one pass over a text saw. */
export interface TextScan {
  /** Bits of {@link FEATURES}. */
  readonly features: number;
  /** For each owner of keywords, where which are; undefined for none. */
  readonly hits: readonly (readonly KeywordHit[] | undefined)[];
  /** Where runs of at least {@link LONG_RUN} base64 characters start. */
  readonly longRuns: readonly number[];
}

const NONE: readonly never[] = Object.freeze([]);

/** What comparing one keyword costs, in fuel. */
const COMPARISON = 4;

/**
 * Reads `text` once: which features it has, and where which keywords are. What few texts need is read in a pass of its own, so that the
 * others do not pay for it. Measured (bench/inspect.ts --scan): 3 ns for a code unit.
 */
export function scanText(text: string, index: KeywordIndex, fuel: Fuel): TextScan {
  const { length } = text;
  fuel.spend(length);
  const candidates: number[] = [];
  let features = readUnits(text, index.bits, candidates);
  const hits = candidates.length === 0 ? NONE : hitsAt(candidates, text, index, fuel);
  const longRuns = length < LONG_RUN ? NONE : runsIn(text);
  if ((features & SURROGATE) !== 0) features |= surrogateFeatures(text, features);
  if (longRuns.length > 0) features |= FEATURES.longRun;
  if ((features & ASCII_LETTER) !== 0 && (features & LOOKALIKE_ALPHABET) !== 0 && mixesScripts(text)) {
    features |= FEATURES.mixedScript;
  }
  return { features, hits, longRuns };
}

/**
 * The features of all code units together; `candidates` gets the places where the index says that a keyword may be. Measured: a call
 * within the loop, or the loop within a larger function, makes it two to four times as slow.
 */
function readUnits(text: string, bits: Int32Array, candidates: number[]): number {
  const { length } = text;
  const table = WIDE_FEATURES;
  let features = 0;
  let gram = 0;
  for (let position = 0; position < length; position += 1) {
    const unit = unitAt(text, position);
    features |= table[unit] ?? 0;
    gram = KeywordIndex.next(gram, unit);
    if (((bits[gram >>> 5] ?? 0) & (1 << (gram & 31))) !== 0) candidates.push(position);
  }
  return features;
}

/** The keywords around the places where the index says that one may be, for each owner. */
function hitsAt(
  candidates: readonly number[],
  text: string,
  index: KeywordIndex,
  fuel: Fuel,
): readonly (readonly KeywordHit[] | undefined)[] {
  let hits: KeywordHit[][] | undefined;
  const hit = (owner: number, keyword: number, start: number): void => {
    hits ??= [];
    const own = hits[owner];
    if (own === undefined) hits[owner] = [{ keyword, start }];
    else own.push({ keyword, start });
  };
  for (const end of candidates) fuel.spend(COMPARISON * index.report(text, end, hit));
  return hits ?? NONE;
}

const RUN_CHARACTER = 1 << RUN_CHARACTER_BIT;

/**
 * Where runs of at least {@link LONG_RUN} base64 characters start. It looks at the last place where a run that begins here would still be
 * one, and from there back: of words it sees their ends only.
 */
function runsIn(text: string): readonly number[] {
  const { length } = text;
  const table = WIDE_FEATURES;
  let runs: number[] | undefined;
  let start = 0;
  // INVARIANT: no run begins before `start` that is not found yet, nor does one go on over it.
  while (start + LONG_RUN <= length) {
    let last = start + LONG_RUN - 1;
    while (last >= start && ((table[unitAt(text, last)] ?? 0) & RUN_CHARACTER) !== 0) last -= 1;
    if (last < start) {
      (runs ??= []).push(start);
      last = start + LONG_RUN;
      while (last < length && ((table[unitAt(text, last)] ?? 0) & RUN_CHARACTER) !== 0) last += 1;
    }
    start = last + 1;
  }
  return runs ?? NONE;
}

/** Whether a letter of ASCII stands beside one of an alphabet with letters that look like it. */
function mixesScripts(text: string): boolean {
  let pairs = 0;
  let before = 0;
  for (let position = 0; position < text.length; position += 1) {
    const own = WIDE_FEATURES[unitAt(text, position)] ?? 0;
    pairs |= (before & (own << 1)) | ((before << 1) & own);
    before = own;
  }
  return (pairs & ASCII_LETTER) !== 0;
}

/** What halves of surrogate pairs make of a text: one alone, or a letter in a box. */
function surrogateFeatures(text: string, features: number): number {
  const mayEnclose = (features & ENCLOSED_HIGH) !== 0 && (features & ENCLOSED_LOW) !== 0;
  return (
    (text.isWellFormed() ? 0 : FEATURES.loneSurrogate) |
    (mayEnclose && ENCLOSED.test(text) ? FEATURES.compatibility | STYLED : 0)
  );
}

const ENCLOSED = /[\u{1f100}-\u{1f1e5}]/u;
