import type { JsonObject, JsonValue } from '@callgate/canonical';

import { typeMask } from '../envelope/type-mask.ts';
import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { additionalOf, listedValues, numbersOf, textsOf } from './check-sets.ts';
import { distinct, interleave } from './distinct-values.ts';
import { listOf, MAX_ITEMS, withItem } from './list-items.ts';
import { numbersAround } from './number-set.ts';
import { freeName, withMember, withoutMember } from './object-members.ts';
import type { TextSearcher } from './text-search.ts';

const MAX_TEXT = 20_000;

const SHOWN_LISTED = 32;

const BOOLEAN = typeMask(['boolean']);

const NULL = typeMask(['null']);

const NUMBERS = typeMask(['number', 'integer']);

const STRING = typeMask(['string']);

const ARRAY = typeMask(['array']);

const OBJECT = typeMask(['object']);

/** Values that pass, plain ones first, at most 64. Empty where nothing passes, or where none was found. */
export function samplesOf(check: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  return texts.remember(check, () => distinct(candidatesOf(check, texts).filter((value) => accepts(check, value))));
}

/** Values at and just beyond every bound, whether they pass or not, at most 64. */
export function probesOf(check: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  const candidates = candidatesOf(check, texts);
  const failing = candidates.filter((value) => !accepts(check, value));
  const passing = candidates.filter((value) => accepts(check, value));
  return distinct(interleave(failing, passing));
}

/** Values one of each type: what fails where only the type is at fault. */
const PLAIN: readonly JsonValue[] = Object.freeze(['', 'a', 0, 1.5, true, null, Object.freeze([]), Object.freeze({})]);

function candidatesOf(check: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  const listed = listedValues(check);
  if (listed !== undefined)
    return [...listed.slice(0, SHOWN_LISTED), ...listed.slice(-1).flatMap(variantsOf), ...PLAIN];
  if (check.kind !== undefined) return [...valuesOfKind(check.kind), ...PLAIN];
  const lists: (readonly JsonValue[])[] = [];
  if (check.types & STRING) lists.push(textCandidates(check, texts));
  if (check.types & NUMBERS) lists.push(numbersAround(numbersOf(check)));
  if (check.types & ARRAY) lists.push(arrayCandidates(check, texts));
  if (check.types & OBJECT) lists.push(objectCandidates(check.object, texts));
  if (check.types & BOOLEAN) lists.push([true, false]);
  if (check.types & NULL) lists.push([null]);
  return [...interleave(...lists), ...PLAIN];
}

/** A kind that throws has a defect, and gives nothing. */
function valuesOfKind(kind: NonNullable<ValueCheck['kind']>): readonly JsonValue[] {
  try {
    return interleave(kind.samples(), kind.probes());
  } catch {
    return [];
  }
}

/** Values near a listed one that are not it. */
function variantsOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'string') return [`${value}x`, value.toUpperCase(), value.slice(1)];
  if (typeof value === 'number') return [value + 1, value - 1];
  return [];
}

function textCandidates(check: ValueCheck, texts: TextSearcher): readonly string[] {
  const set = textsOf(check);
  const samples = texts.samples(set);
  const [first = 'a'] = samples;
  const lengths = [set.minLength, set.maxLength, set.minLength - 1, set.maxLength + 1];
  const last = samples.at(-1) ?? first;
  const padded = lengths.flatMap((length) =>
    length >= 0 && length <= MAX_TEXT ? [padTo(first, length), padTo(last, length)] : [],
  );
  return [...samples, ...padded, `${first} `, `${first}\n`, ` ${first}`, first.toUpperCase(), 'x', '*', '../x'];
}

/** The text cut, or with its last character again and again, to a length in code points. */
function padTo(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length >= length) return characters.slice(0, length).join('');
  return text + (characters.at(-1) ?? 'a').repeat(length - characters.length);
}

function objectCandidates(check: ObjectCheck | undefined, texts: TextSearcher): readonly JsonValue[] {
  return check === undefined ? [{}, { a: 1 }] : [...variedObjects(check, texts)];
}

const MAX_VARIANTS = 24;

/** A passing object, and others that differ from it in one property each: so their number is the sum of the properties' values. */
export function* variedObjects(check: ObjectCheck, texts: TextSearcher): Generator<JsonObject> {
  const base = baseObject(check, texts);
  if (base === undefined) return;
  yield base;
  for (const { name, isRequired, value } of check.properties) {
    if (isRequired) yield withoutMember(base, name);
    const items = interleave(samplesOf(value, texts), probesOf(value, texts)).slice(0, MAX_VARIANTS);
    for (const item of items) yield withMember(base, name, item);
  }
  const additional = additionalOf(check);
  const name = freeName(check);
  const others = additional === undefined ? [1] : interleave(samplesOf(additional, texts), probesOf(additional, texts));
  for (const item of others.slice(0, MAX_VARIANTS)) yield withMember(base, name, item);
}

/** The smallest passing object; undefined where a required property has no sample. */
export function baseObject(check: ObjectCheck, texts: TextSearcher): JsonObject | undefined {
  const members: [string, JsonValue][] = [];
  for (const { name, isRequired, value } of check.properties) {
    if (!isRequired) continue;
    const [sample] = samplesOf(value, texts);
    if (sample === undefined) return undefined;
    members.push([name, sample]);
  }
  return Object.fromEntries(members);
}

function arrayCandidates(check: ValueCheck, texts: TextSearcher): readonly JsonValue[] {
  const { minItems = 0, maxItems = minItems + 2 } = check.schema;
  const items = check.items === undefined ? [1, 'a'] : samplesOf(check.items, texts);
  const lengths = [Math.max(minItems, 1), minItems, minItems + 1, maxItems, maxItems + 1, minItems - 1, 0];
  const lists = [...new Set(lengths)]
    .filter((length) => length >= 0 && length <= MAX_ITEMS)
    .map((length) => listOf(check, items, length))
    .filter((list) => list !== undefined);
  const repeated = items.slice(0, 1).flatMap((item) => [[item, item]]);
  const base = listOf(check, items, Math.max(minItems, 1));
  const probes = check.items === undefined ? [] : probesOf(check.items, texts);
  const varied = base === undefined ? [] : [...items.slice(1), ...probes].map((item) => withItem(base, item));
  return [...lists.slice(0, 4), ...interleave(lists.slice(4), repeated, varied)];
}
