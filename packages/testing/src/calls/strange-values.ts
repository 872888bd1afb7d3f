import type { JsonValue } from '@callgate/canonical';

import type { Random } from '../random.ts';

/** In what way a made call is, or is not, as its schema says. */
export type CallVariant =
  /** Every argument is as the schema says. */
  | 'valid'
  /** One value is at, or just beyond, a bound. */
  | 'boundary'
  /** One value has another type. */
  | 'wrong-type'
  /** A number is given as text, or a text as a number, a list of one, or the like. */
  | 'disguised'
  /** One required member is missing. */
  | 'missing'
  /** There is a member that the schema does not name. */
  | 'extra'
  /** There is a member with a name that JavaScript objects have anyway. */
  | 'prototype-key'
  /** A character of a text is replaced by one that looks alike, or an invisible one is put in. */
  | 'look-alike'
  /** A number, text or list is enormous. */
  | 'huge'
  /** A text means everything: `*`, `%`, `..`. */
  | 'wildcard';

/** Values one of each JSON type. */
export const OTHER_TYPES: readonly JsonValue[] = Object.freeze([
  null,
  true,
  0,
  '',
  Object.freeze([]),
  Object.freeze({}),
]);

/** Names that objects of JavaScript have anyway. */
export const PROTOTYPE_KEYS: readonly string[] = Object.freeze([
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
]);

/** Texts that many servers take for everything, or for somewhere else. */
export const WILDCARDS: readonly string[] = Object.freeze(['*', '%', '', '.*', '**', '..', '../..', '/', 'all', 'any']);

/** Numbers at the ends of what JSON and its readers can say. */
const HUGE_NUMBERS: readonly number[] = Object.freeze([
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e21,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MIN_VALUE,
]);

// Latin letters and what looks like them: Cyrillic, Greek, fullwidth
const LOOK_ALIKES: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['\u0430', '\uff41']],
  ['c', ['\u0441']],
  ['e', ['\u0435', '\uff45']],
  ['i', ['\u0456', '\u0131']],
  ['o', ['\u043e', '\u03bf']],
  ['p', ['\u0440']],
  ['s', ['\u0455', '\u017f']],
  ['x', ['\u0445']],
  ['y', ['\u0443']],
  ['-', ['\u2010', '\u2212']],
  ['.', ['\u3002', '\uff0e']],
  ['/', ['\u2215', '\uff0f']],
  ['1', ['\uff11']],
]);

const INVISIBLE: readonly string[] = ['\u200b', '\u200d', '\u2060', '\u00ad', '\u202e', '\u{e0041}', '\u0000'];

/** A text that looks the same and is not. */
export function lookAlikeOf(text: string, random: Random): string {
  const characters = Array.from(text);
  const replaceable = characters.flatMap((character, index) =>
    LOOK_ALIKES.has(character.toLowerCase()) ? [index] : [],
  );
  const at = random.pick(replaceable);
  if (at === undefined || random.oneIn(3)) {
    const place = random.below(characters.length + 1);
    return [...characters.slice(0, place), random.pick(INVISIBLE) ?? '', ...characters.slice(place)].join('');
  }
  const other = random.pick(LOOK_ALIKES.get((characters[at] ?? '').toLowerCase()) ?? []) ?? '';
  return characters.map((character, index) => (index === at ? other : character)).join('');
}

/** The same to a careless reader: as text, in a list, with spaces around it. */
export function disguisesOf(value: JsonValue): readonly JsonValue[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return [
    ...(typeof value === 'string' ? [` ${value}`, `${value}\n`, value.toUpperCase()] : [text, ` ${text}`, `${text}.0`]),
    [value],
    { value },
    ...(Number.isFinite(number) && value !== '' ? [number] : []),
  ];
}

const HUGE_LENGTH = 5000;

/** Enormous values of the type of a value. */
export function hugeOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'number') return HUGE_NUMBERS;
  if (typeof value === 'string') return [(value || 'a').repeat(Math.ceil(HUGE_LENGTH / (value.length || 1)))];
  if (Array.isArray(value)) return [Array.from({ length: HUGE_LENGTH }, () => (value as readonly JsonValue[])[0] ?? 0)];
  return [];
}
