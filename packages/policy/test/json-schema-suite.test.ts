import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { clonePlain, isJsonObject, type JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { PolicyError, decide, type CompiledPolicy } from '../src/index.ts';
import { toolCall, valuePolicy } from './support/policies.ts';
import { fromJsonSchema } from './support/json-schema.ts';

interface Row {
  readonly id: string;
  readonly schema: JsonValue;
  readonly data: JsonValue;
  readonly optional: boolean;
  readonly needs_remotes: boolean;
  readonly label: 'valid' | 'invalid';
}

const corpora = process.env['CALLGATE_CORPORA'];
const file = `${corpora ?? ''}/json_schema/draft2020-12.jsonl.gz`;
const isAvailable = corpora !== undefined && existsSync(file);

const IMPLIED: Readonly<Record<string, string>> = {
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  multipleOf: 'number',
  minLength: 'string',
  maxLength: 'string',
  pattern: 'string',
  items: 'array',
  minItems: 'array',
  maxItems: 'array',
  uniqueItems: 'array',
  properties: 'object',
  additionalProperties: 'object',
  required: 'object',
};

/** Whether the schema's keywords are about values of this type: the one place where ours says no and JSON Schema says yes. */
function isOfImpliedType(schema: JsonValue, data: JsonValue): boolean {
  if (!isJsonObject(schema)) return true;
  const kind = data === null ? 'null' : Array.isArray(data) ? 'array' : typeof data;
  const implied = Object.keys(schema).flatMap((key) => IMPLIED[key] ?? []);
  if (schema['type'] === undefined && implied.some((type) => type !== kind)) return false;
  const { items } = schema;
  if (Array.isArray(data) && isJsonObject(items)) {
    return (data as readonly JsonValue[]).every((item) => isOfImpliedType(items, item));
  }
  if (isJsonObject(data)) {
    const { properties, additionalProperties } = schema;
    return Object.entries(data).every(([name, item]) => {
      const nested =
        isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      return nested === undefined || isOfImpliedType(nested, item);
    });
  }
  return true;
}

describe.skipIf(!isAvailable)('the official JSON Schema 2020-12 cases for our keywords', () => {
  it('are decided as the suite says, for values of the type that the keyword bounds', () => {
    const rows = gunzipSync(readFileSync(file))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const policies = new Map<string, CompiledPolicy | undefined>();
    const wrong: string[] = [];
    let checked = 0;
    for (const row of rows) {
      if (row.optional || row.needs_remotes || !isOfImpliedType(row.schema, row.data)) continue;
      const key = JSON.stringify(row.schema);
      if (!policies.has(key)) policies.set(key, policyFor(row.schema));
      const policy = policies.get(key);
      if (policy === undefined) continue;
      checked += 1;
      const isAllowed = decide(policy, toolCall({ value: clonePlain(row.data) })).effect === 'allow';
      if (isAllowed !== (row.label === 'valid')) wrong.push(row.id);
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(250);
  });
});

/** Undefined where the schema is outside the vocabulary, or says what a policy may not say. */
function policyFor(schema: JsonValue): CompiledPolicy | undefined {
  const converted = fromJsonSchema(schema);
  if (converted === undefined) return undefined;
  try {
    return valuePolicy(converted);
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}

it.skipIf(isAvailable)('skipped, set CALLGATE_CORPORA to run the official JSON Schema cases', () => {
  expect(isAvailable).toBe(false);
});
