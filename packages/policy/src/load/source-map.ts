import { parsePointer } from '@callgate/canonical';

import type { PolicyLocation } from '../decision.ts';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where each value of a document stands in its text. Empty for documents that have no text. */
export class SourceMap {
  readonly file: string | null;
  readonly #positions: ReadonlyMap<string, Position>;

  constructor(file: string | null, positions: ReadonlyMap<string, Position> = new Map()) {
    this.file = file;
    this.#positions = positions;
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
    const position = this.position(pointer);
    return position === undefined
      ? undefined
      : Object.freeze({ file: this.file ?? 'policy', line: position.line, column: position.column });
  }
}
