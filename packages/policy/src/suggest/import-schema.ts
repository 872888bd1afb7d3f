import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ArgumentSchema, ValueSchema, ValueType } from '../document/types.ts';
import { compilePattern } from '../envelope/pattern.ts';
import { isPathName } from './kind-plans.ts';
import type { Learned } from './learned.ts';
import { isListableName } from './listable.ts';

/** The longest text where a schema does not say, in code points: of a name or a key; of what is written somewhere. */
const SHORT_TEXT = 1000;
const LONG_TEXT = 65_536;
const MAX_ITEMS = 100;
const MAX_COUNT = 1000;
const MAX_LEVELS = 6;
const MAX_VALUES = 500;
const MAX_PROPERTIES = 100;

/** What schemas are turned into envelopes with. */
export interface ImportContext {
  /** The folders that paths must lie in, where they are known; else paths are relative. */
  readonly roots: readonly string[];
  /** The names of the argument kinds that may be used. */
  readonly kinds: ReadonlySet<string>;
}

/** A schema that was made of a server's, and whether that bounds its values by itself. */
export interface ImportedSchema extends Learned {
  readonly isBound: boolean;
}

/** Turns a tool's input schema into schemas for its arguments. What the policy language cannot say is left out and said so. */
export function importInputSchema(
  schema: JsonObject,
  context: ImportContext,
): Readonly<Record<string, ImportedSchema>> {
  return new SchemaImport(schema, context).properties(schema, 0);
}

class SchemaImport {
  readonly #root: JsonObject;
  readonly #context: ImportContext;

  constructor(root: JsonObject, context: ImportContext) {
    this.#root = root;
    this.#context = context;
  }

  properties(schema: JsonObject, level: number): Readonly<Record<string, ImportedSchema>> {
    const properties = own(schema, 'properties');
    const required = own(schema, 'required');
    const isRequired = (name: string): boolean => isJsonArray(required) && required.includes(name);
    const found: Record<string, ImportedSchema> = {};
    if (!isJsonObject(properties)) return found;
    for (const [name, property] of Object.entries(properties).slice(0, MAX_PROPERTIES)) {
      if (!isListableName(name)) continue;
      const { schema: value, why } = this.#value(name, isJsonObject(property) ? property : {}, level);
      found[name] = {
        schema: isRequired(name) ? value : { ...value, optional: true },
        why,
        isBound: isBound(value, property),
      };
    }
    return found;
  }

  #value(name: string, given: JsonObject, level: number): Learned {
    const schema = this.#resolved(given);
    const listed = own(schema, 'enum');
    const constant = own(schema, 'const');
    if (isJsonArray(listed) && listed.length > 0 && listed.length <= MAX_VALUES && listed.every(isScalar))
      return { schema: { enum: listed }, why: 'the values that its schema lists' };
    if (constant !== undefined && isScalar(constant))
      return { schema: { const: constant }, why: 'the one value of its schema' };
    const types = this.#typesOf(schema);
    const [type] = types;
    if (types.length !== 1 || type === undefined) return this.#several(name, types, schema, level);
    return this.#typed(name, type, schema, level);
  }

  #typed(name: string, type: ValueType, schema: JsonObject, level: number): Learned {
    switch (type) {
      case 'string':
        return this.#text(name, schema);
      case 'integer':
      case 'number':
        return numberOf(name, type, schema);
      case 'array':
        return this.#array(name, schema, level);
      case 'object':
        return this.#object(schema, level);
      case 'boolean':
      case 'null':
        return { schema: { type }, why: 'as its schema says' };
      case 'any':
        return { schema: scalars(), why: 'its schema does not say what it is: text, numbers and truth values pass' };
    }
  }

  /** Values of several types: the plain ones, each bounded. */
  #several(name: string, types: readonly ValueType[], schema: JsonObject, level: number): Learned {
    const plain = types.filter((type) => type !== 'any');
    if (plain.length === 0) return this.#typed(name, 'any', schema, level);
    let merged: ValueSchema = {};
    for (const type of plain) {
      const { schema: one } = this.#typed(name, type, schema, level);
      merged = Object.hasOwn(one, 'kind')
        ? { ...merged, maxLength: SHORT_TEXT }
        : { ...merged, ...(one as ValueSchema) };
    }
    return { schema: { ...merged, type: plain }, why: 'of several types, each bounded' };
  }

  #text(name: string, schema: JsonObject): Learned {
    const kind = this.#kindOf(name, own(schema, 'format'));
    if (kind !== undefined) return kind;
    const pattern = patternOf(schema);
    const longest = countAt(schema, 'maxLength');
    const least = countAt(schema, 'minLength');
    const isLong =
      /(?:content|text|body|message|description|query|prompt|code|diff|patch|data|html|markdown)s?$/iu.test(name);
    const maxLength = longest ?? (isLong ? LONG_TEXT : SHORT_TEXT);
    const bounds = { ...(least === undefined || least > maxLength ? {} : { minLength: least }), maxLength, ...pattern };
    const why =
      longest === undefined
        ? 'its schema gives no greatest length: one was chosen'
        : 'the length that its schema gives';
    return { schema: { type: 'string', ...bounds }, why };
  }

  #kindOf(name: string, format: JsonValue | undefined): Learned | undefined {
    const byFormat: Readonly<Record<string, ArgumentSchema>> = {
      uri: { kind: 'url' },
      email: { kind: 'email' },
      'date-time': { kind: 'time', form: 'date-time' },
      date: { kind: 'time', form: 'date' },
      uuid: { kind: 'id', format: 'uuid' },
      ipv4: { kind: 'cidr', form: 'address', versions: [4] },
      ipv6: { kind: 'cidr', form: 'address', versions: [6] },
    };
    const known = typeof format === 'string' && Object.hasOwn(byFormat, format) ? byFormat[format] : undefined;
    if (known !== undefined) return this.#ifKnown(known, 'by the `format` of its schema');
    if (/^(?:url|uri|href|link)$|(?:_|-|[a-z](?=U))(?:url|uri)$/iu.test(name)) {
      return this.#ifKnown({ kind: 'url' }, 'a URL, by its name: https and public hosts only; list the hosts');
    }
    if (/^sql$|_sql$|^sql_?query$/iu.test(name)) {
      return this.#ifKnown(
        { kind: 'sql', dialect: 'postgres', statements: ['select'], limit: 100 },
        'SQL, by its name: one reading statement; say the dialect and list the tables',
      );
    }
    if (!isPathName(name)) return undefined;
    const { roots } = this.#context;
    return roots.length === 0
      ? this.#ifKnown(
          { kind: 'path', roots: ['.'] },
          'a path, by its name: relative ones only; name the folders in `roots`',
        )
      : this.#ifKnown({ kind: 'path', roots }, 'a path, by its name: in the folders that the server was started with');
  }

  #ifKnown(schema: ArgumentSchema, why: string): Learned | undefined {
    const kind = (schema as { readonly kind: string }).kind;
    return this.#context.kinds.has(kind) ? { schema, why } : undefined;
  }

  #array(name: string, schema: JsonObject, level: number): Learned {
    const items = own(schema, 'items');
    const most = countAt(schema, 'maxItems');
    const least = countAt(schema, 'minItems');
    const counts = {
      ...(least === undefined || least === 0 ? {} : { minItems: least }),
      maxItems: Math.max(most ?? MAX_ITEMS, least ?? 0),
    };
    const inner =
      level >= MAX_LEVELS ? scalars() : this.#value(name, isJsonObject(items) ? items : {}, level + 1).schema;
    const why =
      most === undefined ? 'its schema gives no greatest number of items: one was chosen' : 'as its schema says';
    return { schema: { type: 'array', items: inner, ...counts }, why };
  }

  #object(schema: JsonObject, level: number): Learned {
    const known = level >= MAX_LEVELS ? {} : this.properties(schema, level + 1);
    const properties = Object.fromEntries(Object.entries(known).map(([name, { schema: value }]) => [name, value]));
    if (Object.keys(properties).length > 0)
      return { schema: { type: 'object', properties }, why: 'the properties of its schema' };
    return {
      schema: { type: 'object', additional: scalars() },
      why: 'its schema lists no properties: plain values pass under any name',
    };
  }

  /** Follows references within the schema. */
  #resolved(schema: JsonObject, steps = 8): JsonObject {
    const reference = own(schema, '$ref');
    if (typeof reference !== 'string' || !reference.startsWith('#/') || steps === 0) return schema;
    let target: JsonValue | undefined = this.#root;
    for (const key of reference.slice(2).split('/')) {
      target = isJsonObject(target) ? own(target, key.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;
    }
    return isJsonObject(target) ? this.#resolved(target, steps - 1) : {};
  }

  #typesOf(schema: JsonObject): readonly ValueType[] {
    const type = own(schema, 'type');
    const given = isJsonArray(type) ? type : [type];
    const types = given.filter((name): name is ValueType => TYPES.has(name as ValueType));
    if (types.length > 0) return [...new Set(types)];
    const branches = own(schema, 'anyOf') ?? own(schema, 'oneOf');
    if (isJsonArray(branches)) {
      const all = branches.flatMap((branch) => (isJsonObject(branch) ? this.#typesOf(this.#resolved(branch)) : []));
      return [...new Set(all)];
    }
    return own(schema, 'properties') === undefined ? ['any'] : ['object'];
  }
}

/** Whether the keywords that bound a value are its server's: not those that were chosen where it says nothing. */
function isBound(schema: ArgumentSchema, given: JsonValue): boolean {
  const says = (...keys: readonly string[]): boolean =>
    isJsonObject(given) && keys.some((key) => Object.hasOwn(given, key));
  if (['enum', 'const', 'pattern'].some((key) => Object.hasOwn(schema, key))) return true;
  return says('minimum', 'exclusiveMinimum') && says('maximum', 'exclusiveMaximum');
}

const TYPES: ReadonlySet<ValueType> = new Set(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}

function scalars(): ValueSchema {
  return { type: ['string', 'number', 'boolean', 'null'], maxLength: SHORT_TEXT };
}

function numberOf(name: string, type: 'integer' | 'number', schema: JsonObject): Learned {
  const minimum = numberAt(schema, 'minimum');
  const maximum = numberAt(schema, 'maximum');
  const above = numberAt(schema, 'exclusiveMinimum');
  const below = numberAt(schema, 'exclusiveMaximum');
  const isCount = /limit|count|size|page|offset|max|head|tail|top|depth|num/iu.test(name);
  const isBounded = (minimum ?? above) !== undefined && (maximum ?? below) !== undefined;
  const greatest = isCount ? MAX_COUNT : 1_000_000_000;
  const low =
    minimum === undefined && above === undefined
      ? { minimum: Math.min(isCount ? 0 : -greatest, maximum ?? below ?? 0) }
      : {};
  const high =
    maximum === undefined && below === undefined ? { maximum: Math.max(greatest, minimum ?? above ?? 0) } : {};
  return {
    schema: {
      type,
      ...low,
      ...(minimum === undefined ? {} : { minimum }),
      ...(above === undefined ? {} : { exclusiveMinimum: above }),
      ...high,
      ...(maximum === undefined ? {} : { maximum }),
      ...(below === undefined ? {} : { exclusiveMaximum: below }),
    },
    why: isBounded ? 'the bounds of its schema' : 'its schema does not bound it on both sides: bounds were chosen',
  };
}

/** Patterns of JSON Schema are ECMAScript's; those that RE2 does not know are left out. */
function patternOf(schema: JsonObject): Pick<ValueSchema, 'pattern'> {
  const pattern = own(schema, 'pattern');
  if (typeof pattern !== 'string' || pattern.length > 1000) return {};
  try {
    compilePattern(pattern);
    return { pattern };
  } catch {
    return {};
  }
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = own(schema, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function countAt(schema: JsonObject, key: string): number | undefined {
  const value = numberAt(schema, key);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
