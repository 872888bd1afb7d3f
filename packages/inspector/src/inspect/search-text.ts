import type { Detector, InspectedText, KeywordHit, Match } from '../detector.ts';
import type { Layer } from '../finding.ts';
import type { Fuel } from '../fuel.ts';
import { FEATURES } from '../scan/features.ts';
import type { KeywordIndex } from '../scan/keyword-index.ts';
import { scanText, type TextScan } from '../scan/scan-text.ts';
import { isPlaceholder } from './placeholder.ts';
import { hiddenLayers } from '../view/hidden-layers.ts';
import { DISGUISES, plainView } from '../view/plain-view.ts';
import { wholeView, type View } from '../view/view.ts';

/** A match, with its place in the string as it came. */
export interface PlacedMatch {
  readonly match: Match;
  readonly detector: Detector;
  readonly start: number;
  readonly end: number;
  readonly layers: readonly Layer[];
}

/** Matches of one string, each once: the text around an escape is read again when the escape is undone. */
class Found {
  readonly matches: PlacedMatch[] = [];
  readonly #seen = new Set<string>();

  add(match: PlacedMatch): void {
    const key = `${match.match.rule}:${match.start}:${match.end}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.matches.push(match);
  }
}

/** @throws {RangeError} when a detector points outside of its text: what it found is unknown then */
function assertRange({ start, end }: Match, text: string): void {
  if (start >= 0 && start <= end && end <= text.length) return;
  throw new RangeError(`match: expected a range within 0 to ${text.length}`);
}

const NOTHING: readonly PlacedMatch[] = [];
const NO_HITS: readonly KeywordHit[] = [];
const { longRun, percent, backslash, ampersand } = FEATURES;
/** What may hide a layer, or does not read as it is written. */
const LAYERED = longRun | percent | backslash | ampersand | DISGUISES;

function isAsked({ keywords, features: asked }: Detector, features: number): boolean {
  return asked === undefined ? keywords === undefined : (asked & features) !== 0;
}

/** What is the same for all views of one string. */
export type TextContext = Pick<InspectedText, 'surface' | 'field' | 'part' | 'isNumber'>;

function isAskedForField({ isAskedForField: isAskedFor }: Detector, { field, part }: TextContext): boolean {
  return isAskedFor !== undefined && part === 'value' && field !== undefined && isAskedFor(field);
}

/** Searches strings by detectors: as they came, in their plain form, and with their layers of encoding undone. */
export class TextSearch {
  readonly #detectors: readonly Detector[];
  readonly #index: KeywordIndex;

  /** @param index of the keywords of `detectors`, in their order */
  constructor(detectors: readonly Detector[], index: KeywordIndex) {
    this.#detectors = detectors;
    this.#index = index;
  }

  /** @throws whatever a detector throws, and `OutOfFuel` */
  search(text: string, context: TextContext, fuel: Fuel): readonly PlacedMatch[] {
    const scan = scanText(text, this.#index, fuel);
    if (!this.#isWorthwhile(scan, context)) return NOTHING;
    const found = new Found();
    const view = wholeView(text);
    this.#run(view, scan, context, fuel, found, true);
    const plain = plainView(view, scan.features, fuel);
    this.#searchView(plain, plain === view ? scan : scanText(plain.text, this.#index, fuel), context, fuel, found);
    return found.matches;
  }

  /** Whether anything could be found: most strings have neither keywords nor features that a detector asks for. */
  #isWorthwhile({ features, hits }: TextScan, context: TextContext): boolean {
    if (hits.length > 0) return true;
    if ((features & LAYERED) !== 0) return true;
    return this.#detectors.some((detector) => isAsked(detector, features) || isAskedForField(detector, context));
  }

  #searchView(view: View, scan: TextScan, context: TextContext, fuel: Fuel, found: Found): void {
    this.#run(view, scan, context, fuel, found, false);
    for (const layer of hiddenLayers(view, scan, fuel)) {
      this.#searchView(layer, scanText(layer.text, this.#index, fuel), context, fuel, found);
    }
  }

  #run(view: View, scan: TextScan, context: TextContext, fuel: Fuel, found: Found, isRaw: boolean): void {
    const { features, longRuns } = scan;
    this.#detectors.forEach((detector, owner) => {
      if ((detector.isRaw ?? false) !== isRaw) return;
      const hits = scan.hits[owner] ?? NO_HITS;
      if (hits.length === 0 && !isAsked(detector, features) && !isAskedForField(detector, context)) return;
      detector.find(
        { ...context, text: view.text, features, hits, longRuns, layers: view.layers },
        (match) => {
          assertRange(match, view.text);
          if (isPlaceholder(view.text.slice(match.start, match.end))) return;
          const [start, end] = view.raw(match.start, match.end);
          found.add({ match, detector, start, end, layers: view.layers });
        },
        fuel,
      );
    });
  }
}
