import type { JsonValue } from '@callgate/canonical';
import * as z from 'zod';

import { closed, text, words } from './schema-parts.ts';
import type { ArgumentSchema, EnvelopeDocument, KindSchema, ValueSchema, ValueType } from './types.ts';

const typeName: z.ZodType<ValueType> = words(
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
  'any',
);
const finite = z.number({ error: 'a finite number' });
const count = z
  .number({ error: 'a whole number, 0 or more' })
  .int({ error: 'a whole number, 0 or more' })
  .min(0, { error: 'a whole number, 0 or more' });
const json = z.json() as unknown as z.ZodType<JsonValue>;

/** What one value may be. A value that has a `kind` is only looked at for what all kinds share: the rest is up to the kind. */
const argumentSchema: z.ZodType<ArgumentSchema> = z
  .lazy(() => z.union([valueObject, kindObject], { error: SCHEMA_WORDS }))
  .meta({ id: 'value' });

const SCHEMA_WORDS = 'a schema: an object of keywords such as `type`, `enum` and `maximum`, or one with a `kind`';

const optional = z
  .boolean({ error: '`true` or `false`' })
  .describe('The argument or property may be absent; default: `false`')
  .exactOptional();
const quarantined = words('allow')
  .describe(
    'The value may be something in quarantine, by its handle, which must fit the schema all the same; tools only',
  )
  .exactOptional();
const message = z
  .string({ error: 'text' })
  .min(1, { error: 'text that is not empty' })
  .max(500, { error: 'at most 500 characters' })
  .describe('The author’s words for a value that fails')
  .exactOptional();

const kindObject: z.ZodType<KindSchema> = z
  .looseObject(
    { kind: text('the name of an argument kind').describe('An argument kind'), optional, quarantined, message },
    { error: SCHEMA_WORDS },
  )
  .meta({ id: 'kind' }) as unknown as z.ZodType<KindSchema>;

const typeWords =
  'a type name or a list of them: `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`, `any`';

const valueObject: z.ZodType<ValueSchema> = closed(
  {
    type: z
      .union([typeName, z.array(typeName).min(1)], { error: typeWords })
      .describe('JSON type, or a list of them; `integer` accepts 1.0; `any` accepts every value')
      .exactOptional(),
    enum: z
      .array(json, { error: 'a list of values' })
      .min(1, { error: 'a list of at least one value' })
      .describe('The value must equal one of these')
      .exactOptional(),
    const: json.describe('The value must equal this').exactOptional(),
    minimum: finite.describe('Smallest number accepted').exactOptional(),
    maximum: finite.describe('Largest number accepted').exactOptional(),
    exclusiveMinimum: finite.describe('The number must be above this').exactOptional(),
    exclusiveMaximum: finite.describe('The number must be below this').exactOptional(),
    multipleOf: finite
      .positive({ error: 'a number above 0' })
      .describe('The number must be a multiple of this, exact in decimal')
      .exactOptional(),
    minLength: count.describe('Fewest Unicode code points').exactOptional(),
    maxLength: count.describe('Most Unicode code points').exactOptional(),
    pattern: z
      .string({ error: 'a pattern in RE2 syntax' })
      .max(4096, { error: 'a pattern of at most 4096 characters' })
      .describe('RE2 pattern, found anywhere in the string unless anchored with ^ and $')
      .exactOptional(),
    items: argumentSchema.describe('What every item must be').exactOptional(),
    minItems: count.describe('Fewest items').exactOptional(),
    maxItems: count.describe('Most items').exactOptional(),
    uniqueItems: z
      .boolean({ error: '`true` or `false`' })
      .describe('No two items may be equal; default: `false`')
      .exactOptional(),
    properties: z
      .record(z.string(), argumentSchema, { error: 'an object of property names and schemas' })
      .describe('The properties accepted; required unless `optional`')
      .exactOptional(),
    additional: z
      .union([z.boolean(), argumentSchema], { error: '`true`, `false` or a schema' })
      .describe('What properties that are not listed must be; default: `false`, none are accepted')
      .exactOptional(),
    optional,
    quarantined,
    message,
  },
  SCHEMA_WORDS,
).meta({ id: 'schema' });

/** The arguments of a tool by name. */
export const argumentsSchema: z.ZodType<Readonly<Record<string, ArgumentSchema>>> = z.record(
  z.string(),
  argumentSchema,
  {
    error: 'an object of argument names and schemas',
  },
);

/** The argument objects accepted. */
export const envelopeSchema: z.ZodType<EnvelopeDocument> = z
  .union([z.literal('any'), z.record(z.string(), argumentSchema)], {
    error: '`any`, or an object of argument names and schemas',
  })
  .meta({ id: 'envelope' });
