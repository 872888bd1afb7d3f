import {
  isJsonArray,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { KindTypes } from './condition.ts';
import {
  ANY,
  ANY_MEMBERS,
  BOOL,
  DOUBLE,
  LIST,
  MAP,
  NULL,
  STRING,
  typeOfKinds,
  union,
  unionOfMember,
  type MemberType,
  type MembersType,
  type StaticType,
} from './static-type.ts';

const MAX_LEVELS = 24;
/** Schemas looked at in one walk: references can multiply what is written once. */
const MAX_SCHEMAS = 20_000;

interface Walk {
  readonly root: JsonValue;
  readonly kinds: KindTypes;
  schemas: number;
}

const KIND_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ['null', NULL],
  ['boolean', BOOL],
  ['integer', DOUBLE],
  ['number', DOUBLE],
  ['string', STRING],
  ['array', LIST],
  ['object', MAP],
]);

/** Keywords that say of which type a value is where `type` does not, as in the policy's own vocabulary. */
const KIND_OF_KEYWORD: ReadonlyMap<string, number> = new Map([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].map((key) => [key, DOUBLE] as const),
  ...['minLength', 'maxLength', 'pattern'].map((key) => [key, STRING] as const),
  ...['items', 'minItems', 'maxItems', 'uniqueItems'].map((key) => [key, LIST] as const),
  ...['properties', 'additional', 'additionalProperties', 'required'].map((key) => [key, MAP] as const),
]);

/** Keywords that can add members which `properties` does not name. */
const OPENING: readonly string[] = ['allOf', 'if', 'patternProperties', 'dependentSchemas', 'unevaluatedProperties'];

/**
 * What the schemas, each of one shape that the arguments can have, together say of them. Looked up name by name: there can be a
 * thousand schemas, and a condition reads a few names.
 */
export function argumentsType(schemas: readonly (JsonValue | undefined)[], kinds: KindTypes = new Map()): StaticType {
  const members: MembersType = {
    find: (name) => unionOfMember(schemas.map((schema) => argumentMember(schema, name, kinds))),
    names: () => [...new Set(schemas.flatMap((schema) => argumentMembers(schema, kinds).names()))],
    each: ANY,
  };
  return { kinds: MAP, members: schemas.length === 0 ? ANY_MEMBERS : members };
}

function argumentMember(schema: JsonValue | undefined, name: string, kinds: KindTypes): MemberType | undefined {
  const properties = isJsonObject(schema) && !Object.hasOwn(schema, '$ref') ? own(schema, 'properties') : undefined;
  return isJsonObject(schema) && isJsonObject(properties)
    ? findMember(schema, properties, name, { root: schema, kinds, schemas: 0 }, MAX_LEVELS)
    : argumentMembers(schema, kinds).find(name);
}

function argumentMembers(schema: JsonValue | undefined, kinds: KindTypes): MembersType {
  if (schema === undefined) return ANY_MEMBERS;
  return schemaType(schema, { root: schema, kinds, schemas: 0 }, MAX_LEVELS).members ?? ANY_MEMBERS;
}

/** What a schema says of a value, in the policy's vocabulary or in JSON Schema. What it cannot tell is any value. */
function schemaType(schema: JsonValue | undefined, walk: Walk, levels: number): StaticType {
  walk.schemas += 1;
  if (!isJsonObject(schema) || levels === 0 || walk.schemas > MAX_SCHEMAS) return ANY;
  const reference = own(schema, '$ref');
  if (typeof reference === 'string') return referredType(reference, walk, levels);
  const kind = own(schema, 'kind');
  // argument kinds judge values by rules of their own: of them the types of their values are known, and nothing of what is inside
  if (kind !== undefined) return typeOfArgumentKind(kind, walk.kinds);
  const alternatives = own(schema, 'anyOf') ?? own(schema, 'oneOf');
  if (isJsonArray(alternatives) && alternatives.length > 0) {
    return union(alternatives.map((one) => schemaType(one, walk, levels - 1)));
  }
  const kinds = kindsOf(schema);
  if ((kinds & (LIST | MAP)) === 0) return typeOfKinds(kinds);
  return {
    kinds,
    items: (kinds & LIST) === 0 ? undefined : () => schemaType(own(schema, 'items'), walk, levels - 1),
    members: (kinds & MAP) === 0 ? undefined : membersType(schema, walk, levels - 1),
  };
}

function typeOfArgumentKind(kind: JsonValue, known: KindTypes): StaticType {
  const types = typeof kind === 'string' ? known.get(kind)?.types : undefined;
  if (types === undefined) return ANY;
  return typeOfKinds(types.reduce<number>((all, type) => all | (KIND_OF_TYPE.get(type) ?? ANY.kinds), 0) || ANY.kinds);
}

function referredType(reference: string, walk: Walk, levels: number): StaticType {
  if (!reference.startsWith('#')) return ANY;
  try {
    return schemaType(resolvePointer(walk.root, parsePointer(reference.slice(1))), walk, levels - 1);
  } catch {
    // not a pointer: an anchor, which says nothing here
    return ANY;
  }
}

function kindsOf(schema: JsonObject): number {
  const constant = own(schema, 'const');
  if (constant !== undefined) return kindOfValue(constant);
  const choices = own(schema, 'enum');
  if (isJsonArray(choices)) return choices.reduce<number>((kinds, value) => kinds | kindOfValue(value), 0) || ANY.kinds;
  const type = own(schema, 'type');
  const names = isJsonArray(type) ? type : type === undefined ? [] : [type];
  const kinds =
    names.length > 0
      ? names.map((name) => (typeof name === 'string' ? KIND_OF_TYPE.get(name) : undefined) ?? ANY.kinds)
      : Object.keys(schema).map((keyword) => KIND_OF_KEYWORD.get(keyword) ?? 0);
  return kinds.reduce((all, kind) => all | kind, 0) || ANY.kinds;
}

function kindOfValue(value: JsonValue): number {
  if (value === null) return NULL;
  if (isJsonArray(value)) return LIST;
  if (typeof value === 'object') return MAP;
  return KIND_OF_TYPE.get(typeof value) ?? ANY.kinds;
}

function membersType(schema: JsonObject, walk: Walk, levels: number): MembersType | undefined {
  const properties = own(schema, 'properties');
  if (!isJsonObject(properties)) return undefined;
  return {
    find: (name) => findMember(schema, properties, name, walk, levels),
    names: () => Object.keys(properties),
    each: ANY,
  };
}

function findMember(
  schema: JsonObject,
  properties: JsonObject,
  name: string,
  walk: Walk,
  levels: number,
): MemberType | undefined {
  const property = own(properties, name);
  if (property === undefined) {
    const others = othersType(schema, walk, levels);
    return others === undefined ? undefined : { type: others, presence: 'unknown' };
  }
  const required = own(schema, 'required');
  const isOptional =
    (isJsonObject(property) && own(property, 'optional') === true) ||
    (isJsonArray(required) && !required.includes(name));
  return { type: schemaType(property, walk, levels), presence: isOptional ? 'sometimes' : 'always' };
}

/** What members that are not named can be. Unlike in JSON Schema, a schema that says nothing of them has none. */
function othersType(schema: JsonObject, walk: Walk, levels: number): StaticType | undefined {
  if (OPENING.some((keyword) => Object.hasOwn(schema, keyword))) return ANY;
  const additional = own(schema, 'additional') ?? own(schema, 'additionalProperties') ?? false;
  return additional === false ? undefined : schemaType(additional, walk, levels);
}
