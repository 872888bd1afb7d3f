import type { JsonValue } from '@callgate/canonical';
import { isJsonArray, isJsonObject } from '@callgate/canonical';

import { shortDigest } from '../call-facts.ts';
import { GRAM_UNITS, gramHashes } from './fingerprints.ts';
import { foldTexts } from './folded-text.ts';

/** Letters and digits of a call's arguments that are looked at. More than that counts as carried: what comes after is not known. */
const MAX_SINK_UNITS = 4_194_304;

/** Places in arguments at which parts sent in turn are joined. The last-used are kept. */
const MAX_PLACES = 64;

/** Of two parts in turn, the grams across their border need so many units of the first. */
const TAIL_UNITS = GRAM_UNITS - 1;

/** What a call sends, as it is looked for in results. */
export interface SinkText {
  /** Hashes of the grams of all texts in turn, and of those that stand in one place. */
  readonly grams: readonly Int32Array[];
  /** The first and last units of each place, by its name. */
  readonly ends: ReadonlyMap<string, Ends>;
  /** Whether all was looked at. */
  readonly complete: boolean;
}

interface Ends {
  readonly head: Uint16Array;
  readonly tail: Uint16Array;
}

/** Where all texts of a call stand as one: parts may be spread over arguments. */
const ALL = '';
/** Texts that hosts found encoded in arguments. */
const DECODED = '+';
/** Names of members, in turn. */
const NAMES = '#';

/**
 * The texts of arguments: strings, numbers and names of members, each in turn and as one; and what the host has decoded of them.
 */
export function sinkTextOf(args: JsonValue, decoded: readonly string[]): SinkText {
  const folder = new Folder();
  collect(args, '', (place, text) => {
    folder.add(place, text);
  });
  const grams = [gramHashes(concat(folder.all))];
  const ends = new Map<string, Ends>();
  addEnds(ends, ALL, folder.all);
  for (const [place, parts] of folder.places) {
    // The grams of a single text are among those of all.
    if (parts.length > 1) grams.push(gramHashes(concat(parts)));
    addEnds(ends, place, parts);
  }
  const others = new Folder();
  for (const text of decoded) others.add(DECODED, text);
  if (decoded.length > 0) grams.push(gramHashes(concat(others.all)));
  addEnds(ends, DECODED, others.all);
  const names = new Folder();
  for (const name of namesOf(args)) names.add(NAMES, name);
  if (names.all.length > 0) grams.push(gramHashes(concat(names.all)));
  addEnds(ends, NAMES, names.all);
  return { grams, ends, complete: folder.complete && others.complete && names.complete };
}

/** Folds each text once: the units of several in turn are those of each. */
class Folder {
  readonly all: Uint16Array[] = [];
  readonly places = new Map<string, Uint16Array[]>();
  complete = true;
  #left = MAX_SINK_UNITS;

  add(place: string, text: string): void {
    const { units, complete } = foldTexts([text], this.#left);
    this.complete &&= complete;
    this.#left -= units.length;
    if (units.length === 0) return;
    this.all.push(units);
    const parts = this.places.get(place);
    if (parts === undefined) this.places.set(place, [units]);
    else parts.push(units);
  }
}

function addEnds(ends: Map<string, Ends>, place: string, parts: readonly Uint16Array[]): void {
  if (parts.length === 0) return;
  const head = concat(parts.slice(0, TAIL_UNITS)).slice(0, TAIL_UNITS);
  ends.set(place, { head, tail: concat(parts.slice(-TAIL_UNITS)).slice(-TAIL_UNITS) });
}

/** All grams of a text, once. */
export function distinctGrams({ grams }: SinkText): ReadonlySet<number> {
  const distinct = new Set<number>();
  for (const hashes of grams) for (const hash of hashes) distinct.add(hash);
  return distinct;
}

/** Visits strings and numbers with the names of the members that lead there: items of one array share a place. */
function collect(value: JsonValue, place: string, visit: (place: string, text: string) => void): void {
  if (typeof value === 'string') visit(place, value);
  else if (typeof value === 'number') visit(place, String(value));
  else if (isJsonArray(value)) for (const item of value) collect(item, place, visit);
  else if (isJsonObject(value))
    for (const [name, member] of Object.entries(value)) collect(member, placeIn(place, name), visit);
}

/** Longer names of places are told by their digests, so that they take no more than the arguments do. */
const MAX_PLACE_LENGTH = 256;

function placeIn(place: string, name: string): string {
  const inner = `${place}/${name}`;
  return inner.length <= MAX_PLACE_LENGTH ? inner : `/${shortDigest(inner)}`;
}

function* namesOf(value: JsonValue): Generator<string> {
  if (isJsonArray(value)) for (const item of value) yield* namesOf(item);
  else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      yield name;
      yield* namesOf(member);
    }
  }
}

/** The last units that went to each sink at each place, so that parts sent in turn add up however short they are. */
export class TailStore {
  #tails = new Map<string, Uint16Array>();

  /** Hashes of the grams across the border between what went before and the text. */
  *joins(sink: string, text: SinkText): Generator<number> {
    for (const [place, { head }] of text.ends) {
      const tail = this.#tails.get(`${sink} ${place}`);
      if (tail !== undefined) yield* gramHashes(concat([tail, head]));
    }
  }

  send(sink: string, text: SinkText): void {
    for (const [place, { tail }] of text.ends) {
      const key = `${sink} ${place}`;
      const joined = concat([this.#tails.get(key) ?? new Uint16Array(0), tail]).slice(-TAIL_UNITS);
      this.#tails.delete(key);
      if (this.#tails.size >= MAX_PLACES) {
        for (const oldest of this.#tails.keys()) {
          this.#tails.delete(oldest);
          break;
        }
      }
      this.#tails.set(key, joined);
    }
  }

  copy(): TailStore {
    const copy = new TailStore();
    copy.#tails = new Map(this.#tails);
    return copy;
  }
}

function concat(parts: readonly Uint16Array[]): Uint16Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint16Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
