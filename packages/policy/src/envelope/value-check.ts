import type { JsonArray, JsonObject, JsonValue } from '@callgate/canonical';

import type { PolicyLocation } from '../decision.ts';
import type { ValueSchema } from '../document/types.ts';
import type { CompiledKind } from '../kinds/kind.ts';
import { problemsOf } from '../kinds/problems-of.ts';
import type { Rule } from './rule.ts';
import { hasType } from './type-mask.ts';

/** A schema, compiled: what a value must be, and the words for it. */
export interface ValueCheck {
  /** The keywords; none where the value is of a kind. */
  readonly schema: ValueSchema;
  /** The argument kind, where the schema names one. It then judges alone, after the type. */
  readonly kind: CompiledKind | undefined;
  /** What passes, in words: `an integer from 1 to 25`. */
  readonly expected: string;
  readonly message: string | undefined;
  readonly location: PolicyLocation | undefined;
  /** Something in quarantine may stand for it. */
  readonly takesQuarantined: boolean;
  /** The accepted types; see type-mask.ts. */
  readonly types: number;
  readonly general: readonly Rule[];
  readonly number: readonly Rule<number>[];
  readonly string: readonly Rule<string>[];
  readonly array: readonly Rule<JsonArray>[];
  readonly items: ValueCheck | undefined;
  readonly object: ObjectCheck | undefined;
}

/** What an object's properties must be. */
export interface ObjectCheck {
  /** In sorted order of names, so that the order of a document's keys changes nothing. */
  readonly properties: readonly PropertyCheck[];
  readonly byName: ReadonlyMap<string, PropertyCheck>;
  readonly additional: boolean | ValueCheck;
  /** An own property of the object that is not judged at all: `_meta` of a request's params. */
  readonly ignored: string | undefined;
}

export interface PropertyCheck {
  readonly name: string;
  readonly isRequired: boolean;
  readonly value: ValueCheck;
}

/** Whether the value passes. The same answer as reporting no violation, without the words. */
export function accepts(check: ValueCheck, value: JsonValue): boolean {
  if (!hasType(check.types, value)) return false;
  if (check.kind !== undefined) return problemsOf(check.kind, value).length === 0;
  if (!passesAll(check.general, value)) return false;
  if (typeof value === 'string') return passesAll(check.string, value);
  if (typeof value === 'number') return passesAll(check.number, value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return acceptsArray(check, value as JsonArray);
  return check.object === undefined || acceptsObject(check.object, value as JsonObject);
}

function passesAll<Value extends JsonValue>(rules: readonly Rule<Value>[], value: Value): boolean {
  for (const rule of rules) {
    if (!rule.test(value)) return false;
  }
  return true;
}

function acceptsArray(check: ValueCheck, value: JsonArray): boolean {
  if (!passesAll(check.array, value)) return false;
  const { items } = check;
  if (items === undefined) return true;
  for (const item of value) {
    if (!accepts(items, item)) return false;
  }
  return true;
}

/** Whether the object passes. */
export function acceptsObject(check: ObjectCheck, value: JsonObject): boolean {
  let known = 0;
  for (const property of check.properties) {
    if (Object.hasOwn(value, property.name)) {
      known += 1;
      if (!accepts(property.value, value[property.name] as JsonValue)) return false;
    } else if (property.isRequired) {
      return false;
    }
  }
  if (check.additional === true) return true;
  const names = Object.keys(value);
  if (names.length === known) return true;
  for (const name of names) {
    if (check.byName.has(name) || name === check.ignored) continue;
    if (check.additional === false || !accepts(check.additional, value[name] as JsonValue)) return false;
  }
  return true;
}
