import type { Fuel } from '../fuel.ts';
import { FEATURES } from '../scan/features.ts';
import type { TextScan } from '../scan/scan-text.ts';
import { decodeBase64, decodeHex } from './decode-run.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { opaqueView, type View } from './view.ts';

/** How many encodings within each other are undone; what lies deeper stays as it is. */
export const MAX_LAYERS = 3;

/**
 * The texts that are hidden in a text by an encoding: base64 and base64url, hex, percent-encoding, escapes of programming languages and
 * character references of HTML. Only what decodes to text is returned.
 */
export function hiddenLayers(view: View, scan: TextScan, fuel: Fuel): Iterable<View> {
  const isPlain = (scan.features & ENCODED) === 0 || view.layers.length >= MAX_LAYERS;
  return isPlain ? NOTHING : decodedLayers(view, scan, fuel);
}

const NOTHING: readonly View[] = Object.freeze([]);

function* decodedLayers(view: View, scan: TextScan, fuel: Fuel): Generator<View> {
  if ((scan.features & FEATURES.longRun) !== 0) yield* runs(view, scan.longRuns, fuel);
  for (const [index, [feature, layer]] of ESCAPES.entries()) {
    if ((scan.features & feature) !== 0 && isNext(view, index)) yield* decodeEscapes(view, layer, fuel);
  }
}

const ESCAPES = [
  [FEATURES.percent, 'percent'],
  [FEATURES.backslash, 'escape'],
  [FEATURES.ampersand, 'entity'],
] as const;

/** The features of what may hide something. */
const ENCODED = FEATURES.longRun | FEATURES.percent | FEATURES.backslash | FEATURES.ampersand;

/** Each combination of sorts is undone in one order: three sorts in one text are seven views of it, not fifteen. */
function isNext(view: View, index: number): boolean {
  if (view.isEscapedTwice === true) return true;
  return ESCAPES.findIndex(([, layer]) => layer === view.layers.at(-1)) < index;
}

/** A run of base64 characters; then one that goes on over lines of equal alphabet, as MIME wraps it. */
const RUN = /[A-Za-z0-9+/_-]+={0,2}/uy;
const WRAPPED = /[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]{4,})+={0,2}/uy;
const HEX = /^(?:0x)?(?:[0-9a-f]{2})+$/iu;

function* runs(view: View, starts: readonly number[], fuel: Fuel): Generator<View> {
  let done = 0;
  for (const start of starts) {
    if (start < done) continue;
    const wrapped = runAt(WRAPPED, view.text, start, fuel);
    const found = wrapped === '' ? undefined : decoded(wrapped.replaceAll(/\r?\n/gu, ''));
    if (found !== undefined) {
      done = start + wrapped.length;
      yield opaqueView(view, found.layer, found.text, [start, done]);
      continue;
    }
    const run = runAt(RUN, view.text, start, fuel);
    const alone = decoded(run);
    if (alone !== undefined) yield opaqueView(view, alone.layer, alone.text, [start, start + run.length]);
  }
}

function runAt(pattern: RegExp, text: string, start: number, fuel: Fuel): string {
  pattern.lastIndex = start;
  const run = pattern.exec(text)?.[0] ?? '';
  fuel.spend(run.length);
  return run;
}

function decoded(run: string): { readonly layer: 'hex' | 'base64'; readonly text: string } | undefined {
  const hex = HEX.test(run) ? decodeHex(run) : undefined;
  if (hex !== undefined) return { layer: 'hex', text: hex };
  const base64 = decodeBase64(run);
  return base64 === undefined ? undefined : { layer: 'base64', text: base64 };
}
