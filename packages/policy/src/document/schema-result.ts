import * as z from 'zod';

import { CONTENT_KINDS, RESULT_CLASSES, RESULT_OVER, RESULT_TREATMENTS } from '../results/result-rules.ts';
import { closed, texts, words } from './schema-parts.ts';
import type { ResultDocument } from './types.ts';

const classes = z
  .array(words(...RESULT_CLASSES), { error: `a list of ${RESULT_CLASSES.join(', ')}` })
  .min(1, { error: 'a list of at least one class' })
  .max(RESULT_CLASSES.length, { error: 'each class once' });

const whole = z
  .number({ error: 'a whole number above 0' })
  .int({ error: 'a whole number above 0' })
  .positive({ error: 'a whole number above 0' });

const pointer = z
  .string({ error: 'a JSON pointer' })
  .max(1024, { error: 'a JSON pointer' })
  .regex(/^(?:\/(?:[^~]|~[01])*)?$/u, { error: 'a JSON pointer' });

/** How many scalars a denial may tell. */
const MAX_RELEASED = 16;

/** How results are inspected. */
export const resultSchema: z.ZodType<ResultDocument> = z
  .union(
    [
      z.literal('off'),
      closed(
        {
          pass: classes.describe('Classes that pass as they are; default: the rest').exactOptional(),
          flag: classes.describe('Classes that are reported, and pass; default: `link`').exactOptional(),
          redact: classes
            .describe('Classes that are masked in place; default: `secret`, `password`, `invisible`')
            .exactOptional(),
          quarantine: classes.describe('Classes for which the result is withheld, and kept').exactOptional(),
          reject: classes.describe('Classes for which the result is refused').exactOptional(),
          instructions: words(...RESULT_TREATMENTS)
            .describe('What is done about instruction-like text; default: `quarantine`')
            .exactOptional(),
          schema: words('manifest', 'any')
            .describe('Whether structured content must fit the tool’s own output schema; default: `manifest`')
            .exactOptional(),
          content: z
            .array(words(...CONTENT_KINDS), { error: `a list of ${CONTENT_KINDS.join(', ')}` })
            .min(1, { error: 'a list of at least one kind of content' })
            .max(CONTENT_KINDS.length, { error: 'each kind once' })
            .describe('Kinds of content a tool’s result may be made of; default: all')
            .exactOptional(),
          mimeTypes: texts('MIME type')
            .describe('MIME types of pictures, sound and resources, with * for any run; default: all')
            .exactOptional(),
          rows: closed(
            {
              at: pointer.describe('Where the array stands in the structured content, or in text that is JSON'),
              max: whole.describe('How many entries pass'),
              then: words('trim', 'quarantine', 'reject')
                .describe(
                  'What becomes of more: the rest is cut off and said so, or the result withheld; default: `quarantine`',
                )
                .exactOptional(),
            },
            'an object with `at` and `max`',
          )
            .describe('How many rows a result may hold; default: any number')
            .exactOptional(),
          release: z
            .array(pointer, { error: 'a list of JSON pointers' })
            .min(1, { error: 'a list of at least one JSON pointer' })
            .max(MAX_RELEASED, { error: 'at most 16 JSON pointers' })
            .describe(
              'Where numbers, booleans and short plain strings stand that may be told of a result that is withheld; default: none',
            )
            .exactOptional(),
          maxTokens: whole.describe('Estimated tokens of all text; default: any number').exactOptional(),
          over: words(...RESULT_OVER)
            .describe(
              'What becomes of more than `maxTokens`: the longest texts are cut and say so, or the result withheld; default: `quarantine`',
            )
            .exactOptional(),
        },
        'an object with `redact`, `instructions` and the like',
      ).refine((result) => Object.keys(result).length > 0, { error: 'at least one key' }),
    ],
    { error: '`off`, or an object' },
  )
  .meta({ id: 'result' });
