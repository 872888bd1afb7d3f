import { ASSERTION, LAST_CODE_POINT, type PatternProgram, type PatternStep } from './pattern-program.ts';

/** One class of code points that no pattern at hand tells apart. */
export interface PatternSymbol {
  /** A code point of the class, a plain one where it has any. */
  readonly example: number;
  readonly isNewline: boolean;
  readonly isWord: boolean;
}

const MAX_CLASS_TESTS = 400_000;
const NEWLINE = 10;
const WORD_RANGES: readonly number[] = [48, 57, 65, 90, 95, 95, 97, 122];
// what reads well in a witness, best first
const PLAIN = Array.from('axbtesn01923456789AXBTESN-_./:@ ', (character) => character.charCodeAt(0));

/** Divides all code points into classes by what the programs take. Undefined where there would be too much to compare. */
export function symbolsOf(programs: readonly PatternProgram[]): readonly PatternSymbol[] | undefined {
  const takes = programs.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'take' ? [step.ranges] : [])));
  const all = [...new Set(takes), WORD_RANGES, [NEWLINE, NEWLINE]];
  const starts = new Set([0]);
  for (const ranges of all) {
    for (let index = 0; index < ranges.length; index += 2) {
      starts.add(ranges[index] as number).add((ranges[index + 1] as number) + 1);
    }
  }
  starts.delete(LAST_CODE_POINT + 1);
  if (starts.size * all.length > MAX_CLASS_TESTS) return undefined;
  const sorted = [...starts].toSorted((left, right) => left - right);
  const classes = new Map<string, number>();
  for (const [index, start] of sorted.entries()) {
    const end = (sorted[index + 1] ?? LAST_CODE_POINT + 1) - 1;
    const signature = all.map((ranges) => (contains(ranges, start) ? '1' : '0')).join('');
    const example = plainest(start, end);
    const earlier = classes.get(signature);
    if (earlier === undefined || rank(example) < rank(earlier)) classes.set(signature, example);
  }
  return [...classes.values()]
    .toSorted((left, right) => rank(left) - rank(right) || left - right)
    .map((example) => ({ example, isNewline: example === NEWLINE, isWord: contains(WORD_RANGES, example) }));
}

function contains(ranges: readonly number[], codePoint: number): boolean {
  for (let index = 0; index < ranges.length; index += 2) {
    if (codePoint < (ranges[index] as number)) return false;
    if (codePoint <= (ranges[index + 1] as number)) return true;
  }
  return false;
}

function plainest(start: number, end: number): number {
  const plain = PLAIN.find((codePoint) => codePoint >= start && codePoint <= end);
  if (plain !== undefined) return plain;
  // printable ones before control characters and surrogates
  for (const [low, high] of [
    [0x21, 0x7e],
    [0xa1, 0xd7_ff],
    [0xe0_00, LAST_CODE_POINT],
  ] as const) {
    if (start <= high && end >= low) return Math.max(start, low);
  }
  return start;
}

function rank(codePoint: number): number {
  const index = PLAIN.indexOf(codePoint);
  if (index !== -1) return index;
  if (codePoint >= 0x21 && codePoint <= 0x7e) return 100;
  return codePoint >= 0xd8_00 && codePoint <= 0xdf_ff ? 300 : 200;
}

interface State {
  /** The steps to take up before the next character, those that need no character left out. */
  readonly steps: readonly number[];
  readonly before: PatternSymbol | undefined;
  readonly next: (number | undefined)[];
  accepts: boolean | undefined;
}

const MATCHED = 0;

/**
 * A pattern as a deterministic automaton over classes of characters, built as far as it is asked for. It says what the engine's
 * search says: whether the pattern is found anywhere in a text.
 */
export class PatternMachine {
  readonly start: number;
  readonly #program: PatternProgram;
  readonly #symbols: readonly PatternSymbol[];
  readonly #states: State[] = [];
  readonly #ids = new Map<string, number>();
  readonly #takes: readonly (readonly boolean[])[];

  constructor(program: PatternProgram, symbols: readonly PatternSymbol[]) {
    this.#program = program;
    this.#symbols = symbols;
    this.#takes = program.steps.map((step) =>
      step.kind === 'take' ? symbols.map(({ example }) => contains(step.ranges, example)) : [],
    );
    this.#states.push({ steps: [], before: undefined, next: [], accepts: true });
    this.start = this.#intern([], undefined, true);
  }

  /** The state after one more character. */
  next(state: number, symbol: number): number {
    if (state === MATCHED) return MATCHED;
    const current = this.#states[state] as State;
    const known = current.next[symbol];
    if (known !== undefined) return known;
    const after = this.#symbols[symbol] as PatternSymbol;
    const reached = this.#close(current, after);
    const result =
      reached === undefined
        ? MATCHED
        : this.#intern(
            reached.filter((step) => this.#takes[step]?.[symbol] === true).map((step) => this.#targetOf(step)),
            after,
            false,
          );
    current.next[symbol] = result;
    return result;
  }

  /** Whether a text that ends here has the pattern in it. */
  accepts(state: number): boolean {
    const current = this.#states[state] as State;
    current.accepts ??= this.#close(current, undefined) === undefined;
    return current.accepts;
  }

  #targetOf(step: number): number {
    return (this.#program.steps[step] as Extract<PatternStep, { kind: 'take' }>).target;
  }

  #intern(steps: readonly number[], before: PatternSymbol | undefined, isStart: boolean): number {
    const sorted = [...new Set(steps)].toSorted((left, right) => left - right);
    const context = isStart ? 's' : before?.isNewline === true ? 'n' : before?.isWord === true ? 'w' : 'o';
    const key = `${context}${sorted.join(',')}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#states.push({ steps: sorted, before, next: [], accepts: undefined });
    this.#ids.set(key, this.#states.length - 1);
    return this.#states.length - 1;
  }

  /** The steps that take a character, reached between the last one and `after`; undefined where the pattern is found here. */
  #close(state: State, after: PatternSymbol | undefined): readonly number[] | undefined {
    const holding = assertionsBetween(state.before, after);
    const seen = new Set<number>();
    const pending = [...state.steps, this.#program.start];
    const takes: number[] = [];
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      if (seen.has(current)) continue;
      seen.add(current);
      const step = this.#program.steps[current] as PatternStep;
      if (step.kind === 'match') return undefined;
      if (step.kind === 'jump') pending.push(...step.targets);
      else if (step.kind === 'assert' && (step.assertions & ~holding) === 0) pending.push(step.target);
      else if (step.kind === 'take') takes.push(current);
    }
    return takes;
  }
}

function assertionsBetween(before: PatternSymbol | undefined, after: PatternSymbol | undefined): number {
  let holding: number =
    (before?.isWord === true) === (after?.isWord === true) ? ASSERTION.noWordBoundary : ASSERTION.wordBoundary;
  if (before === undefined) holding |= ASSERTION.beginText | ASSERTION.beginLine;
  else if (before.isNewline) holding |= ASSERTION.beginLine;
  if (after === undefined) holding |= ASSERTION.endText | ASSERTION.endLine;
  else if (after.isNewline) holding |= ASSERTION.endLine;
  return holding;
}
