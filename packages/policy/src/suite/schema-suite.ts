import type { JsonObject } from '@callgate/canonical';
import * as z from 'zod';

import { closed, text, words } from '../document/schema-parts.ts';
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

const testCase = closed(
  {
    name: text('a sentence', 500),
    principals: z.union([name, z.array(name).min(1)], { error: 'the name of a principal, or a list' }).exactOptional(),
    calls: z
      .union([name, call, z.array(z.union([name, call])).min(1)], { error: 'a call, its name, or a list' })
      .exactOptional(),
    now: instant.exactOptional(),
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
