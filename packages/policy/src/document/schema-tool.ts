import * as z from 'zod';

import { applySchema, costSchema, idempotencySchema, planSchema } from './schema-control.ts';
import { envelopeSchema } from './schema-envelope.ts';
import {
  closed,
  conditionSchema,
  durationSchema,
  effectSchema,
  pointerSchema,
  ringSchema,
  sizeSchema,
  stageSchema,
  text,
  texts,
  words,
} from './schema-parts.ts';
import { outgoingSchema } from './schema-outgoing.ts';
import { resultSchema } from './schema-result.ts';
import { whoSchema } from './schema-who.ts';
import type { DispatchDocument, MethodDocument, SummaryDocument, ToolDocument } from './types.ts';

const summarySchema: z.ZodType<SummaryDocument> = closed(
  {
    resource: text('a resource category').describe('Category of what the call touches').exactOptional(),
    keep: texts('argument name')
      .describe('Arguments recorded as they are when the envelope bounds them tightly')
      .exactOptional(),
    bucket: texts('argument name').describe('Arguments recorded as a size bucket').exactOptional(),
    restricted: closed(
      {
        at: pointerSchema('a JSON pointer into the arguments').describe('Where the asked-for names stand'),
        names: texts('restricted name').describe('Names to report when asked for'),
      },
      'an object with `at` and `names`',
    )
      .describe('Restricted names to report when a call asks for them')
      .exactOptional(),
  },
  'an object with `resource`, `keep`, `bucket` or `restricted`',
);

const INTO_ARGUMENTS = 'a JSON pointer such as `/name`';

const dispatchSchema: z.ZodType<DispatchDocument> = closed(
  {
    tool: pointerSchema(INTO_ARGUMENTS).describe('Where the inner tool’s name stands'),
    arguments: pointerSchema(`${INTO_ARGUMENTS}, or the empty string`, true).describe(
      'Where the inner arguments stand',
    ),
    server: pointerSchema(INTO_ARGUMENTS)
      .describe('Where the inner server’s name stands; default: the same server')
      .exactOptional(),
    each: pointerSchema(INTO_ARGUMENTS)
      .describe('An array of inner calls; the other pointers then start at its items')
      .exactOptional(),
  },
  'an object with `tool` and `arguments`',
);

const approvalSchema = z.union(
  [
    z.literal('required'),
    closed(
      {
        by: texts('approver').describe('Who may approve').exactOptional(),
        when: conditionSchema.describe('Only calls that this condition holds for are held').exactOptional(),
      },
      'an object with `by` and `when`',
    ),
  ],
  { error: '`required`, or an object with `by` and `when`' },
);

/** One tool, or a pattern of tools. */
export const toolSchema: z.ZodType<ToolDocument> = closed(
  {
    ring: ringSchema.describe(
      'How much it can do: 0 public metadata, 1 narrow read, 2 broad read or bounded write, 3 destructive, always held',
    ),
    effect: effectSchema
      .describe('What it does to the world; default: by ring, read in 0 and 1, write in 2, destructive in 3')
      .exactOptional(),
    who: whoSchema.describe('Who may call; default: anybody').exactOptional(),
    arguments: envelopeSchema
      .describe('The arguments accepted: listed names, or `any`; needed from ring 1 on')
      .exactOptional(),
    approval: approvalSchema.describe('Calls that otherwise pass are held for a person').exactOptional(),
    timeout: durationSchema.describe('Hard deadline of a call; default: the server’s').exactOptional(),
    maxResultBytes: sizeSchema.describe('Largest result that may pass; default: the server’s').exactOptional(),
    result: resultSchema.describe('How results are inspected; default: key by key the server’s').exactOptional(),
    outgoing: outgoingSchema.describe('How arguments are inspected; default: the server’s').exactOptional(),
    stage: stageSchema.describe('Whether decisions count; default: the server’s').exactOptional(),
    owner: text('an owner').describe('Who answers for this entry').exactOptional(),
    message: text('text', 500).describe('The author’s words for a denial').exactOptional(),
    summary: summarySchema.describe('What the record may show').exactOptional(),
    labels: texts('label').describe('What its results are, for rules to match on').exactOptional(),
    sink: text('a sink')
      .describe('Its calls send data out, for flows to stop: `external`, or a name of your own')
      .exactOptional(),
    declassifies: texts('label').describe('Labels that its success lifts from the run').exactOptional(),
    idempotency: idempotencySchema.describe('A call with the same key has no second effect').exactOptional(),
    plan: planSchema.describe('It makes plans, for `apply`').exactOptional(),
    apply: applySchema.describe('It carries out a plan that the same run has made').exactOptional(),
    cost: costSchema.describe('What a call costs, in units of your own; default: the server’s').exactOptional(),
    dispatch: dispatchSchema.describe('The tool carries calls of other tools: authorise them too').exactOptional(),
  },
  'a tool entry: an object with at least `ring`',
).meta({ id: 'tool' });

/** A request or notification that MCP does not define. */
export const methodSchema: z.ZodType<MethodDocument> = closed(
  {
    direction: words('client-to-server', 'server-to-client').describe('Who sends it'),
    ring: ringSchema.describe('As for tools'),
    effect: effectSchema.describe('What it does to the world; default: by ring, as for tools').exactOptional(),
    params: envelopeSchema.describe('The params accepted, `_meta` aside').exactOptional(),
    who: whoSchema.describe('Who may send it; default: anybody').exactOptional(),
    timeout: durationSchema.describe('Hard deadline; default: the server’s').exactOptional(),
  },
  'a method entry: an object with at least `direction` and `ring`',
).meta({ id: 'method' });
