import {
  isJsonArray,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import { compileValueSpace, type ArgumentSchema, type ObjectSpace, type ValueSchema } from '@callgate/policy';

const MAX_DEPTH = 6;
const MAX_ALTERNATIVES = 24;
const MAX_REFERENCES = 8;

/** Texts of the formats of JSON Schema. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  date: ['2026-01-05', '2024-02-29'],
  'date-time': ['2026-01-05T12:00:00Z', '2026-01-05T12:00:00.5+02:00'],
  time: ['12:00:00Z', '23:59:59Z'],
  duration: ['PT5M', 'P1D'],
  email: ['ada@example.com', 'ada+tag@mail.example.org'],
  hostname: ['example.com', 'localhost'],
  ipv4: ['192.0.2.1', '127.0.0.1'],
  ipv6: ['2001:db8::1', '::1'],
  uri: ['https://example.com/a', 'file:///etc/passwd'],
  'uri-reference': ['/a', 'https://example.com/a'],
  uuid: ['123e4567-e89b-42d3-a456-426614174000', '00000000-0000-0000-0000-000000000000'],
};

/**
 * What a tool's `inputSchema` lets pass, one space for each branch of `anyOf` and `oneOf`, at most 24. `not`, `if` and the like are not
 * looked at, so that there what passes here need not pass there.
 */
export function schemaSpaces(inputSchema: JsonObject | undefined): readonly ObjectSpace[] {
  if (inputSchema === undefined) return [];
  return alternativesOf(inputSchema, inputSchema, 0).flatMap((schema) => compileValueSpace(schema)?.members ?? []);
}

/** The schema in the policy's vocabulary, which has no alternatives: one for each. */
function alternativesOf(schema: JsonValue, root: JsonObject, depth: number): readonly ArgumentSchema[] {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return schema === false ? [] : [{ type: 'any' }];
  return branchesOf(schema, root, 0)
    .flatMap((branch) => plainAlternatives(branch, root, depth))
    .slice(0, MAX_ALTERNATIVES);
}

/** The schema with `$ref` and `allOf` put in, once for each branch of `anyOf` and `oneOf`. */
function branchesOf(schema: JsonObject, root: JsonObject, references: number): readonly JsonObject[] {
  const { $ref: reference, allOf, anyOf, oneOf, ...rest } = schema;
  const target = typeof reference === 'string' && references < MAX_REFERENCES ? resolved(reference, root) : undefined;
  const merged = [...(target === undefined ? [] : [target]), ...objectsIn(allOf)].reduce(merge, rest);
  const branches = [...objectsIn(anyOf), ...objectsIn(oneOf)];
  if (branches.length === 0 && merged === rest) return [rest];
  const all = branches.length === 0 ? [merged] : branches.map((branch) => merge(merged, branch));
  return all.flatMap((one) => branchesOf(one, root, references + 1)).slice(0, MAX_ALTERNATIVES);
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return value !== undefined && isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function resolved(reference: string, root: JsonObject): JsonObject | undefined {
  if (!reference.startsWith('#')) return undefined;
  try {
    const target = resolvePointer(root, parsePointer(decodeURIComponent(reference.slice(1))));
    return target !== undefined && isJsonObject(target) ? target : undefined;
  } catch {
    return undefined;
  }
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const both = (key: string): JsonObject => ({ ...objectAt(one, key), ...objectAt(other, key) });
  const required = [...namesAt(one, 'required'), ...namesAt(other, 'required')];
  return {
    ...one,
    ...other,
    ...(own(one, 'properties') === undefined && own(other, 'properties') === undefined
      ? {}
      : { properties: both('properties') }),
    ...(required.length === 0 ? {} : { required }),
  };
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  const value = own(schema, key);
  return value !== undefined && isJsonObject(value) ? value : {};
}

function namesAt(schema: JsonObject, key: string): readonly string[] {
  const value = own(schema, key);
  return value !== undefined && isJsonArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** Alternatives inside members and items come out as alternatives of the whole: each of them once, not all with all. */
function plainAlternatives(schema: JsonObject, root: JsonObject, depth: number): readonly ArgumentSchema[] {
  const listed = own(schema, 'const') === undefined ? own(schema, 'enum') : [own(schema, 'const') ?? null];
  if (listed !== undefined && isJsonArray(listed) && listed.length > 0) return [{ enum: listed }];
  const types = typesOf(schema);
  if (types.length > 1) {
    return types.flatMap((type) => plainAlternatives({ ...schema, type }, root, depth)).slice(0, MAX_ALTERNATIVES);
  }
  switch (types[0]) {
    case 'object':
      return objectAlternatives(schema, root, depth);
    case 'array':
      return listAlternatives(schema, root, depth);
    case 'string':
      return [textSchema(schema)];
    case 'number':
    case 'integer':
      return [{ type: types[0], ...numbersAt(schema, NUMBER_KEYS) }];
    case 'boolean':
    case 'null':
      return [{ type: types[0] }];
    default:
      return [{ type: 'any' }];
  }
}

const NUMBER_KEYS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

function typesOf(schema: JsonObject): readonly string[] {
  const type = own(schema, 'type');
  if (typeof type === 'string') return [type];
  if (type !== undefined && isJsonArray(type)) return type.filter((name) => typeof name === 'string');
  if (own(schema, 'properties') !== undefined) return ['object'];
  if (own(schema, 'items') !== undefined) return ['array'];
  if (own(schema, 'pattern') !== undefined || own(schema, 'format') !== undefined) return ['string'];
  return NUMBER_KEYS.some((key) => own(schema, key) !== undefined) ? ['number'] : ['any'];
}

function numbersAt(schema: JsonObject, keys: readonly string[]): Partial<ValueSchema> {
  return Object.fromEntries(
    keys.flatMap((key) => (typeof own(schema, key) === 'number' ? [[key, own(schema, key)]] : [])),
  );
}

function textSchema(schema: JsonObject): ArgumentSchema {
  const format = own(schema, 'format');
  const pattern = own(schema, 'pattern');
  const lengths = numbersAt(schema, ['minLength', 'maxLength']);
  if (typeof pattern === 'string') {
    const patterned: ArgumentSchema = { type: 'string', pattern, ...lengths };
    if (compileValueSpace(patterned) !== undefined) return patterned;
  }
  const texts = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return texts === undefined ? { type: 'string', ...lengths } : { enum: texts };
}

function listAlternatives(schema: JsonObject, root: JsonObject, depth: number): readonly ArgumentSchema[] {
  const bounds = { ...numbersAt(schema, ['minItems', 'maxItems']), uniqueItems: own(schema, 'uniqueItems') === true };
  const items = alternativesOf(own(schema, 'items') ?? true, root, depth + 1);
  return items.map((item) => listSchema(item, bounds));
}

function objectAlternatives(schema: JsonObject, root: JsonObject, depth: number): readonly ArgumentSchema[] {
  const required = new Set(namesAt(schema, 'required'));
  const members = Object.entries(objectAt(schema, 'properties')).map(([name, member]) => ({
    name,
    schemas: alternativesOf(member, root, depth + 1).map((one) => (required.has(name) ? one : optional(one))),
  }));
  const extra = own(schema, 'additionalProperties') ?? true;
  const additional = typeof extra === 'boolean' ? extra : (alternativesOf(extra, root, depth + 1)[0] ?? false);
  const first = members.flatMap(({ name, schemas: [one] }) => (one === undefined ? [] : [[name, one] as const]));
  const others = members.flatMap(({ name, schemas }) =>
    schemas.slice(1).map((one) => first.concat([[name, one] as const])),
  );
  return [first, ...others]
    .slice(0, MAX_ALTERNATIVES)
    .map((properties) => ({ type: 'object', properties: Object.fromEntries(properties), additional }));
}

function listSchema(items: ArgumentSchema, bounds: Partial<ValueSchema>): ArgumentSchema {
  return { type: 'array', items, ...bounds };
}

function optional(schema: ArgumentSchema): ArgumentSchema {
  return { ...schema, optional: true };
}
