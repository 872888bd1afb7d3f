import { parsePointer } from '@callgate/canonical';

import type { PolicyLocation } from '../decision.ts';
import { offsetInText } from './scalar-offset.ts';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text of a document, and where its scalars begin. */
export interface ScalarPlaces {
  readonly text: string;
  /** UTF-16 offsets of the scalars' first characters, quotes and block marks included, by pointer. */
  readonly starts: ReadonlyMap<string, number>;
  positionAt(offset: number): Position;
}

/** Where each value of a document stands in its text. Empty for documents that have no text. */
export class SourceMap {
  readonly file: string | null;
  readonly #positions: ReadonlyMap<string, Position>;

  readonly #scalars: ScalarPlaces | undefined;

  constructor(file: string | null, positions: ReadonlyMap<string, Position> = new Map(), scalars?: ScalarPlaces) {
    this.file = file;
    this.#positions = positions;
    this.#scalars = scalars;
  }

  /**
   * The place of one character of the text at `pointer`, whatever quotes, folds or block it is written in.
   *
   * @param value the text, as it was read
   * @param offset of the character, in UTF-16 code units
   */
  positionIn(pointer: string, value: string, offset: number): Position | undefined {
    const start = this.#scalars?.starts.get(pointer);
    if (this.#scalars === undefined || start === undefined) return this.position(pointer);
    const at = offsetInText(this.#scalars.text, start, value, offset);
    return at === undefined ? this.position(pointer) : this.#scalars.positionAt(at);
  }

  /** The same as a location for explanations; undefined where the document has no text. */
  locationIn(pointer: string, value: string, offset: number): PolicyLocation | undefined {
    return this.#located(this.positionIn(pointer, value, offset));
  }

  /** The place of the value at `pointer`, or of the nearest value around it that has one. */
  position(pointer: string): Position | undefined {
    let current = pointer;
    for (let level = parsePointer(pointer).length; level >= 0; level -= 1) {
      const position = this.#positions.get(current);
      if (position !== undefined) return position;
      current = current.slice(0, Math.max(0, current.lastIndexOf('/')));
    }
    return undefined;
  }

  /** The same as a location for decisions; undefined where the document has no text. */
  location(pointer: string): PolicyLocation | undefined {
    return this.#located(this.position(pointer));
  }

  #located(position: Position | undefined): PolicyLocation | undefined {
    return position === undefined
      ? undefined
      : Object.freeze({ file: this.file ?? 'policy', line: position.line, column: position.column });
  }
}
