import * as z from 'zod';

import {
  closed,
  conditionSchema,
  effectSchema,
  idSchema,
  ringSchema,
  stageSchema,
  text,
  texts,
} from './schema-parts.ts';
import { whoSchema } from './schema-who.ts';
import type { OneOrMore, ResourceMatchDocument, RuleDocument, RuleMatchDocument } from './types.ts';

const MAX_PATTERNS = 1000;

function oneOrMore<Item>(item: z.ZodType<Item>, expected: string): z.ZodType<OneOrMore<Item>> {
  const error = `${expected}, or a list of them`;
  const list = z
    .array(item, { error })
    .min(1, { error })
    .max(MAX_PATTERNS, { error: `at most ${MAX_PATTERNS} items` });
  return z.union([item, list], { error }) as z.ZodType<OneOrMore<Item>>;
}

/** Things outside that arguments name, whichever tool carries them. */
const resourceMatchSchema: z.ZodType<ResourceMatchDocument> = closed(
  {
    paths: texts('path pattern').describe('* is any run within a segment, ** any run of segments').exactOptional(),
    hosts: texts('host').describe('Hosts; .example.com stands for itself and everything below it').exactOptional(),
    tables: texts('table name').describe('Tables, with their schema or without').exactOptional(),
    programs: texts('program name').describe('Programs, without folder').exactOptional(),
    addresses: texts('address pattern').describe('E-mail addresses, with * for any run of characters').exactOptional(),
  },
  'an object with `paths`, `hosts`, `tables`, `programs` or `addresses`',
).refine((match) => Object.keys(match).length > 0, {
  error: 'at least one of `paths`, `hosts`, `tables`, `programs`, `addresses`',
});

/** Which messages a rule or a control is about. */
export const matchSchema: z.ZodType<RuleMatchDocument> = closed(
  {
    server: oneOrMore(text('a server pattern'), 'a server pattern')
      .describe('Servers, with * for any run')
      .exactOptional(),
    tool: oneOrMore(text('a tool pattern'), 'a tool pattern').describe('Tools, with * for any run').exactOptional(),
    method: oneOrMore(text('a method pattern'), 'a method pattern')
      .describe('Methods; default: what the client asks of tools, prompts, resources and custom methods')
      .exactOptional(),
    ring: oneOrMore(ringSchema, 'a ring')
      .describe('The tool’s ring, and every ring that rules raise it to')
      .exactOptional(),
    effect: oneOrMore(effectSchema, 'an effect').describe('What the tool does to the world').exactOptional(),
    labels: oneOrMore(text('a label'), 'a label').describe('Labels of the tool').exactOptional(),
    who: whoSchema.describe('Principals').exactOptional(),
    resources: resourceMatchSchema.describe('What arguments name, whichever tool carries them').exactOptional(),
  },
  'an object with `server`, `tool`, `method`, `ring`, `effect`, `labels`, `who` or `resources`',
).meta({ id: 'match' });

const outcome = z.union([z.literal(true), conditionSchema], { error: '`true`, or a condition in CEL' });

const OUTCOMES = ['deny', 'hold', 'raise', 'observe'] as const;

/** One cross-cutting rule. */
export const ruleSchema: z.ZodType<RuleDocument> = closed(
  {
    id: idSchema.describe('Unique name of the rule'),
    match: matchSchema.describe('What it is about; default: every call').exactOptional(),
    deny: outcome.describe('Denies what the condition holds for').exactOptional(),
    hold: outcome.describe('Holds for approval what the condition holds for').exactOptional(),
    raise: closed(
      {
        ring: z
          .union([z.literal(1), z.literal(2), z.literal(3)], { error: 'a ring: `1`, `2` or `3`' })
          .describe('The ring that calls are judged as of, at least'),
        when: conditionSchema.describe('Only calls that this condition holds for').exactOptional(),
      },
      'an object with `ring` and `when`',
    )
      .describe('Judges calls as of a higher ring')
      .exactOptional(),
    observe: outcome.describe('Marks calls in the record; nothing else happens').exactOptional(),
    by: texts('approver').describe('Who may approve what is held; default: anybody who can').exactOptional(),
    message: text('text', 500).describe('The author’s words for a denial').exactOptional(),
    owner: text('an owner').describe('Who answers for this rule').exactOptional(),
    stage: stageSchema.describe('Whether the rule counts; default: the policy’s').exactOptional(),
  },
  'a rule: an object with `id` and one of `deny`, `hold`, `raise` and `observe`',
)
  .refine((rule) => OUTCOMES.filter((key) => Object.hasOwn(rule, key)).length === 1, {
    error: 'exactly one of `deny`, `hold`, `raise`, `observe`',
  })
  .meta({ id: 'rule' });
