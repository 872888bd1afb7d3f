import type { KeywordHit } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { ASCII_FEATURES, FEATURES, LONG_RUN, RUN_CHARACTER } from './features.ts';
import { KeywordIndex } from './keyword-index.ts';
import { LOOKALIKE_ALPHABET, WIDE_FEATURES } from './wide-features.ts';

/** What one pass over a text saw. */
export interface TextScan {
  /** Bits of {@link FEATURES}. */
  readonly features: number;
  /** For each owner of keywords, where which are; undefined for none. */
  readonly hits: readonly (readonly KeywordHit[] | undefined)[];
  /** Where runs of at least {@link LONG_RUN} base64 characters start. */
  readonly longRuns: readonly number[];
}

/** What comparing one keyword costs, in fuel. */
const COMPARISON = 4;

/** Reads `text` once: which features it has, and where which keywords are. */
export function scanText(text: string, index: KeywordIndex, fuel: Fuel): TextScan {
  fuel.spend(text.length);
  const { bits } = index;
  const hits: KeywordHit[][] = [];
  const hit = (owner: number, keyword: number, start: number): void => {
    const own = hits[owner];
    if (own === undefined) hits[owner] = [{ keyword, start }];
    else own.push({ keyword, start });
  };
  const longRuns: number[] = [];
  let features = 0;
  let run = 0;
  let gram = 0;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    if (unit < 128) {
      const own = ASCII_FEATURES[unit] ?? 0;
      features |= own;
      if ((own & RUN_CHARACTER) === 0) run = 0;
      else if ((run += 1) === LONG_RUN) longRuns.push(position - LONG_RUN + 1);
    } else {
      features |= wideFeatures(text, position, unit);
      run = 0;
    }
    gram = KeywordIndex.next(gram, unit);
    if (((bits[gram >>> 5] ?? 0) & (1 << (gram & 31))) !== 0) {
      fuel.spend(COMPARISON * index.report(text, position, gram, hit));
    }
  }
  if (longRuns.length > 0) features |= FEATURES.longRun;
  return { features, hits, longRuns };
}

function wideFeatures(text: string, position: number, unit: number): number {
  let features = WIDE_FEATURES[unit] ?? 0;
  if ((features & LOOKALIKE_ALPHABET) !== 0 && touchesAscii(text, position)) features |= FEATURES.mixedScript;
  if ((unit & 0xf800) === 0xd800) features |= surrogateFeatures(text, position, unit);
  return features;
}

function touchesAscii(text: string, position: number): boolean {
  return isAsciiLetter(text.charCodeAt(position - 1)) || isAsciiLetter(text.charCodeAt(position + 1));
}

/** Past the ends of a text the code is NaN, which is no letter. */
function isAsciiLetter(unit: number): boolean {
  const lower = unit | 32;
  return unit < 128 && lower >= 0x61 && lower <= 0x7a;
}

function surrogateFeatures(text: string, position: number, unit: number): number {
  const isHigh = unit < 0xdc00;
  const other = text.charCodeAt(isHigh ? position + 1 : position - 1);
  const isPaired = isHigh ? (other & 0xfc00) === 0xdc00 : (other & 0xfc00) === 0xd800;
  if (!isPaired) return FEATURES.loneSurrogate;
  // Enclosed alphanumerics (U+1F100–U+1F1E5) share their high surrogate with most emoji.
  return isHigh && unit === 0xd83c && other >= 0xdd00 && other < 0xdde6 ? FEATURES.compatibility : 0;
}
