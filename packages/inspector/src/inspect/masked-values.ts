import type { Fuel } from '../fuel.ts';
import type { Edit } from './mask-text.ts';
import { placeholderOf } from './placeholder.ts';

/** Shorter values occur by chance. */
const MIN_LENGTH = 8;

/** How many values are looked for elsewhere. */
const MAX_VALUES = 64;

const MASK = placeholderOf('secrets.copy');

/** The values that were masked in one message, to mask their further copies. They live as long as its inspection. */
export class MaskedValues {
  readonly #values = new Set<string>();

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  add(value: string): void {
    if (value.length >= MIN_LENGTH && this.#values.size < MAX_VALUES) this.#values.add(value);
  }

  /** Where copies of the values stand in `text`. */
  editsOf(text: string, fuel: Fuel): readonly Edit[] {
    const edits: Edit[] = [];
    for (const value of this.#values) {
      if (value.length > text.length) continue;
      // Engines search for a literal many times faster than text is read here.
      fuel.spend(Math.ceil(text.length / 16));
      for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + value.length)) {
        edits.push({ start, end: start + value.length, mask: MASK });
      }
    }
    return edits;
  }
}
