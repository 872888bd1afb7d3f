import { isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ValueSchema } from '../../src/index.ts';

/** Our schema as JSON Schema 2020-12. Only for schemas whose types are explicit. */
export function toJsonSchema(schema: ValueSchema): JsonObject {
  const { optional: _, additional, properties, items, type, message: __, ...rest } = schema;
  const isObject = properties !== undefined || additional !== undefined || type === 'object';
  return {
    ...(rest as JsonObject),
    ...(type === undefined || type === 'any' ? {} : { type }),
    ...(items === undefined ? {} : { items: toJsonSchema(items) }),
    ...(isObject ? objectKeywords(properties ?? {}, additional ?? false) : {}),
  };
}

function objectKeywords(
  properties: Readonly<Record<string, ValueSchema>>,
  additional: boolean | ValueSchema,
): JsonObject {
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, toJsonSchema(schema)])),
    required: Object.keys(properties).filter((name) => properties[name]?.optional !== true),
    additionalProperties: typeof additional === 'boolean' ? additional : toJsonSchema(additional),
  };
}

const SAME: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
]);

/** JSON Schema as ours; undefined where it uses what the closed vocabulary leaves out. */
export function fromJsonSchema(schema: JsonValue): ValueSchema | undefined {
  if (schema === true) return { type: 'any' };
  if (!isJsonObject(schema)) return undefined;
  const result: Record<string, unknown> = {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema' || key === 'required') continue;
    if (SAME.has(key)) result[key] = value;
    else if (key === 'items') result['items'] = fromJsonSchema(value);
    else if (key === 'additionalProperties')
      result['additional'] = typeof value === 'boolean' ? value : fromJsonSchema(value);
    else if (key === 'properties' && isJsonObject(value)) {
      const entries = Object.entries(value).map(([name, item]) => {
        const converted = fromJsonSchema(item);
        return [
          name,
          converted === undefined || required.includes(name) ? converted : { ...converted, optional: true },
        ] as const;
      });
      if (entries.some(([, item]) => item === undefined)) return undefined;
      result['properties'] = Object.fromEntries(entries);
    } else return undefined;
  }
  if (Object.values(result).includes(undefined)) return undefined;
  const properties: object = result['properties'] ?? {};
  const undescribed = required
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => [name, { type: 'any' }]);
  if (undescribed.length > 0) result['properties'] = { ...properties, ...Object.fromEntries(undescribed) };
  const acceptsObjects = result['properties'] !== undefined || [result['type']].flat().includes('object');
  // an object without `additional` is open there and closed here
  if (acceptsObjects && result['additional'] === undefined) result['additional'] = true;
  if (Object.keys(result).length === 0) return { type: 'any' };
  return result;
}
