import { appendPointer, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import { asObjects, changedMembers, type MemberChange } from './compare-members.ts';
import { makeDrift, type Drift } from './drift.ts';
import type { DriftClass } from './drift-class.ts';
import { keywordDirection, type Direction } from './keyword-direction.ts';

/** Keywords that constrain nothing: a model and a person read them (JSON Schema 2020-12, validation §9). */
const WORDS: ReadonlySet<string> = new Set([
  '$comment',
  'default',
  'deprecated',
  'description',
  'example',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/** Keywords whose value is a schema, and which take no more than it does. */
const COVARIANT: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'items',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
/** The same for a list, or a map, of schemas. */
const COVARIANT_LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'prefixItems']);
const COVARIANT_MAPS: ReadonlySet<string> = new Set(['patternProperties']);
/** Keywords about whose schemas nothing follows for the whole. */
const OPAQUE: ReadonlySet<string> = new Set(['else', 'if', 'not', 'then']);
const OPAQUE_LISTS: ReadonlySet<string> = new Set(['oneOf']);
const OPAQUE_MAPS: ReadonlySet<string> = new Set(['$defs', 'definitions', 'dependentSchemas', 'dependencies']);

/** Where the walk is: under an opaque keyword, no direction means anything. */
interface Place {
  readonly isOpaque: boolean;
  readonly drifts: Drift[];
}

const CLASSES: Readonly<Record<Direction, DriftClass>> = {
  narrowed: 'schema-narrowed',
  widened: 'schema-widened',
  changed: 'schema-changed',
};

/**
 * How one input schema differs from another, keyword by keyword: a small comparison that says `schema-changed` wherever it does
 * not know better. Nothing where they are the same.
 */
export function compareSchemas(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  pointer: string,
): readonly Drift[] {
  const drifts: Drift[] = [];
  walk(before, after, pointer, { isOpaque: false, drifts });
  return drifts;
}

function walk(before: JsonValue | undefined, after: JsonValue | undefined, pointer: string, place: Place): void {
  if (!isJsonObject(before) || !isJsonObject(after)) {
    add(place, booleanDirection(before, after), { pointer, before, after });
    return;
  }
  for (const change of changedMembers(before, after, pointer)) {
    if (change.name === 'properties') walkProperties(after, change, place);
    else if (change.name === 'required') walkRequired(before, after, change, place);
    else walkKeyword(change, place);
  }
}

type Change = Pick<MemberChange, 'pointer' | 'before' | 'after'>;

function add(place: Place, direction: Direction, change: Change): void {
  const found = place.isOpaque ? 'changed' : direction;
  place.drifts.push(makeDrift(CLASSES[found], change.pointer, change.before, change.after));
}

function booleanDirection(before: JsonValue | undefined, after: JsonValue | undefined): Direction {
  const [first, second] = [reach(before), reach(after)];
  if (first === undefined || second === undefined || first === second) return 'changed';
  return second < first ? 'narrowed' : 'widened';
}

/** How much a schema takes: 0 nothing (`false`), 1 something, 2 everything (absent, `true`, `{}`); undefined: it is no schema. */
function reach(schema: JsonValue | undefined): 0 | 1 | 2 | undefined {
  if (schema === undefined || schema === true) return 2;
  if (schema === false) return 0;
  if (!isJsonObject(schema)) return undefined;
  return Object.keys(schema).length === 0 ? 2 : 1;
}

function walkKeyword(change: MemberChange, place: Place): void {
  const { name } = change;
  if (WORDS.has(name)) place.drifts.push(makeDrift('wording', change.pointer, change.before, change.after));
  else if (COVARIANT.has(name)) walkSchemaOrList(change, place);
  else if (COVARIANT_LISTS.has(name)) walkList(change, place);
  else if (COVARIANT_MAPS.has(name)) walkMap(change, place);
  else if (OPAQUE.has(name)) walkSchemaOrList(change, { ...place, isOpaque: true });
  else if (OPAQUE_LISTS.has(name)) walkList(change, { ...place, isOpaque: true });
  else if (OPAQUE_MAPS.has(name)) walkMap(change, { ...place, isOpaque: true });
  else add(place, keywordDirection(name, change.before, change.after), change);
}

function walkSchemaOrList(change: MemberChange, place: Place): void {
  // Before draft 2020-12, `items` was a list too.
  if (isJsonArray(change.before) && isJsonArray(change.after)) walkList(change, place);
  else walk(change.before, change.after, change.pointer, place);
}

function walkList(change: MemberChange, place: Place): void {
  const { before, after, pointer } = change;
  if (!isJsonArray(before) || !isJsonArray(after) || before.length !== after.length) {
    add(place, 'changed', change);
    return;
  }
  for (const [index, schema] of before.entries()) {
    walkIfDifferent(schema, after[index], appendPointer(pointer, index), place);
  }
}

function walkMap(change: MemberChange, place: Place): void {
  const both = asObjects(change.before, change.after);
  if (both === undefined) {
    add(place, 'changed', change);
    return;
  }
  for (const member of changedMembers(...both, change.pointer)) {
    // One more pattern narrows, unless `additionalProperties` refused what it matches.
    if (member.before === undefined || member.after === undefined) add(place, 'changed', member);
    else walk(member.before, member.after, member.pointer, place);
  }
}

function walkIfDifferent(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  pointer: string,
  place: Place,
): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) walk(before, after, pointer, place);
}

function walkProperties(after: JsonObject, change: MemberChange, place: Place): void {
  const both = asObjects(change.before, change.after);
  if (both === undefined) {
    add(place, 'changed', change);
    return;
  }
  const requiredNow = namesOf(after['required']);
  for (const member of changedMembers(...both, change.pointer)) {
    if (member.before === undefined) {
      const driftClass = requiredNow.has(member.name) ? 'required-added' : 'optional-added';
      place.drifts.push(makeDrift(driftClass, member.pointer, undefined, member.after));
    } else if (member.after === undefined) {
      place.drifts.push(makeDrift('removed-property', member.pointer, member.before, undefined));
    } else {
      walk(member.before, member.after, member.pointer, place);
    }
  }
}

/** Names that must be given now and did not before, and the other way round. */
function walkRequired(before: JsonObject, after: JsonObject, change: MemberChange, place: Place): void {
  const [required, requiredNow] = [namesOf(change.before), namesOf(change.after)];
  const [properties, propertiesNow] = [keysOf(before['properties']), keysOf(after['properties'])];
  const added = [...requiredNow].filter((name) => !required.has(name));
  const removed = [...required].filter((name) => !requiredNow.has(name));
  // What is new or gone as a whole is told there.
  const isTold = [...added, ...removed].every((name) => properties.has(name) !== propertiesNow.has(name));
  if (added.length + removed.length > 0 && isTold) return;
  if (added.some((name) => properties.has(name) === propertiesNow.has(name))) {
    place.drifts.push(makeDrift('required-added', change.pointer, change.before, change.after));
  } else {
    add(place, removed.length > 0 ? 'widened' : 'changed', change);
  }
}

function namesOf(value: JsonValue | undefined): ReadonlySet<string> {
  return new Set(isJsonArray(value) ? value.filter((name) => typeof name === 'string') : []);
}

function keysOf(value: JsonValue | undefined): ReadonlySet<string> {
  return new Set(isJsonObject(value) ? Object.keys(value) : []);
}
