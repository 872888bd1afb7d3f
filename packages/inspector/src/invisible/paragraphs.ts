import { RIGHT_TO_LEFT } from './scripts.ts';

/** What a paragraph holds that tells whether marks of direction belong in it. */
export interface Paragraph {
  readonly isRightToLeft: boolean;
  /** Whether embeddings and isolates are closed in the paragraph that opens them, and none overrides the order of letters. */
  readonly isBalanced: boolean;
}

const SEPARATOR = /[\n\r\u0085\u2029]/gu;

/** The paragraphs of a text (UAX #9, P1), each read once when it is asked for in rising order. */
export class Paragraphs {
  readonly #text: string;
  #end = -1;
  #current: Paragraph = { isRightToLeft: false, isBalanced: true };

  constructor(text: string) {
    this.#text = text;
  }

  /** The paragraph around `position`, which never falls from one call to the next. */
  at(position: number): Paragraph {
    while (position > this.#end) this.#read(this.#end + 1);
    return this.#current;
  }

  #read(start: number): void {
    SEPARATOR.lastIndex = start;
    this.#end = SEPARATOR.exec(this.#text)?.index ?? this.#text.length;
    let isRightToLeft = false;
    let embedded = 0;
    let isolated = 0;
    let isBalanced = true;
    for (const character of this.#text.slice(start, this.#end)) {
      const point = character.codePointAt(0) ?? 0;
      if (point < 0x590) continue;
      if (RIGHT_TO_LEFT.has(point)) isRightToLeft = true;
      if (point === 0x202a || point === 0x202b) embedded += 1;
      else if (point === 0x202c) embedded -= 1;
      else if (point === 0x202d || point === 0x202e) isBalanced = false;
      else if (point >= 0x2066 && point <= 0x2068) isolated += 1;
      else if (point === 0x2069) isolated -= 1;
      if (embedded < 0 || isolated < 0) isBalanced = false;
    }
    this.#current = { isRightToLeft, isBalanced: isBalanced && embedded === 0 && isolated === 0 };
  }
}
