import { PatternMachine, symbolsOf, type PatternSymbol } from './pattern-machine.ts';
import { readProgram, type PatternProgram } from './pattern-program.ts';

/** The texts that a schema's string keywords let pass. Lengths count code points. */
export interface TextSet {
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string | undefined;
}

/** What a search for a text came to: one, the proof that there is none, or neither within the bounds of the search. */
export type TextSearch =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

const MAX_NODES = 20_000;
const MAX_SAMPLE_NODES = 1500;
const MAX_MOVES = 200_000;
const MAX_REMEMBERED = 4096;
/** The longest text without a pattern that is spelled, in characters. */
const MAX_PLAIN = 20_000;
const SHORTEST_SAMPLES = 6;
const LONGEST_SAMPLES = 4;

/** A text that was found, spelled only where it is wanted. */
type Found = () => string;

interface Node {
  readonly inner: number;
  readonly outer: number;
  /** Characters so far; stays where longer texts do not differ in what they may be. */
  readonly length: number;
  readonly from: Node | undefined;
  readonly symbol: number;
}

/** Compares and samples sets of texts, exactly as the pattern engine judges them, and remembers what it found. */
export class TextSearcher {
  readonly #programs = new Map<string, PatternProgram | undefined>();
  readonly #searches = new Map<string, TextSearch>();
  readonly #samples = new Map<string, readonly string[]>();

  readonly #kept = new WeakMap<object, unknown>();

  /** What was found for a check before, or is now: for what is asked again and again while two policies are compared. */
  remember<Value>(check: object, find: () => Value): Value {
    if (this.#kept.has(check)) return this.#kept.get(check) as Value;
    const value = find();
    this.#kept.set(check, value);
    return value;
  }

  /** A text of `inner` that is not in `outer`, a shortest one. */
  difference(inner: TextSet, outer: TextSet): TextSearch {
    const key = JSON.stringify([keyOf(inner), keyOf(outer)]);
    return remembered(this.#searches, key, () => this.#difference(inner, outer));
  }

  /** Any text of the set. */
  anyOf(set: TextSet): TextSearch {
    if (set.pattern === undefined) {
      return set.minLength > set.maxLength ? { kind: 'none' } : { kind: 'found', text: plainText(set.minLength) };
    }
    const key = JSON.stringify([keyOf(set)]);
    return remembered(this.#searches, key, () => this.#search(set, undefined, [], 1, MAX_NODES));
  }

  /** Some texts of the set: shortest ones, and the longest of those that differ for the pattern. */
  samples(set: TextSet): readonly string[] {
    return remembered(this.#samples, JSON.stringify(keyOf(set)), () => {
      if (set.pattern === undefined) return plainSamples(set);
      const found: Found[] = [];
      this.#search(set, undefined, found, MAX_SAMPLE_NODES, MAX_SAMPLE_NODES);
      const chosen = [...found.slice(0, SHORTEST_SAMPLES), ...found.slice(-LONGEST_SAMPLES)];
      return [...new Set(chosen.map((make) => make()))];
    });
  }

  #difference(inner: TextSet, outer: TextSet): TextSearch {
    const isShorter = inner.minLength >= outer.minLength && inner.maxLength <= outer.maxLength;
    if (isShorter && (outer.pattern === undefined || outer.pattern === inner.pattern)) return { kind: 'none' };
    if (inner.pattern === undefined && outer.pattern === undefined) return lengthDifference(inner, outer);
    if (isShorter) {
      // without counting characters there is far less to search, and often no difference either
      const free = { minLength: 0, maxLength: Number.POSITIVE_INFINITY };
      const found = this.#search({ ...inner, ...free }, { ...outer, ...free }, [], 1, MAX_NODES);
      if (found.kind === 'none') return found;
    }
    return this.#search(inner, outer, [], 1, MAX_NODES);
  }

  #programOf(pattern: string): PatternProgram | undefined {
    return remembered(this.#programs, pattern, () => readProgram(pattern));
  }

  /** Walks through the texts of `inner` that are not in `outer`, breadth first, until there are `count`. */
  #search(inner: TextSet, outer: TextSet | undefined, found: Found[], count: number, maxNodes: number): TextSearch {
    const programs: PatternProgram[] = [];
    for (const pattern of [inner.pattern, outer?.pattern]) {
      const program = pattern === undefined ? undefined : this.#programOf(pattern);
      if (pattern !== undefined && program === undefined) return { kind: 'unknown' };
      if (program !== undefined) programs.push(program);
    }
    const symbols = symbolsOf(programs);
    if (symbols === undefined) return { kind: 'unknown' };
    const machineOf = (set: TextSet | undefined): PatternMachine | undefined => {
      const program = set?.pattern === undefined ? undefined : this.#programOf(set.pattern);
      return program === undefined ? undefined : new PatternMachine(program, symbols);
    };
    return walk(
      { inner, outer, innerMachine: machineOf(inner), outerMachine: machineOf(outer), symbols, maxNodes },
      found,
      count,
    );
  }
}

interface Walk {
  readonly inner: TextSet;
  readonly outer: TextSet | undefined;
  readonly innerMachine: PatternMachine | undefined;
  readonly outerMachine: PatternMachine | undefined;
  readonly symbols: readonly PatternSymbol[];
  readonly maxNodes: number;
}

function walk(sets: Walk, found: Found[], count: number): TextSearch {
  const { inner, outer, innerMachine, outerMachine, symbols, maxNodes } = sets;
  const bounds = [inner.minLength, inner.maxLength, outer?.minLength ?? 0, outer?.maxLength ?? 0];
  const longest = Math.max(...bounds.filter((bound) => Number.isFinite(bound))) + 1;
  const seen = new Set<string>();
  const queue: Node[] = [];
  const enter = (node: Node): void => {
    const key = `${node.inner},${node.outer},${node.length}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(node);
  };
  const start = { inner: innerMachine?.start ?? 0, outer: outerMachine?.start ?? 0 };
  enter({ ...start, length: 0, from: undefined, symbol: -1 });
  let moves = 0;
  for (let index = 0; index < queue.length; index += 1) {
    const node = queue[index] as Node;
    if (isWanted(sets, node)) {
      found.push(() => textOf(node, symbols));
      if (found.length >= count) return anyFound(found) as TextSearch;
    }
    if (node.length >= inner.maxLength) continue;
    for (let symbol = 0; symbol < symbols.length; symbol += 1) {
      moves += 1;
      if (moves > MAX_MOVES || queue.length > maxNodes) return anyFound(found) ?? { kind: 'unknown' };
      enter({
        inner: innerMachine?.next(node.inner, symbol) ?? 0,
        outer: outerMachine?.next(node.outer, symbol) ?? 0,
        length: Math.min(node.length + 1, longest),
        from: node,
        symbol,
      });
    }
  }
  return anyFound(found) ?? { kind: 'none' };
}

function anyFound([make]: readonly Found[]): TextSearch | undefined {
  return make === undefined ? undefined : { kind: 'found', text: make() };
}

function isWanted({ inner, outer, innerMachine, outerMachine }: Walk, node: Node): boolean {
  if (node.length < inner.minLength || node.length > inner.maxLength) return false;
  if (innerMachine?.accepts(node.inner) === false) return false;
  if (outer === undefined) return true;
  const isInOuter =
    node.length >= outer.minLength && node.length <= outer.maxLength && outerMachine?.accepts(node.outer) !== false;
  return !isInOuter;
}

function textOf(node: Node, symbols: readonly PatternSymbol[]): string {
  const codePoints: number[] = [];
  for (let current: Node | undefined = node; current?.from !== undefined; current = current.from) {
    codePoints.push((symbols[current.symbol] as PatternSymbol).example);
  }
  return codePoints
    .toReversed()
    .map((codePoint) => String.fromCodePoint(codePoint))
    .join('');
}

/** The same for texts of any characters. */
function lengthDifference(inner: TextSet, outer: TextSet): TextSearch {
  if (inner.minLength > inner.maxLength) return { kind: 'none' };
  const length = inner.minLength < outer.minLength ? inner.minLength : Math.max(inner.minLength, outer.maxLength + 1);
  if (length > inner.maxLength) return { kind: 'none' };
  return length > MAX_PLAIN ? { kind: 'unknown' } : { kind: 'found', text: plainText(length) };
}

function plainSamples({ minLength, maxLength }: TextSet): readonly string[] {
  const lengths = [Math.max(minLength, 1), minLength, minLength + 1, maxLength, maxLength - 1];
  return [...new Set(lengths)]
    .filter((length) => length >= minLength && length <= maxLength && length <= MAX_PLAIN)
    .map(plainText);
}

function plainText(length: number): string {
  return 'a'.repeat(Math.min(length, MAX_PLAIN));
}

function keyOf({ minLength, maxLength, pattern }: TextSet): readonly unknown[] {
  return [minLength, Number.isFinite(maxLength) ? maxLength : 'any', pattern ?? null];
}

function remembered<Value>(memory: Map<string, Value>, key: string, find: () => Value): Value {
  if (memory.has(key)) return memory.get(key) as Value;
  const value = find();
  if (memory.size < MAX_REMEMBERED) memory.set(key, value);
  return value;
}
