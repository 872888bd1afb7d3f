import * as z from 'zod';

import { specification, texts, whole } from '../internal/specification.ts';

/** The keys of `{ kind: json }`. */
export interface JsonTextSpecification {
  /** What the text is of: one or several JSON types. Default: any. */
  readonly type?: JsonTextType | readonly JsonTextType[];
  /** For objects: the names that members at the top may have. Default: any. */
  readonly keys?: readonly string[];
  /** For objects: the names that members at the top must have, of those in `keys`. */
  readonly required?: readonly string[];
  /** The longest text, in UTF-16 code units. Default 65,536. */
  readonly maxLength?: number;
  /** The most objects and arrays inside each other, 0 to 100. Default 16. */
  readonly maxDepth?: number;
  /** The most members of one object. Default 1,000. */
  readonly maxKeys?: number;
  /** The most items of one array. Default 10,000. */
  readonly maxItems?: number;
}

export type JsonTextType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

function type(): z.ZodEnum<{ [Name in JsonTextType]: Name }> {
  return z.enum(['object', 'array', 'string', 'number', 'boolean', 'null'], { error: 'a JSON type' });
}

/** The schema of {@link JsonTextSpecification}. */
export const jsonSpecification: z.ZodObject & z.ZodType<JsonTextSpecification> = specification({
  type: z
    .union([type(), z.array(type()).min(1).max(6)], { error: 'a JSON type, or a list of them' })
    .describe('What the text is of: one or several JSON types. Default: any.')
    .exactOptional(),
  keys: texts('member name')
    .describe('For objects: the names that members at the top may have. Default: any.')
    .exactOptional(),
  required: texts('member name').describe('For objects: the names that members at the top must have.').exactOptional(),
  maxLength: whole(1, 1_048_576).describe('The longest text, in UTF-16 code units. Default 65,536.').exactOptional(),
  maxDepth: whole(0, 100).describe('The most objects and arrays inside each other. Default 16.').exactOptional(),
  maxKeys: whole(0, 100_000).describe('The most members of one object. Default 1,000.').exactOptional(),
  maxItems: whole(0, 500_000).describe('The most items of one array. Default 10,000.').exactOptional(),
});
