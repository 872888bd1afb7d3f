import * as z from 'zod';

import type {
  ApplyDocument,
  BreakerDocument,
  CostDocument,
  FlowDocument,
  IdempotencyDocument,
  MeterDocument,
  PlanDocument,
} from './control-types.ts';
import { closed, durationSchema, idSchema, pointerSchema, stageSchema, text, texts, words } from './schema-parts.ts';
import { matchSchema } from './schema-rule.ts';
import { ARGUMENT_PATH, parsePercent, parseRate, parseWindow } from './units.ts';

const NUMBER = 'a number, not negative';

const amount: z.ZodType<number> = z
  .number({ error: NUMBER })
  .min(0, { error: NUMBER })
  .max(Number.MAX_SAFE_INTEGER, { error: 'a number of at most 2^53 - 1' });

function whole(least: number, most: number): z.ZodType<number> {
  const error = `a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

function parsed(expected: string, parse: (value: string) => unknown): z.ZodType<string> {
  return z.string({ error: expected }).refine((value) => parse(value) !== undefined, { error: expected });
}

const windowSchema = parsed(
  'a duration such as `30s`, `10m`, `1h` or `7d`, over 0 and at most 366 d',
  parseWindow,
).meta({ id: 'window' });
const percentSchema = parsed('a share such as `75%`, over 0 and at most 100', parsePercent).meta({ id: 'share' });
const rateSchema = parsed('a rate such as `60/1m`: how many calls in how long', parseRate).meta({ id: 'rate' });

const KEY_WORDS =
  'a key: `run`, `server`, `tool`, `environment`, `principal.user`, `principal.agent`, `principal.workload`, `principal.team`, `principal.tenant`, `arguments`, or an argument such as `arguments.id`';
const KEYS = /^(?:run|server|tool|environment|principal\.(?:user|agent|workload|team|tenant)|arguments(?:$|[./].*))$/u;

function isKey(value: string): boolean {
  return KEYS.test(value) && (!/^arguments[./]/u.test(value) || ARGUMENT_PATH.test(value));
}

const keySchema = z
  .string({ error: KEY_WORDS })
  .max(1024, { error: KEY_WORDS })
  .refine(isKey, { error: KEY_WORDS })
  .meta({ id: 'key' });
const perSchema = z
  .array(keySchema, { error: 'a list of keys' })
  .max(8, { error: 'at most 8 keys' })
  .refine((keys) => new Set(keys).size === keys.length, { error: 'a list of distinct keys' })
  .describe('What it is kept by, each value on its own; none: one for everything');

const COUNT_WORDS = '`calls`, `failures`, `denials`, `open`, or `distinct` and a key, such as `distinct arguments.id`';
const countSchema = z
  .string({ error: COUNT_WORDS })
  .max(1024, { error: COUNT_WORDS })
  .refine(
    (value) =>
      ['calls', 'failures', 'denials', 'open'].includes(value) ||
      (value.startsWith('distinct ') && isKey(value.slice('distinct '.length))),
    { error: COUNT_WORDS },
  );

const SUM_WORDS = '`cost`, `bytes`, `rows`, `tokens`, or an argument such as `arguments.amount`';
const sumSchema = z
  .string({ error: SUM_WORDS })
  .max(1024, { error: SUM_WORDS })
  .refine((value) => ['cost', 'bytes', 'rows', 'tokens'].includes(value) || ARGUMENT_PATH.test(value), {
    error: SUM_WORDS,
  });

const NAME_WORDS = 'an argument such as `request_id` or `options.id`';
const argumentSchema = z
  .string({ error: NAME_WORDS })
  .max(1024, { error: NAME_WORDS })
  .refine((value) => ARGUMENT_PATH.test(`arguments.${value}`), { error: NAME_WORDS });

const then = words('deny', 'hold');

const shared = {
  id: idSchema.describe('Unique name among rules, meters, breakers and flows'),
  match: matchSchema.describe('What it is about, as of rules; default: every tool call').exactOptional(),
  then: then.describe('What is done about a call that goes over; default: `deny`').exactOptional(),
  by: texts('approver').describe('Who may approve what is held; default: anybody who can').exactOptional(),
  message: text('text', 500).describe('The author’s words for what is refused').exactOptional(),
  owner: text('an owner').describe('Who answers for it').exactOptional(),
  stage: stageSchema.describe('Whether it counts; default: the policy’s').exactOptional(),
};

/** A count, sum or rate of something, and its bounds. */
export const meterSchema: z.ZodType<MeterDocument> = closed(
  {
    ...shared,
    count: countSchema.describe('What is counted').exactOptional(),
    sum: sumSchema.describe('What is added up').exactOptional(),
    rate: rateSchema.describe('So many calls in so long, evenly').exactOptional(),
    burst: whole(1, 1_000_000).describe('How many calls of a rate may come at once; default: `1`').exactOptional(),
    per: perSchema,
    within: windowSchema.describe('The sliding window; default: nothing is forgotten').exactOptional(),
    soft: amount.describe('Over it the call goes ahead and the decision says so').exactOptional(),
    max: amount.describe('The most; `0` allows none').exactOptional(),
    reserve: amount
      .describe('What a call under way counts of a sum until its result is known; default: `0`')
      .exactOptional(),
    queue: closed(
      {
        depth: whole(1, 100_000).describe('How many calls may wait'),
        wait: durationSchema.describe('How long each may wait'),
      },
      'an object with `depth` and `wait`',
    )
      .describe('Calls over a cap of `open` ones wait for a place; default: they are refused')
      .exactOptional(),
    degrade: closed(
      {
        from: percentSchema.describe('From which share of `max`'),
        cost: amount.describe('Calls that cost at least so much are refused'),
      },
      'an object with `from` and `cost`',
    )
      .describe('Near the cap of `open` calls, expensive ones are refused first')
      .exactOptional(),
  },
  'a meter: an object with `id`, `per` and one of `count`, `sum` and `rate`',
)
  .refine((meter) => [meter.count, meter.sum, meter.rate].filter((value) => value !== undefined).length === 1, {
    error: 'exactly one of `count`, `sum`, `rate`',
  })
  .meta({ id: 'meter' });

/** What stops calls for a time. */
export const breakerSchema: z.ZodType<BreakerDocument> = closed(
  {
    ...shared,
    on: words(
      'identical failure',
      'consecutive failure',
      'denial',
      'failure',
      'latency',
      'cycle',
      'same result',
    ).describe('What trips it'),
    per: perSchema,
    volatile: texts('argument name')
      .describe('Arguments that do not make a call another one; with `arguments` in `per`')
      .exactOptional(),
    after: whole(1, 1000).describe('How many times').exactOptional(),
    rate: percentSchema.describe('Which share of the last calls, for `failure`').exactOptional(),
    of: whole(1, 1000)
      .describe('How many of the last calls are looked at, for `failure` and `latency`')
      .exactOptional(),
    within: windowSchema.describe('How old calls may be, for `failure`; default: any age').exactOptional(),
    percentile: percentSchema.describe('Which share of durations, for `latency`').exactOptional(),
    over: durationSchema.describe('The duration that is too long, for `latency`').exactOptional(),
    length: whole(1, 16).describe('The longest cycle looked for, in calls, for `cycle`').exactOptional(),
    open: windowSchema.describe('How long it stays open'),
    halfOpen: whole(1, 1000)
      .describe('How many calls are tried then, and must succeed to close it; default: `1`')
      .exactOptional(),
  },
  'a breaker: an object with `id`, `on`, `per` and `open`',
).meta({ id: 'breaker' });

/** What may not leave a run. */
export const flowSchema: z.ZodType<FlowDocument> = closed(
  {
    ...shared,
    seen: texts('label').describe('Labels that the run must all have seen'),
    sink: text('a sink').describe('The sink, as tools name it'),
    carried: then.describe('Where the arguments carry what was seen; default: as `then`').exactOptional(),
  },
  'a flow: an object with `id`, `seen` and `sink`',
).meta({ id: 'flow' });

/** What a call costs. */
export const costSchema: z.ZodType<CostDocument> = z
  .union(
    [
      amount,
      closed(
        {
          perCall: amount.describe('Each call; default: `0`').exactOptional(),
          perKiB: amount.describe('Each 1,024 bytes of its result; default: `0`').exactOptional(),
          at: pointerSchema('a JSON pointer into the structured result')
            .describe('Where the structured result tells its cost, which is added')
            .exactOptional(),
        },
        'an object with `perCall`, `perKiB` or `at`',
      ).refine((cost) => Object.keys(cost).length > 0, { error: 'at least one of `perCall`, `perKiB`, `at`' }),
    ],
    { error: 'a number, not negative, or an object with `perCall`, `perKiB` or `at`' },
  )
  .meta({ id: 'cost' });

/** A write that happens once for each key. */
export const idempotencySchema: z.ZodType<IdempotencyDocument> = closed(
  {
    key: argumentSchema.describe('The argument that holds the key'),
    inject: z
      .boolean({ error: '`true` or `false`' })
      .describe('Whether a call without a key gets one; default: `false`, it is denied')
      .exactOptional(),
    within: windowSchema.describe('How long a key is remembered; default: `24h`').exactOptional(),
    retries: whole(0, 10).describe('How often the gate itself tries again; default: `0`').exactOptional(),
    backoff: durationSchema.describe('The first pause, each twice the last; default: `200ms`').exactOptional(),
  },
  'an object with `key`',
);

/** The tool makes plans. */
export const planSchema: z.ZodType<PlanDocument> = closed(
  {
    name: idSchema.describe('The name that `apply` refers to'),
    id: pointerSchema('a JSON pointer such as `/plan_id`').describe('Where the structured result has the plan’s id'),
    ttl: windowSchema.describe('How long a plan may be applied'),
  },
  'an object with `name`, `id` and `ttl`',
);

const SAME_WORDS = 'what the plan has it from: `arguments.x` or `result.y`';

/** The tool carries out plans. */
export const applySchema: z.ZodType<ApplyDocument> = closed(
  {
    plan: idSchema.describe('The name of the plan'),
    id: argumentSchema.describe('The argument that holds the plan’s id'),
    same: z
      .record(
        argumentSchema,
        z
          .string({ error: SAME_WORDS })
          .max(1024, { error: SAME_WORDS })
          .refine((value) => ARGUMENT_PATH.test(value.replace(/^result(?=[./])/u, 'arguments')), { error: SAME_WORDS }),
        { error: 'an object of arguments and what they must be the same as' },
      )
      .refine((same) => Object.keys(same).length <= 32, { error: 'at most 32 arguments' })
      .describe('Arguments that must be the same as what the plan was made from, or told')
      .exactOptional(),
  },
  'an object with `plan` and `id`',
);
