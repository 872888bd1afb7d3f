import { UTF8 } from '../internal/text-decoder.ts';
import { TAG, VARIATION, classOf } from './character-class.ts';
import { looksLikeText } from './looks-like-text.ts';
import { decodeSymbols } from './symbol-codes.ts';

/** How many invisible characters are decoded; what more there are is removed like the rest. */
const MAX_POINTS = 65_536;

/** Collects the characters that show nothing in one text, in order, and reads what they spell. */
export class HiddenText {
  readonly #tags: number[] = [];
  readonly #others: number[] = [];

  add(points: readonly number[]): void {
    for (const point of points) {
      const into = classOf(point) === TAG ? this.#tags : this.#others;
      if (into.length < MAX_POINTS) into.push(point);
    }
  }

  /** What tag characters spell: each is an ASCII character behind U+E0000. */
  tags(): string | undefined {
    const text = this.#tags
      .map((point) => point - 0xe0000)
      .filter((code) => code >= 0x20 && code < 0x7f)
      .map((code) => String.fromCharCode(code))
      .join('');
    return text.length > 1 ? text : undefined;
  }

  /** What the rest spells: a byte in each variation selector, or bits and digits in a few characters. */
  others(): string | undefined {
    return variationText(this.#others) ?? decodeSymbols(this.#others);
  }
}

/** The text whose UTF-8 bytes variation selectors 1–256 stand for. The first may belong to the emoji that carries them. */
function variationText(points: readonly number[]): string | undefined {
  const selectors = points.filter((point) => classOf(point) === VARIATION);
  const bytes = Uint8Array.from(selectors, (point) => (point < 0xe0100 ? point - 0xfe00 : point - 0xe0100 + 16));
  return utf8Text(bytes) ?? utf8Text(bytes.subarray(1));
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    const text = UTF8.decode(bytes);
    return looksLikeText(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
