import { parsePointer } from '@callgate/canonical';

import type { PolicyLocation } from '../decision.ts';
import { offsetInText } from './scalar-offset.ts';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a value of a text stands, and what is in it. Offsets count UTF-16 code units; -1 where a place is not known. */
export interface PlaceTree {
  /** Of its key, or of itself where it has none. */
  readonly offset: number;
  /** Of the first character of a text, quotes and block marks included; -1 for what is no text. */
  readonly start: number;
  readonly members?: ReadonlyMap<string, PlaceTree>;
  readonly items?: readonly PlaceTree[];
}

/** The text of a document, and where in it things stand. */
export interface SourcePlaces {
  readonly text: string;
  readonly root: PlaceTree;
  positionAt(offset: number): Position;
}

/** Where each value of a document stands in its text. Empty for documents that have no text. */
export class SourceMap {
  readonly file: string | null;
  readonly #places: SourcePlaces | undefined;

  constructor(file: string | null, places?: SourcePlaces) {
    this.file = file;
    this.#places = places;
  }

  /**
   * The place of one character of the text at `pointer`, whatever quotes, folds or block it is written in.
   *
   * @param value the text, as it was read
   * @param offset of the character, in UTF-16 code units
   */
  positionIn(pointer: string, value: string, offset: number): Position | undefined {
    const places = this.#places;
    const tokens = parsePointer(pointer);
    const path = placesOf(places, tokens);
    const start = path.length > tokens.length ? (path.at(-1)?.start ?? -1) : -1;
    const at = places === undefined || start < 0 ? undefined : offsetInText(places.text, start, value, offset);
    return at === undefined ? this.position(pointer) : places?.positionAt(at);
  }

  /** The same as a location for explanations; undefined where the document has no text. */
  locationIn(pointer: string, value: string, offset: number): PolicyLocation | undefined {
    return this.#located(this.positionIn(pointer, value, offset));
  }

  /** The place of the value at `pointer`, or of the nearest value around it that has one. */
  position(pointer: string): Position | undefined {
    const tokens = parsePointer(pointer);
    const known = placesOf(this.#places, tokens).findLast((place) => place.offset >= 0);
    return known === undefined ? undefined : this.#places?.positionAt(known.offset);
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

/** The places from the root on to the value that the tokens lead to, as far as there are any. */
function placesOf(places: SourcePlaces | undefined, tokens: readonly string[]): readonly PlaceTree[] {
  if (places === undefined) return [];
  const path = [places.root];
  let place: PlaceTree | undefined = places.root;
  for (const token of tokens) {
    place = memberOf(place, token);
    if (place === undefined) break;
    path.push(place);
  }
  return path;
}

function memberOf({ members, items }: PlaceTree, token: string): PlaceTree | undefined {
  if (members !== undefined) return members.get(token);
  const index = Number(token);
  // RFC 6901 §4: array indices are digits without leading zeros
  return String(index) === token ? items?.[index] : undefined;
}
