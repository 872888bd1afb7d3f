import * as z from 'zod';

import { breakerSchema, costSchema, flowSchema, meterSchema } from './schema-control.ts';
import { driftSchema } from './schema-drift.ts';
import { envelopeSchema } from './schema-envelope.ts';
import { closed, durationSchema, ringSchema, sizeSchema, stageSchema, text, texts, words } from './schema-parts.ts';
import { outgoingSchema } from './schema-outgoing.ts';
import { resultSchema } from './schema-result.ts';
import { ruleSchema } from './schema-rule.ts';
import { methodSchema, toolSchema } from './schema-tool.ts';
import type { PolicyDocument, ServerDocument } from './types.ts';

const identitySchema = z.union(
  [
    closed(
      {
        command: text('a command', 4096).describe('The executable'),
        args: z
          .array(z.string({ error: 'a string' }), { error: 'a list of arguments' })
          .describe('Its arguments, exactly'),
      },
      'an object with `command` and `args`',
    ),
    closed({ url: text('a URL', 4096).describe('Origin and path of the server') }, 'an object with `url`'),
  ],
  { error: 'an object with `command` and `args`, or one with `url`' },
);

const permission = words('deny', 'allow', 'hold');
const granted = words('allow', 'hold');

const samplingSchema = z.union(
  [
    permission,
    closed(
      {
        then: granted.describe('What happens to a request'),
        maxTokens: z
          .number({ error: 'a whole number above 0' })
          .int({ error: 'a whole number above 0' })
          .positive({ error: 'a whole number above 0' })
          .describe('Most tokens a request may ask for; larger requests are cut to it')
          .exactOptional(),
      },
      'an object with `then`',
    ),
  ],
  { error: '`deny`, `allow`, `hold`, or an object with `then` and `maxTokens`' },
);

const elicitationSchema = z.union(
  [
    permission,
    closed(
      {
        form: permission.describe('Forms that the user fills in; default: `deny`').exactOptional(),
        url: z
          .union(
            [
              z.literal('deny'),
              closed(
                {
                  then: granted.describe('What happens to a request'),
                  hosts: texts('host').describe('Hosts, or suffixes that begin with a dot'),
                },
                'an object with `then` and `hosts`',
              ),
            ],
            { error: '`deny`, or an object with `then` and `hosts`' },
          )
          .describe('Pages that the user is sent to; https only; default: `deny`')
          .exactOptional(),
        secrets: words('deny', 'allow').describe('Form fields that look like secrets; default: `deny`').exactOptional(),
      },
      'an object with `form`, `url` or `secrets`',
    ),
  ],
  { error: '`deny`, `allow`, `hold`, or an object with `form`, `url` and `secrets`' },
);

const onOrOff = words('allow', 'deny');

const promptSchema = z.union(
  [
    z.literal('any'),
    closed({ arguments: envelopeSchema.describe('The arguments accepted') }, 'an object with `arguments`'),
  ],
  { error: '`any`, or an object with `arguments`' },
);

/** One registered server. */
const serverSchema: z.ZodType<ServerDocument> = closed(
  {
    identity: identitySchema.describe('How the server must be reached; default: not checked').exactOptional(),
    trust: words('internal', 'external')
      .describe('Whether its results count as the policy’s own or as a stranger’s; default: `external`')
      .exactOptional(),
    stage: stageSchema.describe('Whether decisions count; default: the policy’s').exactOptional(),
    timeout: durationSchema.describe('Hard deadline of each call; default: `30s`').exactOptional(),
    maxResultBytes: sizeSchema.describe('Largest result that may pass; default: `4MiB`').exactOptional(),
    result: resultSchema.describe('How what it sends is inspected; default: key by key the policy’s').exactOptional(),
    outgoing: outgoingSchema.describe('How what is sent to it is inspected; default: the policy’s').exactOptional(),
    drift: driftSchema
      .describe('What is done about differences from the lock; default: class by class the policy’s')
      .exactOptional(),
    sampling: samplingSchema.describe('Requests of the server to the host’s model; default: `deny`').exactOptional(),
    elicitation: elicitationSchema.describe('Requests of the server to the user; default: `deny`').exactOptional(),
    roots: z
      .union(
        [
          z.literal('deny'),
          closed({ allow: texts('URI pattern').describe('Roots it may see') }, 'an object with `allow`'),
        ],
        {
          error: '`deny`, or an object with `allow`',
        },
      )
      .describe('Roots that the server may see; default: `deny`')
      .exactOptional(),
    logging: onOrOff.describe('logging/setLevel and notifications/message; default: `allow`').exactOptional(),
    completion: onOrOff.describe('completion/complete; default: `deny`').exactOptional(),
    tasks: onOrOff.describe('Task-augmented calls and tasks/*; default: `deny`').exactOptional(),
    cache: onOrOff
      .describe('Whether the SDK client may answer reads and lists from its own cache, past the gate; default: `deny`')
      .exactOptional(),
    resources: closed(
      {
        allow: texts('URI pattern').describe('URIs, with * for any run without /, ** for any run'),
        ring: ringSchema.describe('As for tools; default: `0`').exactOptional(),
        subscribe: z
          .boolean({ error: '`true` or `false`' })
          .describe('Whether changes may be subscribed to; default: `false`')
          .exactOptional(),
      },
      'an object with `allow`',
    )
      .describe('Resources that may be read')
      .exactOptional(),
    prompts: z
      .record(text('a prompt name'), promptSchema, { error: 'an object of prompt names' })
      .describe('Prompts that may be fetched, by exact name or pattern')
      .exactOptional(),
    methods: z
      .record(text('a method name'), methodSchema, { error: 'an object of method names' })
      .describe('Requests and notifications that MCP does not define, by exact name')
      .exactOptional(),
    meta: closed(
      { allow: texts('key pattern').describe('Keys, with * for any run of characters') },
      'an object with `allow`',
    )
      .describe('Extra _meta keys that may leave')
      .exactOptional(),
    headers: closed({ allow: texts('header name').describe('Names, without regard to case') }, 'an object with `allow`')
      .describe('Extra request headers that may leave')
      .exactOptional(),
    cost: costSchema.describe('What a call of its tools costs, in units of your own').exactOptional(),
    tools: z
      .record(text('a tool name'), toolSchema, { error: 'an object of tool names' })
      .describe('Tools that may be called, by exact name or pattern')
      .exactOptional(),
  },
  'a server entry: an object',
).meta({ id: 'server' });

/** The policy document. */
export const policySchema: z.ZodType<PolicyDocument> = closed(
  {
    callgate: z
      .literal(1, { error: '`1`, the version of the policy language' })
      .describe('Version of the policy language'),
    name: text('a name').describe('Name of the policy'),
    version: text('a version in quotes, such as "7"').describe('Version of this document'),
    stage: stageSchema.describe('Whether decisions count; default: `enforce`').exactOptional(),
    owners: closed(
      {
        servers: text('an owner').describe('Owner of server entries').exactOptional(),
        envelopes: text('an owner').describe('Owner of arguments').exactOptional(),
        approvals: text('an owner').describe('Owner of approvals').exactOptional(),
        rules: text('an owner').describe('Owner of cross-cutting rules').exactOptional(),
        exceptions: text('an owner').describe('Owner of exceptions').exactOptional(),
        policy: text('an owner').describe('Owner of the rest').exactOptional(),
      },
      'an object with `servers`, `envelopes`, `approvals`, `rules`, `exceptions` or `policy`',
    )
      .describe('Who answers for which layer')
      .exactOptional(),
    result: resultSchema.describe('How what servers send is inspected').exactOptional(),
    outgoing: outgoingSchema.describe('How what is sent to servers is inspected').exactOptional(),
    drift: driftSchema.describe('What is done about differences from the lock').exactOptional(),
    rules: z
      .array(ruleSchema, { error: 'a list of rules' })
      .max(10_000, { error: 'at most 10000 rules' })
      .describe('Rules across servers and tools; their order never matters')
      .exactOptional(),
    meters: z
      .array(meterSchema, { error: 'a list of meters' })
      .max(1000, { error: 'at most 1000 meters' })
      .describe('Bounds on counts, sums and rates over many calls')
      .exactOptional(),
    breakers: z
      .array(breakerSchema, { error: 'a list of breakers' })
      .max(1000, { error: 'at most 1000 breakers' })
      .describe('What stops calls for a time after they went wrong')
      .exactOptional(),
    flows: z
      .array(flowSchema, { error: 'a list of flows' })
      .max(1000, { error: 'at most 1000 flows' })
      .describe('What may not leave a run that has seen certain data')
      .exactOptional(),
    servers: z
      .record(text('a server name'), serverSchema, { error: 'an object of server names' })
      .describe('The registered servers by exact name'),
  },
  'a policy: an object with `callgate`, `name`, `version` and `servers`',
);
