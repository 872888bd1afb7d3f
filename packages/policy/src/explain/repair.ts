import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { TextSearcher } from '../compare/text-search.ts';
import { samplesOf } from '../compare/value-samples.ts';
import type { ValueSchema } from '../document/types.ts';
import { codePoints, kindOf } from '../envelope/shape.ts';
import { accepts, acceptsObject, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { acceptedTypes } from '../envelope/value-types.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { nearestMember } from './nearest-member.ts';
import { nearestNumber } from './nearest-number.ts';

/**
 * A value near `value` that passes, or undefined where none was found. What passes already is kept as it is; undefined stands
 * for a missing value, for which a sample is made.
 */
function repairValue(check: ValueCheck, value: JsonValue | undefined, texts: Texts): JsonValue | undefined {
  if (value !== undefined && accepts(check, value)) return value;
  const near = candidates(check, value, texts).find((candidate) => accepts(check, candidate));
  return near ?? (texts === undefined || check.object !== undefined ? undefined : samplesOf(check, texts)[0]);
}

/** Finds texts for patterns; without it a text that no small change makes fit a pattern is not repaired. */
type Texts = TextSearcher | undefined;

function candidates(check: ValueCheck, value: JsonValue | undefined, texts: Texts): readonly JsonValue[] {
  const { schema } = check;
  if (check.kind !== undefined) return [...check.kind.repair(value), ...check.kind.samples()];
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [nearestMember(schema.enum, value), ...schema.enum.slice(0, 100)];
  const kinds = kindsOf(schema);
  const own = value === undefined ? [] : kinds.filter((kind) => kind === kindOf(value));
  // each kind once: twice at every level would be exponential in the levels
  return [...new Set([...own, ...kinds])].flatMap((kind) => candidatesOf(kind, check, value, texts));
}

type SchemaKind = ReturnType<typeof kindOf>;

function kindsOf(schema: ValueSchema): readonly SchemaKind[] {
  const types = acceptedTypes(schema) ?? [];
  return types.map((type) => (type === 'integer' ? 'number' : type === 'any' ? 'null' : type));
}

function candidatesOf(
  kind: SchemaKind,
  check: ValueCheck,
  value: JsonValue | undefined,
  texts: Texts,
): readonly JsonValue[] {
  switch (kind) {
    case 'null':
      return [null];
    case 'boolean':
      return value === 'true' ? [true] : [false];
    case 'number':
      return nearestNumber(check.schema, value);
    case 'string':
      return nearStrings(check.schema, value);
    case 'array':
      return nearArrays(check, value, texts);
    case 'object': {
      const base = isJsonObject(value) ? value : {};
      const repaired = check.object === undefined ? base : repairObject(check.object, base, texts);
      return repaired === undefined ? [] : [repaired];
    }
  }
}

const MAX_PADDING = 10_000;

function nearStrings(schema: ValueSchema, value: JsonValue | undefined): readonly string[] {
  const text =
    typeof value === 'string' ? value : value === undefined || typeof value === 'object' ? '' : String(value);
  return [text, text.trim(), text.trim().toLowerCase(), text.trim().toUpperCase()].map((variant) =>
    fitLength(schema, variant),
  );
}

function fitLength(schema: ValueSchema, text: string): string {
  const least = Math.min(schema.minLength ?? (schema.pattern === undefined && text === '' ? 1 : 0), MAX_PADDING);
  const most = schema.maxLength ?? Number.POSITIVE_INFINITY;
  const cut =
    codePoints(text) <= most
      ? text
      : Array.from(text.slice(0, 2 * most))
          .slice(0, most)
          .join('');
  const missing = least - codePoints(cut);
  return missing > 0 ? cut + 'x'.repeat(missing) : cut;
}

function nearArrays(check: ValueCheck, value: JsonValue | undefined, texts: Texts): readonly JsonArray[] {
  const { items } = check;
  const most = Math.min(check.schema.maxItems ?? MAX_PADDING, MAX_PADDING);
  const given: JsonArray = Array.isArray(value)
    ? (value as JsonArray)
    : value === undefined || isJsonObject(value)
      ? []
      : [value];
  const repaired = given
    .slice(0, MAX_PADDING)
    .map((item) => (items === undefined ? item : repairValue(items, item, texts)))
    .filter((item): item is JsonValue => item !== undefined);
  const distinct = check.schema.uniqueItems === true ? withoutRepeats(repaired) : repaired;
  return [pad(distinct.slice(0, most), check, texts)];
}

function withoutRepeats(items: JsonArray): JsonArray {
  const seen = new Set<string>();
  return items.filter((item) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** With items added until there are enough: unused members of an enum first, where items may not repeat. */
function pad(given: JsonArray, check: ValueCheck, texts: Texts): JsonArray {
  const least = Math.min(check.schema.minItems ?? 0, MAX_PADDING);
  const unused = (check.items?.schema.enum ?? []).filter((member) => !given.includes(member));
  const items = [...given];
  while (items.length < least) {
    const next = unused.shift() ?? (check.items === undefined ? null : repairValue(check.items, undefined, texts));
    if (next === undefined) break;
    items.push(next);
  }
  return items;
}

/** The object with each property repaired, unknown ones renamed or removed, and missing ones added; undefined where that fails. */
export function repairObject(check: ObjectCheck, value: JsonObject, texts?: TextSearcher): JsonObject | undefined {
  const result = new Map<string, JsonValue>();
  const source = renameSlips(check, value);
  for (const property of check.properties) {
    const given = source.get(property.name);
    if (given === undefined && !property.isRequired) continue;
    const repaired = repairValue(property.value, given, texts);
    if (repaired !== undefined) result.set(property.name, repaired);
    else if (property.isRequired) return undefined;
  }
  for (const [name, item] of source) {
    if (check.byName.has(name)) continue;
    if (name === check.ignored || check.additional === true) result.set(name, item);
    else if (check.additional !== false && accepts(check.additional, item)) result.set(name, item);
  }
  const repaired = Object.fromEntries(result);
  return acceptsObject(check, repaired) ? repaired : undefined;
}

/** The properties of the object, with unknown names taken for the missing declared name that they are nearest to. */
function renameSlips(check: ObjectCheck, value: JsonObject): ReadonlyMap<string, JsonValue> {
  const result = new Map(Object.entries(value));
  if (check.additional !== false) return result;
  for (const name of [...result.keys()].toSorted()) {
    if (check.byName.has(name)) continue;
    const missing = check.properties.map((property) => property.name).filter((candidate) => !result.has(candidate));
    const meant = nearestName(name, missing);
    if (meant !== undefined) result.set(meant, result.get(name) as JsonValue);
  }
  return result;
}
