/* oxlint-disable oxc/no-map-spread -- generated values are small */
import { clonePlain, type JsonObject } from '@callgate/canonical';
import fc from 'fast-check';

import {
  PolicyError,
  compilePolicy,
  type Call,
  type CompiledPolicy,
  type PolicyDocument,
  type Principal,
  type RuleDocument,
  type ServerDocument,
  type ToolDocument,
} from '../../src/index.ts';
import { anySchema, anyValue } from './arbitraries.ts';

const names = fc.constantFrom('get', 'get_a', 'get_b', 'put');
const namePattern = fc.constantFrom('get', 'get_a', 'get_b', 'put', 'get*', '*_a', 'g*a', '*');
const argumentName = fc.constantFrom('a', 'b', 'c');
const stage = fc.constantFrom('off', 'observe', 'enforce', 'enforce', 'enforce');
const word = fc.constantFrom('x', 'y', 'x*', '*');

const who = fc.record(
  {
    users: fc.array(word, { minLength: 1, maxLength: 2 }),
    roles: fc.array(word, { minLength: 1, maxLength: 2 }),
    tenants: fc.array(word, { minLength: 1, maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const envelope = fc.oneof(
  { weight: 1, arbitrary: fc.constant('any' as const) },
  {
    weight: 6,
    arbitrary: fc
      .dictionary(argumentName, fc.tuple(anySchema, fc.boolean()), { maxKeys: 3 })
      .map((listed) =>
        Object.fromEntries(
          Object.entries(listed).map(([name, [schema, optional]]) => [
            name,
            optional ? { ...schema, optional } : schema,
          ]),
        ),
      ),
  },
);

const condition = fc.constantFrom(
  'has(arguments.a)',
  "arguments.b == 'get'",
  "principal.user == 'x'",
  'tool.ring > 1',
  "tool.effect == 'write'",
  "server.trust == 'external'",
);

const anyTool: fc.Arbitrary<ToolDocument> = fc
  .record(
    {
      ring: fc.constantFrom(0, 1, 1, 2, 3),
      arguments: envelope,
      who,
      approval: fc.oneof(
        fc.constantFrom('required' as const, { by: ['lead'] }),
        condition.map((when) => ({ when })),
      ),
      stage,
      effect: fc.constantFrom('read', 'write', 'destructive'),
      labels: fc.constantFrom(['private'], ['private', 'untrusted']),
      dispatch: fc.constant({ tool: '/a', arguments: '/b' }),
      timeout: fc.constantFrom('1s', '5s'),
    },
    { requiredKeys: ['ring'] },
  )
  .map(({ who: admitted, dispatch, ...tool }) => ({
    ...tool,
    ...(admitted === undefined || Object.keys(admitted).length === 0 ? {} : { who: admitted }),
    // dispatchers are rare, as they are in life
    ...(dispatch !== undefined && tool.ring === 0 ? { dispatch } : {}),
  })) as fc.Arbitrary<ToolDocument>;

const anyRule: fc.Arbitrary<RuleDocument> = fc
  .tuple(
    fc.constantFrom('r1', 'r2', 'r3'),
    fc.record(
      {
        tool: namePattern,
        ring: fc.constantFrom(1, [2, 3], [1, 2]),
        effect: fc.constantFrom('write', ['write', 'destructive']),
        labels: fc.constantFrom('private', ['untrusted']),
        resources: fc.constantFrom({ paths: ['/etc/**'] }, { hosts: ['.a.example'] }),
        who: who.filter((value) => Object.keys(value).length > 0),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.constantFrom(
        { deny: true },
        { hold: true },
        { observe: true },
        { raise: { ring: 2 } },
        { raise: { ring: 3 } },
      ),
      condition.map((when) => ({ deny: when })),
      condition.map((when) => ({ hold: when })),
      condition.map((when) => ({ raise: { ring: 2, when } })),
    ),
    fc.option(stage, { nil: undefined }),
  )
  .map(([id, match, outcome, at]) => ({
    id,
    match,
    ...outcome,
    ...(at === undefined ? {} : { stage: at }),
  })) as fc.Arbitrary<RuleDocument>;

const permission = fc.constantFrom('deny', 'allow', 'hold');
const uriPattern = fc.constantFrom('docs://a', 'docs://*', 'docs://**', 'docs://a/*', '**', 'file:///x/*');

const wholeServer: fc.Arbitrary<ServerDocument> = fc.record(
  {
    tools: fc.dictionary(namePattern, anyTool, { maxKeys: 3 }),
    stage,
    identity: fc.constantFrom({ command: 'one', args: [] }, { command: 'two', args: [] }),
    trust: fc.constantFrom('internal', 'external'),
    sampling: fc.oneof(
      permission,
      fc.record({ then: fc.constantFrom('allow', 'hold'), maxTokens: fc.constantFrom(5, 10) }),
    ),
    elicitation: fc.oneof(
      permission,
      fc.record(
        {
          form: permission,
          url: fc.record({
            then: fc.constantFrom('allow', 'hold'),
            hosts: fc.constantFrom(['.a.example'], ['b.a.example'], ['c.example']),
          }),
          secrets: fc.constantFrom('deny', 'allow'),
        },
        { requiredKeys: [] },
      ),
    ),
    roots: fc.record({ allow: fc.array(uriPattern, { minLength: 1, maxLength: 2 }) }),
    logging: fc.constantFrom('allow', 'deny'),
    completion: fc.constantFrom('allow', 'deny'),
    tasks: fc.constantFrom('allow', 'deny'),
    resources: fc.record(
      {
        allow: fc.array(uriPattern, { minLength: 1, maxLength: 2 }),
        ring: fc.constantFrom(0, 1, 2, 3),
        subscribe: fc.boolean(),
      },
      { requiredKeys: ['allow'] },
    ),
    prompts: fc.dictionary(
      fc.constantFrom('p', 'p*'),
      fc.oneof(
        fc.constant('any'),
        envelope.map((listed) => ({ arguments: listed })),
      ),
      { maxKeys: 2 },
    ),
    methods: fc.dictionary(
      fc.constantFrom('acme/x', 'acme/y'),
      fc.record(
        {
          direction: fc.constantFrom('client-to-server', 'server-to-client'),
          ring: fc.constantFrom(0, 1, 2),
          params: envelope,
        },
        { requiredKeys: ['direction', 'ring'] },
      ),
      { maxKeys: 1 },
    ),
  },
  { requiredKeys: ['tools'] },
) as fc.Arbitrary<ServerDocument>;

/** A server with its tools and up to three of its settings: few, so that what is found comes from little. */
const anyServer: fc.Arbitrary<ServerDocument> = fc
  .tuple(wholeServer, fc.array(fc.nat(), { maxLength: 3 }))
  .map(([server, choices]) => {
    const keys = Object.keys(server).filter((key) => key !== 'tools');
    const kept = new Set(choices.map((choice) => keys[choice % Math.max(1, keys.length)]));
    return Object.fromEntries(Object.entries(server).filter(([key]) => key === 'tools' || kept.has(key)));
  });

/** Policy documents, most of which load. Small, so that two of them often speak of the same things. */
export const anyPolicyDocument: fc.Arbitrary<PolicyDocument> = fc.record(
  {
    callgate: fc.constant(1 as const),
    name: fc.constant('test'),
    version: fc.constant('1'),
    stage,
    servers: fc.oneof(
      { weight: 4, arbitrary: anyServer.map((server) => ({ shop: server })) },
      { weight: 1, arbitrary: fc.record({ shop: anyServer, desk: anyServer }) },
    ),
    rules: fc.uniqueArray(anyRule, { maxLength: 2, selector: (rule) => rule.id }),
  },
  { requiredKeys: ['callgate', 'name', 'version', 'servers'] },
) as fc.Arbitrary<PolicyDocument>;

type Plain = Record<string, unknown>;

/** A policy and one that differs from it in one place: a key taken out, changed, or taken from another policy. */
export const anyPolicyPair: fc.Arbitrary<readonly [PolicyDocument, PolicyDocument]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyPolicyDocument, anyPolicyDocument, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }))
      .map(([document, other, choices]) => [document, mutate(document, other, choices)] as const),
  },
  { weight: 1, arbitrary: fc.tuple(anyPolicyDocument, anyPolicyDocument) },
);

/** One step down for each choice, and there a key of the other document, or none. */
function mutate(document: PolicyDocument, other: PolicyDocument, choices: readonly number[]): PolicyDocument {
  const result = structuredClone(document) as unknown as Plain;
  let at: Plain = result;
  let from: Plain | undefined = other as unknown as Plain;
  for (const [index, choice] of choices.entries()) {
    const keys = [...new Set([...Object.keys(at), ...Object.keys(from ?? {})])]
      .filter((key) => !['callgate', 'name', 'version', 'id'].includes(key))
      .toSorted();
    const key = keys[choice % Math.max(1, keys.length)];
    if (key === undefined) break;
    const inner = at[key];
    const goesOn = typeof inner === 'object' && inner !== null && choice % 5 !== 0 && index + 1 < choices.length;
    if (goesOn) {
      const next: unknown = from?.[key];
      at = inner as Plain;
      from = typeof next === 'object' && next !== null ? (next as Plain) : undefined;
      continue;
    }
    if (typeof inner === 'number' && choice % 3 !== 0) at[key] = inner + (choice % 2 === 0 ? 1 : -1);
    else if (from?.[key] !== undefined) at[key] = structuredClone(from[key]);
    else if (!Array.isArray(at)) delete at[key];
    break;
  }
  return result as unknown as PolicyDocument;
}

/** The policy, where the document loads. */
export function tryPolicy(document: PolicyDocument): CompiledPolicy | undefined {
  try {
    return compilePolicy(document);
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}

const principal: fc.Arbitrary<Principal> = fc.record(
  {
    user: fc.constantFrom('x', 'xx', 'y', 'z'),
    roles: fc.subarray(['x', 'xx', 'y', 'z']),
    tenant: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Principal>;
const identity = fc.constantFrom(undefined, { command: 'one', args: [] }, { command: 'two', args: [] });
const server = fc.constantFrom('shop', 'shop', 'desk', 'none');
const args = fc.dictionary(
  argumentName,
  fc.oneof(anyValue, fc.constantFrom('T-123', '/etc/passwd', 'x.a.example', 'get', 'put')),
  { maxKeys: 3 },
);

function paramsFor(method: string, value: JsonObject, name: string, uri: string): JsonObject {
  switch (method) {
    case 'tools/call':
      return { name, arguments: value };
    case 'prompts/get':
      return { name: name === 'get' ? 'p' : 'px', arguments: value };
    case 'resources/read':
    case 'resources/subscribe':
      return { uri };
    case 'completion/complete':
      return { ref: name === 'get' ? { type: 'ref/prompt', name: 'p' } : { type: 'ref/resource', uri } };
    case 'elicitation/create':
      return name === 'get'
        ? { mode: 'url', url: 'https://b.a.example/' }
        : {
            message: 'm',
            requestedSchema: { type: 'object', properties: { [name === 'put' ? 'password' : 'colour']: {} } },
          };
    default:
      return value;
  }
}

const METHODS: readonly (readonly [Call['direction'], string])[] = [
  ...Array.from({ length: 8 }, () => ['client-to-server', 'tools/call'] as const),
  ['client-to-server', 'prompts/get'],
  ['client-to-server', 'prompts/list'],
  ['client-to-server', 'resources/read'],
  ['client-to-server', 'resources/subscribe'],
  ['client-to-server', 'resources/list'],
  ['client-to-server', 'completion/complete'],
  ['client-to-server', 'logging/setLevel'],
  ['client-to-server', 'tasks/get'],
  ['client-to-server', 'tools/list'],
  ['client-to-server', 'acme/x'],
  ['server-to-client', 'acme/x'],
  ['client-to-server', 'nope'],
  ['server-to-client', 'sampling/createMessage'],
  ['server-to-client', 'elicitation/create'],
  ['server-to-client', 'roots/list'],
];

/** Calls of what {@link anyPolicyDocument} may speak of. */
export const anyCall: fc.Arbitrary<Call> = fc
  .record({
    server,
    identity,
    what: fc.constantFrom(...METHODS),
    value: args,
    name: names,
    uri: fc.constantFrom('docs://a', 'docs://a/b', 'docs://b', 'file:///x/y', 'file:///x/y/z'),
    principal,
  })
  .map(({ what: [direction, method], value, name, uri, identity: seen, ...rest }) => ({
    ...rest,
    ...(seen === undefined ? {} : { identity: seen }),
    direction,
    method,
    params: clonePlain(paramsFor(method, clonePlain(value) as JsonObject, name, uri)) as JsonObject,
  }));
