import type { Layer } from '../finding.ts';

/** A text to inspect, and the way back to where it stands in the string that the server sent. */
export interface View {
  readonly text: string;
  /** What was undone to read it, outermost first. */
  readonly layers: readonly Layer[];
  /** Whether undoing escapes brought forth what may begin another: then every sort is undone in it once more. */
  readonly isEscapedTwice?: boolean;
  /** The range of the string as it came that `start` to `end` of this text stands for. */
  raw(start: number, end: number): readonly [start: number, end: number];
}

/** The string itself. */
export function wholeView(text: string): View {
  return { text, layers: [], raw: (start, end) => [start, end] };
}

/** A text that stands, as a whole, for one range of another: what base64 hides. */
export function opaqueView(parent: View, layer: Layer, text: string, range: readonly [number, number]): View {
  const raw = parent.raw(range[0], range[1]);
  return { text, layers: [...parent.layers, layer], raw: () => raw };
}

/** A part of another text, read by itself: what a comment holds. */
export function rangeView(parent: View, layer: Layer, [from, to]: readonly [number, number]): View {
  return {
    text: parent.text.slice(from, to),
    layers: [...parent.layers, layer],
    raw: (start, end) => parent.raw(from + start, from + end),
  };
}

/** Builds a text from another piece by piece, and remembers from where each came. What is kept costs the same, however long it is. */
export class MappedText {
  #text = '';
  /** Where each segment begins in the built text, and the range of the other text that it stands for. */
  readonly #places: number[] = [];
  readonly #starts: number[] = [];
  /** {@link KEPT} where each code unit stands for its own. */
  readonly #ends: number[] = [];

  /** Adds `piece`, which stands for `start` to `end` of the other text. */
  add(piece: string, start: number, end: number): void {
    if (piece.length === 1 && end - start === 1) this.#map(start, KEPT);
    else if (piece !== '') this.#map(start, end);
    this.#text += piece;
  }

  /** Adds `start` to `end` of `text` as it is. */
  keep(text: string, start: number, end: number): void {
    if (start >= end) return;
    this.#map(start, KEPT);
    this.#text += text.slice(start, end);
  }

  /** The built text as a view of `parent`, from whose text the pieces came. */
  view(parent: View, layer?: Layer): View {
    const text = this.#text;
    return {
      text,
      layers: layer === undefined ? parent.layers : [...parent.layers, layer],
      raw: (start, end) => {
        const first = text === '' ? 0 : this.#startOf(Math.min(start, text.length - 1));
        return parent.raw(first, end > start ? this.#endOf(end - 1) : first);
      },
    };
  }

  /** A segment that begins where the built text ends now. Those that are kept and follow upon each other are one. */
  #map(start: number, end: number): void {
    const last = this.#places.length - 1;
    const place = this.#text.length;
    const isContinued =
      end === KEPT &&
      this.#ends[last] === KEPT &&
      start - place === (this.#starts[last] ?? 0) - (this.#places[last] ?? 0);
    if (isContinued) return;
    this.#places.push(place);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  /** Where the code unit at `index` of the built text begins in the other. */
  #startOf(index: number): number {
    const segment = this.#segmentOf(index);
    const start = this.#starts[segment] ?? 0;
    return this.#ends[segment] === KEPT ? start + index - (this.#places[segment] ?? 0) : start;
  }

  #endOf(index: number): number {
    const segment = this.#segmentOf(index);
    const end = this.#ends[segment] ?? 0;
    return end === KEPT ? this.#startOf(index) + 1 : end;
  }

  #segmentOf(index: number): number {
    let low = 0;
    let high = this.#places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#places[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const KEPT = -1;
