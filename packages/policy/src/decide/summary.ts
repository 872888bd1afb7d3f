import {
  deepFreeze,
  isJsonObject,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { SummaryDocument } from '../document/types.ts';
import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';
import { SHAPE_CODES, bucketOf, shapeCode, sizedShape } from './buckets.ts';

/** The redacted structural summary of one call's arguments. Frozen. */
export type Summarize = (args: JsonObject) => JsonObject;

const KEPT_LENGTH = 64;
const SCANNED_NAMES = 1000;
const QUESTION_MARK = 0x3f;
// what stands for "everything" in queries of common kinds: shell and URI globs, SQL LIKE, empty filters
const WILDCARDS_ONLY = /^[*%? \t]{0,64}$/u;

/** Compiles what the record may show of a call: names the policy lists, types, size buckets; a value only where bounded. */
export function compileSummary(envelope: ObjectCheck | undefined, summary: SummaryDocument | undefined): Summarize {
  const base = baseSummary(envelope);
  if (summary === undefined) return base;
  const extras = extraSummary(envelope, summary);
  return (args) => Object.freeze({ ...base(args), ...extras(args) });
}

/** The summary of a message without arguments. */
export const EMPTY_SUMMARY: JsonObject = deepFreeze({ fields: {}, undeclared: 0 });

function baseSummary(envelope: ObjectCheck | undefined): Summarize {
  const names = envelope?.properties.map((property) => property.name) ?? [];
  return (args) => {
    const fields: Record<string, string> = {};
    const wildcards: string[] = [];
    let present = 0;
    for (const name of names) {
      if (!Object.hasOwn(args, name)) continue;
      present += 1;
      const value = args[name] as JsonValue;
      fields[name] = sizedShape(value);
      if (isWildcard(value)) wildcards.push(name);
    }
    const undeclared = Object.keys(args).length - present;
    Object.freeze(fields);
    if (wildcards.length === 0) return Object.freeze({ fields, undeclared });
    return Object.freeze({ fields, undeclared, wildcards: Object.freeze(wildcards) });
  };
}

function isWildcard(value: JsonValue): boolean {
  if (typeof value !== 'string' || value.length > KEPT_LENGTH) return false;
  // letters and digits, with which most values begin, settle it without the pattern
  return !(value.charCodeAt(0) > QUESTION_MARK) && WILDCARDS_ONLY.test(value);
}

const MAX_SIGNED_NAMES = 7;

/**
 * A number that is equal exactly for arguments of equal summaries, so that what follows from a summary can be kept for the
 * next call like it. Undefined where there are more names than fit a number; -1 for arguments with undeclared names.
 */
export function compileSignature(envelope: ObjectCheck | undefined): ((args: JsonObject) => number) | undefined {
  const names = envelope?.properties.map((property) => property.name) ?? [];
  if (names.length > MAX_SIGNED_NAMES) return undefined;
  return (args) => {
    let signature = 0;
    let present = 0;
    for (const name of names) {
      let code = 0;
      if (Object.hasOwn(args, name)) {
        const value = args[name] as JsonValue;
        present += 1;
        code = shapeCode(value) + (isWildcard(value) ? SHAPE_CODES : 0);
      }
      signature = signature * (2 * SHAPE_CODES) + code;
    }
    return Object.keys(args).length === present ? signature : -1;
  };
}

function extraSummary(envelope: ObjectCheck | undefined, summary: SummaryDocument): Summarize {
  const keep = keepable(envelope, summary.keep ?? []);
  const bucket = summary.bucket ?? [];
  const restricted = summary.restricted === undefined ? undefined : restrictedNames(summary.restricted);
  return (args) => {
    const extras: Record<string, JsonValue> = {};
    if (summary.resource !== undefined) extras['resource'] = summary.resource;
    if (keep.length > 0) extras['kept'] = keptValues(keep, args);
    if (bucket.length > 0) extras['buckets'] = pick(bucket, args, bucketOf);
    if (restricted !== undefined) extras['restricted'] = restricted(args);
    return extras;
  };
}

function pick(names: readonly string[], args: JsonObject, view: (value: JsonValue) => string): JsonObject {
  const entries = names
    .filter((name) => Object.hasOwn(args, name))
    .map((name) => [name, view(args[name] as JsonValue)] as const);
  return Object.freeze(Object.fromEntries(entries));
}

/** The arguments among `names` whose schema leaves so little room that a passing value tells nothing but the choice. */
function keepable(
  envelope: ObjectCheck | undefined,
  names: readonly string[],
): readonly (readonly [string, ValueCheck])[] {
  return names.flatMap((name) => {
    const check = envelope?.byName.get(name)?.value;
    return check !== undefined && isTight(check) ? [[name, check] as const] : [];
  });
}

function isTight({ schema }: ValueCheck): boolean {
  if (schema.enum !== undefined || schema.const !== undefined) return true;
  return schema.pattern !== undefined && schema.maxLength !== undefined && schema.maxLength <= KEPT_LENGTH;
}

function keptValues(keep: readonly (readonly [string, ValueCheck])[], args: JsonObject): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [name, check] of keep) {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined || (typeof value === 'object' && value !== null)) continue;
    if (typeof value === 'string' && value.length > KEPT_LENGTH) continue;
    if (accepts(check, value)) kept[name] = value;
  }
  return Object.freeze(kept);
}

function restrictedNames(restricted: {
  readonly at: string;
  readonly names: readonly string[];
}): (args: JsonObject) => JsonValue {
  const tokens = parsePointer(restricted.at);
  const names = new Map(restricted.names.map((name) => [name.toLowerCase(), name]));
  return (args) => {
    const value = resolvePointer(args, tokens);
    const asked = new Set<string>();
    for (const text of textsOf(value)) {
      const name = names.get(text.trim().toLowerCase());
      if (name !== undefined) asked.add(name);
    }
    return Object.freeze([...asked].toSorted());
  };
}

/** The strings at the place where names are asked for: a list, a text with commas, or the names of an object. */
function textsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string')
    return value
      .slice(0, 64 * SCANNED_NAMES)
      .split(/[,;\s]/u)
      .slice(0, SCANNED_NAMES);
  if (Array.isArray(value))
    return value.slice(0, SCANNED_NAMES).filter((item): item is string => typeof item === 'string');
  return isJsonObject(value) ? Object.keys(value).slice(0, SCANNED_NAMES) : [];
}
