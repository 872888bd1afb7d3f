import type { KeywordHit } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { ASCII_LETTER, FEATURES, LONG_RUN, LOOKALIKE_ALPHABET, RUN_CHARACTER_BIT, SURROGATE } from './features.ts';
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
 * Reads `text` once: which features it has, and where which keywords are. What few texts need is read in a pass of its own, so that
 * the others do not pay for it. Measured (bench/inspect.ts): 4 ns for a code unit.
 */
export function scanText(text: string, index: KeywordIndex, fuel: Fuel): TextScan {
  fuel.spend(text.length);
  const { bits } = index;
  const table = WIDE_FEATURES;
  let hits: KeywordHit[][] | undefined;
  const hit = (owner: number, keyword: number, start: number): void => {
    hits ??= [];
    const own = hits[owner];
    if (own === undefined) hits[owner] = [{ keyword, start }];
    else own.push({ keyword, start });
  };
  let longRuns: number[] | undefined;
  let features = 0;
  let run = 0;
  let gram = 0;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    const own = table[unit] ?? 0;
    features |= own;
    // No branch, which the ends of words would mispredict: the mask is all ones where the character may stand in a run, else 0.
    run = (run + 1) & ((own << (31 - RUN_CHARACTER_BIT)) >> 31);
    if (run === LONG_RUN) (longRuns ??= []).push(position - LONG_RUN + 1);
    gram = KeywordIndex.next(gram, unit);
    if (((bits[gram >>> 5] ?? 0) & (1 << (gram & 31))) !== 0) {
      fuel.spend(COMPARISON * index.report(text, position, gram, hit));
    }
  }
  if ((features & SURROGATE) !== 0) features |= surrogateFeatures(text);
  if (longRuns !== undefined) features |= FEATURES.longRun;
  if ((features & ASCII_LETTER) !== 0 && (features & LOOKALIKE_ALPHABET) !== 0 && mixesScripts(text)) {
    features |= FEATURES.mixedScript;
  }
  return { features, hits: hits ?? NONE, longRuns: longRuns ?? NONE };
}

/** Whether a letter of ASCII stands beside one of an alphabet with letters that look like it. */
function mixesScripts(text: string): boolean {
  let pairs = 0;
  let before = 0;
  for (let position = 0; position < text.length; position += 1) {
    const own = WIDE_FEATURES[text.charCodeAt(position)] ?? 0;
    pairs |= (before & (own << 1)) | ((before << 1) & own);
    before = own;
  }
  return (pairs & ASCII_LETTER) !== 0;
}

/** What halves of surrogate pairs make of a text: one alone, or a letter in a box. */
function surrogateFeatures(text: string): number {
  let features = 0;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    if ((unit & 0xf800) === 0xd800) features |= featuresOfHalf(text, position, unit);
  }
  return features;
}

function featuresOfHalf(text: string, position: number, unit: number): number {
  const isHigh = unit < 0xdc00;
  const other = text.charCodeAt(isHigh ? position + 1 : position - 1);
  const isPaired = isHigh ? (other & 0xfc00) === 0xdc00 : (other & 0xfc00) === 0xd800;
  if (!isPaired) return FEATURES.loneSurrogate;
  // Enclosed alphanumerics (U+1F100–U+1F1E5) share their high surrogate with most emoji.
  return isHigh && unit === 0xd83c && other >= 0xdd00 && other < 0xdde6 ? FEATURES.compatibility : 0;
}
