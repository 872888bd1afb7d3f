import { clonePlain, type JsonObject } from '@callgate/canonical';
import * as z from 'zod';

import { exceptionsSchema } from './schema-exceptions.ts';
import { policySchema } from './schema.ts';

/**
 * The JSON Schema (draft 2020-12) of the policy document, for editors: names, types and descriptions.
 *
 * Loading checks more than a JSON Schema can say: durations, patterns, bounds that contradict each other.
 */
export function policyJsonSchema(): JsonObject {
  return jsonSchemaOf(policySchema, 'callgate policy');
}

/** The JSON Schema (draft 2020-12) of a register of exceptions, for editors. Loading checks more, as for policies. */
export function exceptionsJsonSchema(): JsonObject {
  return jsonSchemaOf(exceptionsSchema, 'callgate register of exceptions');
}

function jsonSchemaOf(document: z.ZodType, title: string): JsonObject {
  const schema = z.toJSONSchema(document, { io: 'input', target: 'draft-2020-12' });
  const { '~standard': _, ...plain } = { ...schema, title };
  return clonePlain(plain, {}, { dropUndefined: true }) as JsonObject;
}
