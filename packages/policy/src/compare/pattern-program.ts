import { RE2JS } from 're2js';

/** What one instruction of a compiled pattern does. Targets are indexes of instructions. */
export type PatternStep =
  | { readonly kind: 'jump'; readonly targets: readonly number[] }
  /** Goes on where all of the {@link Assertion} bits hold. */
  | { readonly kind: 'assert'; readonly assertions: number; readonly target: number }
  /** Takes one code point: the ranges are pairs of the first and the last, in order. */
  | { readonly kind: 'take'; readonly ranges: readonly number[]; readonly target: number }
  | { readonly kind: 'match' }
  | { readonly kind: 'fail' };

/** A pattern as the instructions that the engine runs, so that what is said of it is said of what judges values. */
export interface PatternProgram {
  readonly start: number;
  readonly steps: readonly PatternStep[];
}

/** What can hold between two characters; the engine's own bits. */
export const ASSERTION = {
  beginLine: 1,
  endLine: 2,
  beginText: 4,
  endText: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;

/** The last code point of Unicode. */
export const LAST_CODE_POINT = 0x10_ff_ff;

// the instructions of re2js (src/Inst.js), the same as those of Go's regexp/syntax
const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const NOP = 7;
const EMPTY_WIDTH = 4;
const FAIL = 5;
const MATCH = 6;
const RUNE = 8;
const RUNE_1 = 9;
const ANY_RUNE = 10;
const ANY_RUNE_BUT_NEWLINE = 11;
const ALL_ASSERTIONS = 63;
const FOLDS_CASE = 1;
const MAX_STEPS = 2000;

/**
 * The program of a pattern. Undefined where it does not compile, is too long, or has an instruction that is not known here: then
 * nothing can be said about it.
 */
export function readProgram(pattern: string): PatternProgram | undefined {
  try {
    const { inst, start } = RE2JS.compile(pattern).re2().prog as { readonly inst: unknown; readonly start: unknown };
    if (!Array.isArray(inst) || inst.length > MAX_STEPS) return undefined;
    const steps = (inst as readonly unknown[]).map(readStep);
    const isTarget = (target: unknown): boolean => typeof target === 'number' && steps[target] !== undefined;
    const isSound = steps.every((step) => step !== undefined && targetsOf(step).every(isTarget));
    return isSound && isTarget(start) ? { start: start as number, steps: steps as PatternStep[] } : undefined;
  } catch {
    return undefined;
  }
}

function targetsOf(step: PatternStep): readonly number[] {
  switch (step.kind) {
    case 'jump':
      return step.targets;
    case 'assert':
    case 'take':
      return [step.target];
    case 'match':
    case 'fail':
      return [];
  }
}

function readStep(instruction: unknown): PatternStep | undefined {
  const { op, out, arg, runes } = instruction as {
    readonly op: number;
    readonly out: number;
    readonly arg: number;
    readonly runes: Iterable<number>;
  };
  if (op === ALT || op === ALT_MATCH) return { kind: 'jump', targets: [out, arg] };
  if (op === CAPTURE || op === NOP) return { kind: 'jump', targets: [out] };
  if (op === EMPTY_WIDTH && (arg & ~ALL_ASSERTIONS) === 0) return { kind: 'assert', assertions: arg, target: out };
  if (op === FAIL) return { kind: 'fail' };
  if (op === MATCH) return { kind: 'match' };
  if (op === ANY_RUNE) return { kind: 'take', ranges: [0, LAST_CODE_POINT], target: out };
  if (op === ANY_RUNE_BUT_NEWLINE) return { kind: 'take', ranges: [0, 9, 11, LAST_CODE_POINT], target: out };
  const isRune = op === RUNE || op === RUNE_1;
  const ranges = isRune ? rangesOf([...runes], (arg & FOLDS_CASE) !== 0) : undefined;
  return ranges === undefined ? undefined : { kind: 'take', ranges, target: out };
}

function rangesOf(runes: readonly number[], foldsCase: boolean): readonly number[] | undefined {
  const [only] = runes;
  if (runes.length === 1 && only !== undefined) return foldsCase ? foldedRanges(only) : [only, only];
  return runes.length % 2 === 0 ? runes : undefined;
}

/** Unicode simple case folding: what else an ASCII letter is equal to. Of other letters it is not known here. */
function foldedRanges(rune: number): readonly number[] | undefined {
  if (rune > 0x7f) return undefined;
  const text = String.fromCodePoint(rune);
  const others: Readonly<Record<string, number>> = { k: 0x21_2a, s: 0x1_7f };
  const folded = new Set([text.toUpperCase(), text.toLowerCase()].map((letter) => letter.codePointAt(0) as number));
  const other = others[text.toLowerCase()];
  if (other !== undefined) folded.add(other);
  return [...folded].toSorted((left, right) => left - right).flatMap((codePoint) => [codePoint, codePoint]);
}
