import type { JsonObject } from '@callgate/canonical';
import * as z from 'zod';

import { closed, durationSchema, text, texts, words } from '../document/schema-parts.ts';
import { parseWindow } from '../document/units.ts';
import { parseInstant } from '../internal/instant.ts';
import type { SuiteDocument } from './types.ts';

const effect = words('allow', 'deny', 'hold');

const expectation = z.union(
  [
    effect,
    closed(
      {
        effect,
        would: effect.exactOptional(),
        code: text('a code').exactOptional(),
        rule: text('a rule id or a pointer', 1024).exactOptional(),
        hint: text('part of a hint', 1024).exactOptional(),
        message: text('part of the message', 1024).exactOptional(),
        violation: text('the code of a violation').exactOptional(),
        exception: text('the id of an exception').exactOptional(),
      },
      'an object with `effect`',
    ),
  ],
  { error: '`allow`, `deny`, `hold`, or an object with `effect`' },
);

const instant = z
  .string({ error: 'an RFC 3339 time' })
  .refine((value) => parseInstant(value) !== undefined, { error: 'an RFC 3339 time' });

const object = z.record(z.string(), z.json(), { error: 'an object' }) as unknown as z.ZodType<JsonObject>;

const call = closed(
  {
    server: text('a server name').exactOptional(),
    tool: text('a tool name', 1024).exactOptional(),
    arguments: object.exactOptional(),
    method: text('a method name').exactOptional(),
    params: object.exactOptional(),
    direction: words('client-to-server', 'server-to-client').exactOptional(),
    run: text('a run').exactOptional(),
    parents: z.array(text('a run'), { error: 'a list of runs' }).max(16, { error: 'at most 16 runs' }).exactOptional(),
  },
  'a call: an object with `tool`, or with `method`',
).refine((one) => (one.tool === undefined) !== (one.method === undefined), {
  error: 'exactly one of `tool`, `method`',
});

const principal = closed(
  {
    user: text('a user').exactOptional(),
    agent: text('an agent').exactOptional(),
    workload: text('a workload').exactOptional(),
    team: text('a team').exactOptional(),
    tenant: text('a tenant').exactOptional(),
    roles: z.array(text('a role'), { error: 'a list of roles' }).exactOptional(),
  },
  'a principal: an object with `user`, `agent`, `workload`, `team`, `tenant` or `roles`',
);

const name = text('a name');

const count = (least: number, most: number, error: string): z.ZodType<number> =>
  z.number({ error }).int({ error }).min(least, { error }).max(most, { error });

const window = z
  .string({ error: 'a duration' })
  .refine((value) => parseWindow(value) !== undefined, { error: 'a duration such as `30s`, `10m`, `1h` or `7d`' });

const given = closed(
  {
    call: z.union([name, call], { error: 'a call, or its name' }),
    principal: name.exactOptional(),
    times: count(1, 1000, 'a whole number from 1 to 1000').exactOptional(),
    ago: window.exactOptional(),
    outcome: words(
      'ok',
      'tool_error',
      'error',
      'timeout',
      'cancelled',
      'quarantined',
      'unknown',
      'denied',
    ).exactOptional(),
    error: text('a class of errors').exactOptional(),
    took: durationSchema.exactOptional(),
    result: object.exactOptional(),
    rows: count(0, Number.MAX_SAFE_INTEGER, 'a whole number, not negative').exactOptional(),
    tokens: count(0, Number.MAX_SAFE_INTEGER, 'a whole number, not negative').exactOptional(),
    labels: texts('label').exactOptional(),
  },
  'an earlier call: an object with `call`',
);

const testCase = closed(
  {
    name: text('a sentence', 500),
    principals: z.union([name, z.array(name).min(1)], { error: 'the name of a principal, or a list' }).exactOptional(),
    calls: z
      .union([name, call, z.array(z.union([name, call])).min(1)], { error: 'a call, its name, or a list' })
      .exactOptional(),
    now: instant.exactOptional(),
    given: z
      .array(given, { error: 'a list of earlier calls' })
      .max(1000, { error: 'at most 1000 items' })
      .exactOptional(),
    expect: expectation.exactOptional(),
    matrix: z
      .record(z.string(), z.record(z.string(), expectation), { error: 'an object of principals and calls' })
      .exactOptional(),
  },
  'a test: an object with `name`, and with `expect` or `matrix`',
).refine((one) => (one.expect === undefined) !== (one.matrix === undefined), {
  error: 'exactly one of `expect`, `matrix`',
});

/** A suite of tests. */
export const suiteSchema: z.ZodType<SuiteDocument> = closed(
  {
    callgate: z.literal(1, { error: '`1`, the version of the policy language' }),
    policy: text('a file', 4096).exactOptional(),
    exceptions: text('a file', 4096).exactOptional(),
    now: instant.exactOptional(),
    server: text('a server name').exactOptional(),
    principals: z.record(z.string(), principal, { error: 'an object of names and principals' }).exactOptional(),
    calls: z.record(z.string(), call, { error: 'an object of names and calls' }).exactOptional(),
    tests: z.array(testCase, { error: 'a list of tests' }).min(1, { error: 'a list of at least one test' }),
  },
  'a suite: an object with `callgate` and `tests`',
);
