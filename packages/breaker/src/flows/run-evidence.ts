import { COMMON_GRAMS } from './common-texts.ts';
import { GRAM_UNITS, type Fingerprints } from './fingerprints.ts';
import type { TokenPlace } from './folded-text.ts';
import { TailStore, type SinkText } from './sink-text.ts';

/**
 * Letters and digits in a row that count as carried. Measured (bench/fingerprints.ts): what unrelated ordinary texts share is shorter, a
 * secret of 40 characters is not.
 */
export const MIN_RUN_UNITS = 36;

/** Of a token that is longer, a part of so many units counts as the token. */
const MIN_TOKEN_PART_UNITS = 20;

/** Share of a short result that counts as carried in pieces of whatever length and order, together {@link MIN_RUN_UNITS}. */
const MIN_SHARE = 0.5;

/** Units that may be missing between two pieces of one run: a letter changed or put in between. */
const MAX_GAP_UNITS = 2;

/** Grams kept for one run; the oldest results make room. */
export const MAX_RUN_GRAMS = 65_536;

const MAX_SOURCES = 1024;

/** Sinks whose parts are added up apart; what goes to others is added to the last. */
const MAX_SINKS = 16;

/** A result whose parts are known. Never changed, shared by copies. */
export interface Source {
  /** The gate's id of the call. */
  readonly call: string;
  readonly labels: readonly string[];
  /** The runs it was read in, innermost first. */
  readonly runs: readonly string[];
  readonly units: number;
  readonly window: number;
  readonly hashes: Int32Array;
  readonly starts: Uint32Array;
  readonly tokens: readonly TokenPlace[];
}

/** A source, and the number of its first gram among all of its run. */
interface Placed {
  readonly first: number;
  readonly source: Source;
}

/** What was found of a result in what a call sends. */
export interface Carried {
  /** The gate's id of the call whose result it is. */
  readonly call: string;
  readonly labels: readonly string[];
  /** Letters and digits of it that were found, with what was sent to the same sink before. */
  readonly units: number;
  /** Letters and digits of the result. */
  readonly ofUnits: number;
  /** A whole token of it was found. */
  readonly token: boolean;
}

/** The source that fingerprints make, without what the call itself had in its arguments and what everybody says. */
export function sourceOf(
  call: string,
  labels: readonly string[],
  runs: readonly string[],
  fingerprints: Fingerprints,
  known: ReadonlySet<number>,
): Source {
  const hashes: number[] = [];
  const starts: number[] = [];
  for (const [index, hash] of fingerprints.hashes.entries()) {
    const start = fingerprints.starts[index];
    if (start === undefined || hashes.length === MAX_RUN_GRAMS || known.has(hash) || COMMON_GRAMS.has(hash)) continue;
    hashes.push(hash);
    starts.push(start);
  }
  const { units, window, tokens } = fingerprints;
  return {
    call,
    labels,
    runs,
    units,
    window,
    hashes: Int32Array.from(hashes),
    starts: Uint32Array.from(starts),
    tokens,
  };
}

/**
 * The results of a run whose parts must not leave it, and which parts of them have gone to which sink.
 *
 * A gram belongs to the newest result that has it. What was sent is remembered by gram, so that reading a result again does not make what
 * was sent of it unseen. Bounded by {@link MAX_RUN_GRAMS}: the oldest results are forgotten, each of their grams in constant time.
 */
export class RunEvidence {
  readonly #maxGrams: number;
  #placed: Placed[] = [];
  /** The gram's hash → its number. */
  #index = new Map<number, number>();
  /** Sink → the grams that went to it. */
  #sent = new Map<string, Set<number>>();
  #tails = new TailStore();
  /** Texts that were counted as sent: several controls may say so of one call. */
  readonly #counted = new WeakMap<SinkText, Set<string>>();
  #next = 0;
  #grams = 0;

  constructor(maxGrams: number = MAX_RUN_GRAMS) {
    this.#maxGrams = maxGrams;
  }

  /** How many grams are kept. */
  get grams(): number {
    return this.#grams;
  }

  get sources(): readonly Source[] {
    return this.#placed.map(({ source }) => source);
  }

  add(source: Source): void {
    // What is larger than all that may be kept would only push the others out.
    if (source.hashes.length === 0 || source.hashes.length > this.#maxGrams) return;
    while (this.#placed.length === MAX_SOURCES || this.#grams + source.hashes.length > this.#maxGrams)
      this.#forgetOldest();
    const first = this.#next;
    this.#next += source.hashes.length;
    this.#grams += source.hashes.length;
    this.#placed.push({ first, source });
    for (const [at, hash] of source.hashes.entries()) this.#index.set(hash, first + at);
  }

  /** Forgets the results for which `lifted` says so. */
  lift(lifted: (source: Source) => Source | undefined): void {
    const sent = this.#sent;
    const kept = this.#placed.flatMap(({ source }) => lifted(source) ?? []);
    this.#placed = [];
    this.#index = new Map();
    this.#sent = new Map();
    this.#next = 0;
    this.#grams = 0;
    for (const source of kept) this.add(source);
    for (const [sink, hashes] of sent) {
      this.#sent.set(sink, new Set([...hashes].filter((hash) => this.#index.has(hash))));
    }
  }

  /** What the text carries of results, most first, if it goes to the sink. Changes nothing. */
  find(sink: string, text: SinkText): readonly Carried[] {
    if (this.#grams === 0) return [];
    const now = this.#hits(sink, text);
    if (now.size === 0) return [];
    const before = this.#sent.get(this.#sinkName(sink)) ?? new Set();
    const isSent = (hash: number): boolean => now.has(hash) || before.has(hash);
    const touched = new Map<Placed, number[]>();
    for (const hash of now) {
      const number = this.#index.get(hash) ?? 0;
      const placed = this.#placedOf(number);
      const numbers = touched.get(placed);
      if (numbers === undefined) touched.set(placed, [number - placed.first]);
      else numbers.push(number - placed.first);
    }
    return [...touched]
      .flatMap(([{ source }, ordinals]) => carriedOf(source, ordinals, isSent) ?? [])
      .toSorted((left, right) => right.units - left.units);
  }

  /** The text goes to the sink. */
  send(sink: string, text: SinkText): void {
    if (this.#grams === 0) return;
    const name = this.#sinkName(sink);
    const counted = this.#counted.get(text) ?? new Set();
    if (counted.has(name)) return;
    this.#counted.set(text, counted.add(name));
    const hits = this.#hits(sink, text);
    const sent = this.#sent.get(name) ?? new Set();
    for (const hash of hits) sent.add(hash);
    if (sent.size > 0) this.#sent.set(name, sent);
    this.#tails.send(name, text);
  }

  copy(): RunEvidence {
    const copy = new RunEvidence(this.#maxGrams);
    copy.#placed = [...this.#placed];
    copy.#index = new Map(this.#index);
    copy.#sent = new Map([...this.#sent].map(([sink, hashes]) => [sink, new Set(hashes)]));
    copy.#tails = this.#tails.copy();
    copy.#next = this.#next;
    copy.#grams = this.#grams;
    return copy;
  }

  /** The grams that went to each sink. */
  get sent(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#sent;
  }

  /** The evidence that {@link sources} and {@link sent} tell of. */
  static of(sources: readonly Source[], sent: ReadonlyMap<string, Iterable<number>>): RunEvidence {
    const evidence = new RunEvidence();
    for (const source of sources) evidence.add(source);
    for (const [sink, hashes] of sent) {
      const name = evidence.#sinkName(sink);
      const kept = evidence.#sent.get(name) ?? new Set();
      for (const hash of hashes) if (evidence.#index.has(hash)) kept.add(hash);
      if (kept.size > 0) evidence.#sent.set(name, kept);
    }
    return evidence;
  }

  #sinkName(sink: string): string {
    if (this.#sent.has(sink) || this.#sent.size < MAX_SINKS) return sink;
    return [...this.#sent.keys()].at(-1) ?? sink;
  }

  #hits(sink: string, text: SinkText): ReadonlySet<number> {
    const hits = new Set<number>();
    const look = (hash: number): void => {
      if (this.#index.has(hash)) hits.add(hash);
    };
    for (const hashes of text.grams) for (const hash of hashes) look(hash);
    for (const hash of this.#tails.joins(this.#sinkName(sink), text)) look(hash);
    return hits;
  }

  #forgetOldest(): void {
    const oldest = this.#placed.shift();
    if (oldest === undefined) return;
    const { first, source } = oldest;
    this.#grams -= source.hashes.length;
    for (const [at, hash] of source.hashes.entries()) {
      if (this.#index.get(hash) !== first + at) continue;
      this.#index.delete(hash);
      for (const hashes of this.#sent.values()) hashes.delete(hash);
    }
  }

  /** The source that the gram of this number is of: the last that begins at or before it. */
  #placedOf(number: number): Placed {
    let low = 0;
    let high = this.#placed.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      // INVARIANT: both are places of the list.
      if ((this.#placed[middle] as Placed).first <= number) low = middle;
      else high = middle - 1;
    }
    return this.#placed[low] as Placed;
  }
}

/** What was found of a source, given the grams that were just found in it; undefined where it is too little to tell. */
function carriedOf(
  source: Source,
  ordinals: readonly number[],
  isSent: (hash: number) => boolean,
): Carried | undefined {
  let units = 0;
  let token = false;
  let longest = 0;
  let until = -1;
  for (const ordinal of ordinals.toSorted((left, right) => left - right)) {
    if (ordinal <= until) continue;
    const run = runAround(source, ordinal, isSent);
    until = run.until;
    units += run.units;
    longest = Math.max(longest, run.units);
    token ||= hasToken(source.tokens, run.start, run.end);
  }
  const inPieces = pieces(source, isSent);
  const enough =
    token || longest >= minRun(source) || (inPieces >= MIN_RUN_UNITS && inPieces >= source.units * MIN_SHARE);
  if (!enough) return undefined;
  return { call: source.call, labels: source.labels, units: Math.max(units, inPieces), ofUnits: source.units, token };
}

/** Of a long result not every gram is kept: up to a window less one may be missing at either end. */
function minRun({ window }: Source): number {
  return Math.max(24, MIN_RUN_UNITS - 2 * (window - 1));
}

interface Run {
  readonly start: number;
  readonly end: number;
  readonly units: number;
  /** The ordinal of its last gram. */
  readonly until: number;
}

/** The grams around one that went too, with next to nothing missing between. */
function runAround(source: Source, ordinal: number, isSent: (hash: number) => boolean): Run {
  const { hashes, starts, window } = source;
  const gap = MAX_GAP_UNITS + 2 * (window - 1);
  const startOf = (at: number): number => starts[at] as number;
  const isSentAt = (at: number): boolean => isSent(hashes[at] as number);
  let start = startOf(ordinal);
  let end = start + GRAM_UNITS;
  let units = GRAM_UNITS;
  let whole = ordinal;
  for (let at = ordinal - 1; at >= 0 && startOf(at) + GRAM_UNITS + gap >= start; at -= 1) {
    if (!isSentAt(at)) continue;
    units +=
      whole === at + 1 && start - startOf(at) <= window
        ? start - startOf(at)
        : Math.min(GRAM_UNITS, start - startOf(at));
    start = startOf(at);
    whole = at;
  }
  let until = ordinal;
  for (let at = ordinal + 1; at < hashes.length && startOf(at) <= end + gap; at += 1) {
    if (!isSentAt(at)) continue;
    const next = startOf(at) + GRAM_UNITS;
    units += until === at - 1 && next - end <= window ? next - end : Math.min(GRAM_UNITS, next - end);
    end = next;
    until = at;
  }
  return { start, end, units, until };
}

/** Whether a run covers a token, or enough of a long one. */
function hasToken(tokens: readonly TokenPlace[], start: number, end: number): boolean {
  // The first token that ends after the run begins; tokens do not overlap.
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tokens[middle] as TokenPlace).end <= start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < tokens.length; at += 1) {
    const token = tokens[at] as TokenPlace;
    if (token.start >= end) return false;
    const covered = Math.min(end, token.end) - Math.max(start, token.start);
    if (covered >= Math.min(token.end - token.start, MIN_TOKEN_PART_UNITS)) return true;
  }
  return false;
}

/** Units of a short source that went, in pieces of whatever length: 0 for a long one, which chance finds pieces of. */
function pieces({ hashes, starts, units }: Source, isSent: (hash: number) => boolean): number {
  if (units > MAX_PIECEWISE_UNITS) return 0;
  let covered = 0;
  let end = 0;
  for (let at = 0; at < hashes.length; at += 1) {
    if (!isSent(hashes[at] as number)) continue;
    const start = starts[at] as number;
    covered += start + GRAM_UNITS - Math.max(start, end);
    end = start + GRAM_UNITS;
  }
  return covered;
}

const MAX_PIECEWISE_UNITS = 2048;
