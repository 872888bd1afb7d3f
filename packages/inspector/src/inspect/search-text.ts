import type { Detector, InspectedText, KeywordHit, Match } from '../detector.ts';
import type { Layer, Severity } from '../finding.ts';
import type { Fuel } from '../fuel.ts';
import { FEATURES } from '../scan/features.ts';
import type { KeywordIndex } from '../scan/keyword-index.ts';
import { scanText, type TextScan } from '../scan/scan-text.ts';
import { isPlaceholder } from './placeholder.ts';
import { MAX_LAYERS, hiddenLayers } from '../view/hidden-layers.ts';
import { DISGUISES, plainView } from '../view/plain-view.ts';
import { opaqueView, rangeView, wholeView, type View } from '../view/view.ts';

/** A match, with its place in the string as it came. */
export interface PlacedMatch {
  readonly match: Match;
  readonly detector: Detector;
  readonly start: number;
  readonly end: number;
  readonly layers: readonly Layer[];
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

/** Matches of one string, each once, the worst of equal ones: the text around an escape is read again when the escape is undone. */
class Found {
  readonly matches: PlacedMatch[] = [];
  /** For each rule, and where a match starts, the index of the last of them: most often there is one. */
  readonly #last = new Map<string, Map<number, number>>();
  /** For each match the one of its rule that starts where it does, and came before it; -1 for none. */
  readonly #earlier: number[] = [];

  add(match: PlacedMatch): void {
    const byStart = this.#startsOf(match.match.rule);
    const last = byStart.get(match.start) ?? -1;
    const index = this.#indexOf(match.end, last);
    if (index === -1) {
      byStart.set(match.start, this.matches.length);
      this.#earlier.push(last);
      this.matches.push(match);
      return;
    }
    const known = this.matches[index];
    if (known !== undefined && RANK[match.match.severity] > RANK[known.match.severity]) this.matches[index] = match;
  }

  #startsOf(rule: string): Map<number, number> {
    const known = this.#last.get(rule);
    if (known !== undefined) return known;
    const made = new Map<number, number>();
    this.#last.set(rule, made);
    return made;
  }

  /** Which of the matches that start at one place ends at `end`; -1 for none. */
  #indexOf(end: number, last: number): number {
    let index = last;
    while (index !== -1 && this.matches[index]?.end !== end) index = this.#earlier[index] ?? -1;
    return index;
  }
}

/** @throws {RangeError} when a detector points outside of its text: what it found is unknown then */
function assertRange({ start, end }: Match, text: string): void {
  if (start >= 0 && start <= end && end <= text.length) return;
  throw new RangeError(`match: expected a range within 0 to ${text.length}`);
}

/** What keeping, telling of and masking one match costs, in fuel. */
const MATCH_COST = 256;

const NOTHING: readonly PlacedMatch[] = [];
const NO_HITS: readonly KeywordHit[] = [];
const { longRun, percent, backslash, ampersand } = FEATURES;
/** Every bit: of a detector that is called for every text. */
const ANY = -1;
/** What may hide a layer, or does not read as it is written. */
const LAYERED = longRun | percent | backslash | ampersand | DISGUISES;

/** The features for which a detector is called, keyword or not. */
function featuresAsked({ keywords, features }: Detector): number {
  return features ?? (keywords === undefined ? ANY : 0);
}

/** A detector, which of the owners of keywords it is, and for which features it is called. */
interface OwnedDetector {
  readonly detector: Detector;
  readonly owner: number;
  readonly asked: number;
}

/** What is the same for all views of one string. */
export type TextContext = Pick<InspectedText, 'surface' | 'field' | 'part' | 'isNumber'>;

function isAskedForField({ isAskedForField: isAskedFor }: Detector, { field, part }: TextContext): boolean {
  return isAskedFor !== undefined && part === 'value' && field !== undefined && isAskedFor(field);
}

/** Searches strings by detectors: as they came, in their plain form, and with their layers of encoding undone. */
export class TextSearch {
  readonly #index: KeywordIndex;
  /** Those that read texts as they came, and those that read them in their plain form. */
  readonly #raw: readonly OwnedDetector[];
  readonly #plain: readonly OwnedDetector[];
  /** Features for which any detector is called, or something else is to be read. */
  readonly #asked: number;
  readonly #byField: readonly Detector[];

  /** @param index of the keywords of `detectors`, in their order */
  constructor(detectors: readonly Detector[], index: KeywordIndex) {
    this.#index = index;
    const owned = detectors.map((detector, owner) => ({ detector, owner, asked: featuresAsked(detector) }));
    this.#raw = owned.filter(({ detector }) => detector.isRaw === true);
    this.#plain = owned.filter(({ detector }) => detector.isRaw !== true);
    this.#asked = owned.reduce((all, { asked }) => all | asked, LAYERED);
    this.#byField = detectors.filter(({ isAskedForField: isAsked }) => isAsked !== undefined);
  }

  /** @throws whatever a detector throws, and `OutOfFuel` */
  search(text: string, context: TextContext, fuel: Fuel): readonly PlacedMatch[] {
    const scan = scanText(text, this.#index, fuel);
    if (!this.#isWorthwhile(scan, context)) return NOTHING;
    const found = new Found();
    const view = wholeView(text);
    for (const concealed of run(this.#raw, view, scan, context, fuel, found)) {
      this.#searchView(concealed, context, fuel, found);
    }
    this.#searchView(view, context, fuel, found, scan);
    return found.matches;
  }

  /** Whether anything could be found: most strings have neither keywords nor features that a detector asks for. */
  #isWorthwhile({ features, hits }: TextScan, context: TextContext): boolean {
    if (hits.length > 0 || (features & this.#asked) !== 0 || this.#asked === ANY) return true;
    return this.#byField.some((detector) => isAskedForField(detector, context));
  }

  /** Searches what a view reads as, what it conceals and what is encoded in it. */
  #searchView(view: View, context: TextContext, fuel: Fuel, found: Found, known?: TextScan): void {
    const written = known ?? scanText(view.text, this.#index, fuel);
    if (known === undefined && !this.#isWorthwhile(written, context)) return;
    const plain = plainView(view, written.features, fuel);
    const scan = plain === view ? written : scanText(plain.text, this.#index, fuel);
    for (const concealed of run(this.#plain, plain, scan, context, fuel, found)) {
      this.#searchView(concealed, context, fuel, found);
    }
    for (const layer of hiddenLayers(plain, scan, fuel)) this.#searchView(layer, context, fuel, found);
  }
}

/** Searches a view by some of the detectors. @returns what matches conceal, as views of their own */
function run(
  detectors: readonly OwnedDetector[],
  view: View,
  scan: TextScan,
  context: TextContext,
  fuel: Fuel,
  found: Found,
): readonly View[] {
  const { features, longRuns } = scan;
  const concealed: View[] = [];
  for (const { detector, owner, asked } of detectors) {
    const hits = scan.hits[owner] ?? NO_HITS;
    const isAsked = asked === ANY || hits.length > 0 || (asked & features) !== 0;
    if (!isAsked && !isAskedForField(detector, context)) continue;
    detector.find(
      { ...context, text: view.text, features, hits, longRuns, layers: view.layers },
      (match) => {
        fuel.spend(MATCH_COST);
        assertRange(match, view.text);
        if (isPlaceholder(view.text.slice(match.start, match.end))) return;
        const [start, end] = view.raw(match.start, match.end);
        found.add({ match, detector, start, end, layers: view.layers });
        const { conceals } = match;
        if (conceals !== undefined && view.layers.length < MAX_LAYERS)
          concealed.push(concealedView(view, match, conceals));
      },
      fuel,
    );
  }
  return concealed;
}

function concealedView(view: View, { start, end }: Match, conceals: NonNullable<Match['conceals']>): View {
  return typeof conceals === 'string'
    ? opaqueView(view, 'hidden', conceals, [start, end])
    : rangeView(view, 'hidden', conceals);
}
