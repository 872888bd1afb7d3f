import { Fuel, OutOfFuel } from '../fuel.ts';
import { NO_KEYWORDS } from '../scan/no-keywords.ts';
import { scanText } from '../scan/scan-text.ts';
import { hiddenLayers } from './hidden-layers.ts';
import { wholeView, type View } from './view.ts';

/**
 * The texts that are hidden in texts by an encoding, up to three within each other: base64, hex, percent-encoding, escapes and character references.
 * What takes more work than any message may is left out.
 */
export function decodedTexts(texts: readonly string[]): readonly string[] {
  const found: string[] = [];
  const fuel = new Fuel();
  try {
    for (const text of texts) {
      fuel.allow(text.length);
      decode(wholeView(text), fuel, found);
    }
  } catch (error) {
    if (!(error instanceof OutOfFuel)) throw error;
  }
  return found;
}

function decode(view: View, fuel: Fuel, into: string[]): void {
  const scan = scanText(view.text, NO_KEYWORDS, fuel);
  for (const hidden of hiddenLayers(view, scan, fuel)) {
    into.push(hidden.text);
    decode(hidden, fuel, into);
  }
}
