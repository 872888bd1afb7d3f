import { clonePlain, type JsonObject } from '@callgate/canonical';
import * as z from 'zod';

import { policySchema } from './schema.ts';

/**
 * The JSON Schema (draft 2020-12) of the policy document, for editors: names, types and descriptions.
 *
 * Loading checks more than a JSON Schema can say: durations, patterns, bounds that contradict each other.
 */
export function policyJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(policySchema, { io: 'input', target: 'draft-2020-12' });
  const { '~standard': _, ...plain } = { ...schema, title: 'callgate policy' };
  return clonePlain(plain, {}, { dropUndefined: true }) as JsonObject;
}
