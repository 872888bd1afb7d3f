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

/** Builds a text from another piece by piece, and remembers from where each code unit came. */
export class MappedText {
  #text = '';
  #starts: Uint32Array;
  #ends: Uint32Array;

  constructor(capacity: number) {
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
  }

  /** Adds `piece`, which stands for `start` to `end` of the other text. */
  add(piece: string, start: number, end: number): void {
    const from = this.#text.length;
    const to = from + piece.length;
    if (to > this.#starts.length) this.#grow(to);
    this.#starts.fill(start, from, to);
    this.#ends.fill(end, from, to);
    this.#text += piece;
  }

  /** Adds `start` to `end` of `text` as it is. */
  keep(text: string, start: number, end: number): void {
    const from = this.#text.length;
    const to = from + end - start;
    if (to > this.#starts.length) this.#grow(to);
    for (let index = 0; index < end - start; index += 1) {
      this.#starts[from + index] = start + index;
      this.#ends[from + index] = start + index + 1;
    }
    this.#text += text.slice(start, end);
  }

  /** The built text as a view of `parent`, from whose text the pieces came. */
  view(parent: View, layer?: Layer): View {
    const text = this.#text;
    const starts = this.#starts;
    const ends = this.#ends;
    return {
      text,
      layers: layer === undefined ? parent.layers : [...parent.layers, layer],
      raw: (start, end) => {
        const first = starts[Math.min(start, text.length - 1)] ?? 0;
        const last = end > start ? (ends[end - 1] ?? first) : first;
        return parent.raw(first, last);
      },
    };
  }

  #grow(atLeast: number): void {
    const capacity = Math.max(atLeast, this.#starts.length * 2);
    this.#starts = grown(this.#starts, capacity);
    this.#ends = grown(this.#ends, capacity);
  }
}

function grown(array: Uint32Array, capacity: number): Uint32Array {
  const copy = new Uint32Array(capacity);
  copy.set(array);
  return copy;
}
