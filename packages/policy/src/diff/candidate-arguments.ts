import { isJsonObject, own, parsePointer, type JsonObject, type JsonValue } from '@callgate/canonical';

import { propertyOf } from '../compare/any-value.ts';
import { withMember } from '../compare/object-members.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { objectDifferences } from '../compare/value-differences.ts';
import { baseObject, samplesOf, variedObjects } from '../compare/value-samples.ts';
import { accepts, acceptsObject, type ObjectCheck } from '../envelope/value-check.ts';
import { checkOf } from './entry-strictness.ts';
import type { EntrySide } from './sides.ts';

/** Arguments found inside one list of envelopes and outside another. */
export function* differingArguments(
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  texts: TextSearcher,
): Generator<JsonObject> {
  const [olds, news] = [checksOf(before), checksOf(after)];
  for (const [inside, outside] of [
    [news, olds],
    [olds, news],
  ] as const) {
    const base = meetingObject(inside, texts);
    const bases = base === undefined ? [] : [base];
    for (const inner of inside) {
      for (const outer of outside) yield* fitting(objectDifferences(inner, outer, texts), inside, bases);
    }
  }
}

/** Samples of all envelopes, and what is beside them. */
export function* variedArguments(
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  texts: TextSearcher,
): Generator<JsonObject> {
  yield {};
  for (const check of [...checksOf(after), ...checksOf(before)]) yield* variedObjects(check, texts);
}

function checksOf(entries: readonly EntrySide[]): readonly ObjectCheck[] {
  return entries.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
}

/** The objects, and each upon what all the checks want: where several judge, one alone does not know it all. */
function fitting(
  objects: readonly JsonObject[],
  checks: readonly ObjectCheck[],
  bases: readonly JsonObject[],
): readonly JsonObject[] {
  if (checks.length === 1) return objects;
  return objects.flatMap((object) => [object, ...bases.map((base) => ({ ...base, ...object }))]);
}

/** An object that all checks accept, where one is found by choosing for each property a sample that all of them accept. */
export function meetingObject(checks: readonly ObjectCheck[], texts: TextSearcher): JsonObject | undefined {
  const [first, ...others] = checks;
  if (first === undefined) return undefined;
  const base = baseObject(first, texts);
  if (base === undefined || others.every((check) => acceptsObject(check, base))) return base;
  let object: JsonObject = {};
  for (const name of new Set(checks.flatMap((check) => [...check.byName.keys()]))) {
    if (!checks.some((check) => check.byName.get(name)?.isRequired === true)) continue;
    const values = checks.map((check) => propertyOf(check, name)).filter((value) => value !== undefined);
    const samples = values.flatMap((value) => samplesOf(value, texts));
    const meeting = samples.find((sample) => values.every((value) => accepts(value, sample)));
    if (meeting !== undefined) object = withMember(object, name, meeting);
  }
  return object;
}

/** Arguments that carry a call of another tool, at the places where the entry's dispatcher looks. */
export function carryingArguments(
  entry: EntrySide,
  base: JsonObject,
  inner: readonly { readonly tool: string; readonly args: JsonObject }[],
): readonly JsonObject[] {
  const dispatch = own(entry.document, 'dispatch');
  if (!isJsonObject(dispatch)) return [];
  const pointer = (key: string): readonly string[] | undefined => {
    const value = own(dispatch, key);
    return typeof value === 'string' ? parsePointer(value) : undefined;
  };
  const [tool, args, each] = [pointer('tool'), pointer('arguments'), pointer('each')];
  if (tool === undefined || args === undefined) return [];
  return inner.map((call) => {
    const fill = (value: JsonObject): JsonObject => {
      const filled = args.length === 0 ? { ...value, ...call.args } : setAt(value, args, call.args);
      return setAt(filled, tool, call.tool);
    };
    return each === undefined ? fill(base) : setAt(base, each, [fill({})]);
  });
}

function setAt(object: JsonObject, tokens: readonly string[], value: JsonValue): JsonObject {
  const [name, ...rest] = tokens;
  if (name === undefined) return object;
  const inner = own(object, name);
  return withMember(object, name, rest.length === 0 ? value : setAt(isJsonObject(inner) ? inner : {}, rest, value));
}
