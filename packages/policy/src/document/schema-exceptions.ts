import * as z from 'zod';

import { parseInstant } from '../internal/instant.ts';
import { argumentsSchema } from './schema-envelope.ts';
import { closed, text, texts } from './schema-parts.ts';
import { whoSchema } from './schema-who.ts';
import type { ExceptionDocument, ExceptionsDocument } from './types.ts';

const INSTANT_WORDS = 'a date or RFC 3339 date-time, such as `2026-11-25` or `2026-11-25T08:00:00Z`';

const instantSchema: z.ZodType<string> = z
  .string({ error: INSTANT_WORDS })
  .refine((value) => parseInstant(value) !== undefined, { error: INSTANT_WORDS });

const renewalSchema = closed(
  {
    at: instantSchema.describe('When it was renewed'),
    by: text('who approved').describe('Who approved that'),
    until: instantSchema.describe('Until when it was renewed').exactOptional(),
  },
  'an object with `at` and `by`',
);

const waivesSchema = closed(
  {
    rules: texts('rule id').describe('Rules, meters, breakers and flows that then say nothing, by id').exactOptional(),
    approval: z
      .literal(true, { error: '`true`' })
      .describe('The tool’s own approval; never that of ring 3')
      .exactOptional(),
  },
  'an object with `rules` or `approval`',
).refine((waives) => Object.keys(waives).length > 0, { error: 'at least one of `rules`, `approval`' });

const exceptionSchema: z.ZodType<ExceptionDocument> = closed(
  {
    id: z
      .string({ error: 'an id' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/u, { error: 'an id of letters, digits, `_`, `.` and `-`' })
      .describe('Unique name, in records too'),
    owner: text('an owner').describe('Who answers for it'),
    reason: text('a reason', 1000).describe('Why it is needed'),
    server: text('a server name').describe('The server, exactly'),
    tool: text('a tool name').describe('The tool, exactly'),
    who: whoSchema.describe('For whom; default: everybody whom the tool is open to').exactOptional(),
    arguments: argumentsSchema.describe('The arguments accepted as well: a whole envelope').exactOptional(),
    waives: waivesSchema.describe('What else does not apply').exactOptional(),
    approver: text('an approver').describe('Who approved it'),
    created: instantSchema.describe('From when it is in force'),
    expires: instantSchema.describe('From when it is not any more'),
    renewals: z
      .array(renewalSchema, { error: 'a list of renewals' })
      .max(1000, { error: 'at most 1000 renewals' })
      .describe('Its earlier renewals')
      .exactOptional(),
  },
  'an exception: an object with `id`, `owner`, `reason`, `server`, `tool`, `approver`, `created` and `expires`',
)
  .refine((exception) => exception.arguments !== undefined || exception.waives !== undefined, {
    error: 'at least one of `arguments`, `waives`',
  })
  .meta({ id: 'exception' });

/** A register of exceptions. */
export const exceptionsSchema: z.ZodType<ExceptionsDocument> = closed(
  {
    callgate: z
      .literal(1, { error: '`1`, the version of the policy language' })
      .describe('Version of the policy language'),
    exceptions: z
      .array(exceptionSchema, { error: 'a list of exceptions' })
      .max(10_000, { error: 'at most 10000 exceptions' })
      .describe('The exceptions; their order never matters'),
  },
  'a register of exceptions: an object with `callgate` and `exceptions`',
);
