import {
  appendPointer,
  canonicalize,
  isJsonArray,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import { arrayHolds } from './schema-arrays.ts';
import type { SchemaMeter } from './schema-meter.ts';
import { objectHolds } from './schema-objects.ts';
import { numberHolds, stringHolds, typeHolds } from './schema-scalars.ts';

/** Where a value breaks its schema. */
export interface SchemaViolation {
  readonly pointer: string;
  readonly keyword: string;
}

/** One place of a value under one schema. */
export interface SchemaPlace {
  readonly pointer: string;
  readonly depth: number;
  /** Whether violations count: within `anyOf`, `not` and `if` they do not. */
  readonly counts: boolean;
}

const MAX_VIOLATIONS = 16;

/**
 * Checks a value by a JSON Schema (2020-12, and what draft-07 writes otherwise) that a server wrote: bounded steps and depth, patterns in
 * linear time, references within the schema only. What it does not know is noted in `unread` and passes.
 */
export class SchemaCheck {
  readonly violations: SchemaViolation[] = [];
  /** Keywords that were not judged: `unevaluated…`, `$dynamicRef`, references to elsewhere, patterns that RE2 does not know. */
  readonly unread: Set<string> = new Set();
  readonly meter: SchemaMeter;
  readonly #root: JsonValue;
  readonly #isDraft7: boolean;

  constructor(root: JsonValue, meter: SchemaMeter) {
    this.#root = root;
    this.meter = meter;
    const dialect = isJsonObject(root) ? own(root, '$schema') : undefined;
    this.#isDraft7 = typeof dialect === 'string' && /draft-0[4-7]/u.test(dialect);
  }

  /** @throws {SchemaTooHard} */
  run(value: JsonValue): void {
    this.holds(this.#root, value, { pointer: '', depth: 0, counts: true });
  }

  /** Whether `value` fits `schema`. What is no schema holds for everything. */
  holds(schema: JsonValue | undefined, value: JsonValue, place: SchemaPlace): boolean {
    this.meter.enter(place.depth);
    if (schema === false) return this.fail('false', place);
    if (!isJsonObject(schema)) return true;
    const reference = own(schema, '$ref');
    if (typeof reference === 'string' && this.#isDraft7) return this.#refers(reference, value, place);
    this.#noteUnread(schema);
    const results = [
      typeof reference !== 'string' || this.#refers(reference, value, place),
      typeHolds(schema, value) || this.fail('type', place),
      this.#constHolds(schema, value) || this.fail('const', place),
      this.#enumHolds(schema, value) || this.fail('enum', place),
      typeof value !== 'string' || stringHolds(this, schema, value, place),
      typeof value !== 'number' || numberHolds(this, schema, value, place),
      !isJsonArray(value) || arrayHolds(this, schema, value, place),
      !isJsonObject(value) || objectHolds(this, schema, value, place),
      this.#combinedHolds(schema, value, place),
    ];
    return results.every(Boolean);
  }

  fail(keyword: string, { pointer, counts }: SchemaPlace): false {
    if (counts && this.violations.length < MAX_VIOLATIONS) this.violations.push({ pointer, keyword });
    return false;
  }

  /** One level deeper, at the same value. */
  within(place: SchemaPlace, counts: boolean = place.counts): SchemaPlace {
    return { pointer: place.pointer, depth: place.depth + 1, counts };
  }

  /** One level deeper, at a part of the value. */
  at(place: SchemaPlace, token: string | number): SchemaPlace {
    const pointer = place.counts ? appendPointer(place.pointer, token) : place.pointer;
    return { pointer, depth: place.depth + 1, counts: place.counts };
  }

  #refers(reference: string, value: JsonValue, place: SchemaPlace): boolean {
    const target = this.#resolve(reference);
    if (target !== undefined) return this.holds(target, value, this.within(place));
    this.unread.add('$ref');
    return true;
  }

  #resolve(reference: string): JsonValue | undefined {
    if (reference === '#') return this.#root;
    if (!reference.startsWith('#/') || reference.length > 1024) return undefined;
    try {
      return resolvePointer(this.#root, parsePointer(decodeURIComponent(reference.slice(1))));
    } catch {
      return undefined;
    }
  }

  #noteUnread(schema: JsonObject): void {
    for (const name of ['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef']) {
      if (Object.hasOwn(schema, name)) this.unread.add(name);
    }
  }

  #constHolds(schema: JsonObject, value: JsonValue): boolean {
    const only = own(schema, 'const');
    return only === undefined || this.equal(only, value);
  }

  #enumHolds(schema: JsonObject, value: JsonValue): boolean {
    const members = own(schema, 'enum');
    return !isJsonArray(members) || members.some((member) => this.equal(member, value));
  }

  equal(one: JsonValue, other: JsonValue): boolean {
    this.meter.spend(1);
    if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return one === other;
    return this.textOf(one) === this.textOf(other);
  }

  /** The canonical text, paid for. */
  textOf(value: JsonValue): string {
    const text = canonicalize(value);
    this.meter.spend(Math.ceil(text.length / 16));
    return text;
  }

  #combinedHolds(schema: JsonObject, value: JsonValue, place: SchemaPlace): boolean {
    const quiet = this.within(place, false);
    const all = schemasIn(schema, 'allOf').every((part) => this.holds(part, value, this.within(place)));
    const any = schemasIn(schema, 'anyOf');
    const one = schemasIn(schema, 'oneOf');
    const isAny = any.length === 0 || any.some((part) => this.holds(part, value, quiet)) || this.fail('anyOf', place);
    const isOne =
      one.length === 0 ||
      one.filter((part) => this.holds(part, value, quiet)).length === 1 ||
      this.fail('oneOf', place);
    const not = own(schema, 'not');
    const isNot = not === undefined || !this.holds(not, value, quiet) || this.fail('not', place);
    return all && isAny && isOne && isNot && this.#branchHolds(schema, value, place);
  }

  #branchHolds(schema: JsonObject, value: JsonValue, place: SchemaPlace): boolean {
    const condition = own(schema, 'if');
    if (condition === undefined) return true;
    const branch = this.holds(condition, value, this.within(place, false)) ? 'then' : 'else';
    return this.holds(own(schema, branch), value, this.within(place));
  }
}

function schemasIn(schema: JsonObject, keyword: string): readonly JsonValue[] {
  const parts = own(schema, keyword);
  return isJsonArray(parts) ? parts : [];
}
