import type { JsonValue } from '@callgate/canonical';
import { compilePolicy, decide, type EnvelopeDocument, type PolicyDocument, type ToolCall } from '@callgate/policy';
import { describe, expect, it } from 'vitest';

import { assertAlways, assertNever, findCall, PolicyAssertionError, type PropertyOptions } from '../../src/index.ts';

function policyOf(envelope: EnvelopeDocument, more: Partial<PolicyDocument> = {}): ReturnType<typeof compilePolicy> {
  return compilePolicy({
    callgate: 1,
    name: 'shop',
    version: '1',
    servers: { shop: { tools: { search: { ring: 1, arguments: envelope } } } },
    ...more,
  });
}

const REGION = { enum: ['us-east', 'us-west'] };
const allowing = (where: PropertyOptions['where'], more: Partial<PropertyOptions> = {}): PropertyOptions => ({
  effect: 'allow',
  ...(where === undefined ? {} : { where }),
  ...more,
});

interface Hole {
  readonly name: string;
  readonly policy: ReturnType<typeof compilePolicy>;
  readonly where: PropertyOptions['where'];
  readonly smallest: JsonValue;
  readonly more?: Partial<PropertyOptions>;
}

const nested: EnvelopeDocument = {
  id: { type: 'string', pattern: '^T-[0-9]{4}$' },
  filters: {
    type: 'array',
    minItems: 2,
    maxItems: 3,
    items: {
      properties: { field: { enum: ['name', 'tier'] }, region: { enum: ['us-east', 'us-west', '*'], optional: true } },
    },
    optional: true,
  },
};

const HOLES: readonly Hole[] = [
  {
    name: 'a wildcard in an enum',
    policy: policyOf({ region: { enum: ['us-east', 'us-west', '*'] }, limit: { type: 'integer', maximum: 25 } }),
    where: ({ arguments: { region } }) => region === '*',
    smallest: { region: '*', limit: 0 },
  },
  {
    name: 'the same for a condition',
    policy: policyOf({
      region: { enum: ['us-east', 'us-west', '*'] },
      limit: { type: 'integer', minimum: 1, maximum: 25 },
    }),
    where: 'arguments.region == "*"',
    smallest: { region: '*', limit: 1 },
  },
  {
    name: 'a value that no schema names but the property does',
    policy: policyOf({ path: { type: 'string', maxLength: 80 } }),
    where: ({ arguments: { path } }) => path === '/etc/shadow',
    smallest: { path: '/etc/shadow' },
  },
  {
    name: 'a branch of `anyOf` of what the server lists',
    policy: policyOf('any'),
    where: ({ arguments: { target } }) => typeof target === 'object' && target !== null && 'everything' in target,
    smallest: { target: { everything: true } },
    more: {
      tools: {
        shop: [
          {
            name: 'search',
            inputSchema: {
              type: 'object',
              properties: {
                target: {
                  anyOf: [{ type: 'string', pattern: '^C-[0-9]{4}$' }, { $ref: '#/$defs/all' }],
                },
              },
              required: ['target'],
              $defs: {
                all: { type: 'object', properties: { everything: { const: true } }, required: ['everything'] },
              },
            },
          },
        ],
      },
    },
  },
  {
    name: 'a rule that lets one value past',
    policy: policyOf(
      { region: REGION, mode: { type: 'string', maxLength: 40 } },
      { rules: [{ id: 'modes', deny: 'arguments.mode != "debug-7731"' }] },
    ),
    where: undefined,
    smallest: { region: 'us-east', mode: 'debug-7731' },
  },
  {
    name: 'a rule that lets one tenant past at a certain time',
    policy: policyOf(
      { region: REGION },
      {
        rules: [
          { id: 'tenants', deny: 'principal.tenant != "acme-77"' },
          { id: 'times', deny: "now < timestamp('2030-01-01T00:00:00Z')" },
        ],
      },
    ),
    where: ({ principal }) => principal.tenant !== undefined,
    smallest: { region: 'us-east' },
  },
  {
    name: 'an optional member that is left out',
    policy: policyOf({ region: REGION, limit: { type: 'integer', minimum: 1, maximum: 25, optional: true } }),
    where: '!has(arguments.limit)',
    smallest: { region: 'us-east' },
  },
  {
    name: 'a member of an item of a list',
    policy: policyOf(nested),
    where: ({ arguments: { filters } }) =>
      (filters as readonly { readonly region?: string }[]).some(({ region }) => region === '*'),
    smallest: { id: 'T-0000', filters: [{ field: 'name' }, { field: 'name', region: '*' }] },
  },
  {
    name: 'a bound that is one too far',
    policy: policyOf({ region: REGION, limit: { type: 'integer', minimum: 1, maximum: 26 } }),
    where: ({ arguments: { limit } }) => typeof limit === 'number' && limit > 25,
    smallest: { region: 'us-east', limit: 26 },
  },
  {
    name: 'a server that only observes',
    policy: compilePolicy({
      callgate: 1,
      name: 'shop',
      version: '1',
      servers: { desk: { tools: { read: { ring: 1, arguments: {} } } }, shop: { stage: 'observe' } },
    }),
    where: ({ server }) => server === 'shop',
    smallest: {},
  },
];

describe('assertNever', () => {
  it.each(HOLES)('finds $name, as small as it can be', ({ policy, where, smallest, more }) => {
    const { found } = findCall(policy, allowing(where, more));
    const { server, tool, arguments: args, principal, run, now } = found?.call ?? ({} as ToolCall);
    expect(sorted(args)).toEqual(sorted(smallest));
    const call = { server, direction: 'client-to-server', method: 'tools/call', principal, run } as const;
    expect(decide(policy, { ...call, params: { name: tool, arguments: args } }, { now }).effect).toBe('allow');
    expect(() => assertNever(policy, allowing(where, more))).toThrow(PolicyAssertionError);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds them with seed %d', (seed) => {
    for (const { name, policy, where, more } of HOLES) {
      expect(findCall(policy, allowing(where, { ...more, seed })).found, name).toBeDefined();
    }
  });

  it('finds the same for the same seed', () => {
    for (const { policy, where, more } of HOLES) {
      const options = allowing(where, { ...more, seed: 77 });
      expect(JSON.stringify(findCall(policy, options))).toBe(JSON.stringify(findCall(policy, options)));
    }
  });

  it('says what was found, who decided so, and how to find it again', () => {
    const policy = policyOf({ region: { enum: ['us-east', '*'] } });
    const error = errorOf(() => assertNever(policy, allowing('arguments.region == "*"', { seed: 5 })));
    expect(error).toMatchObject({
      code: 'CALLGATE_TESTING_COUNTEREXAMPLE',
      expected: 'never allow',
      actual: 'allow',
      operator: 'assertNever',
      found: { call: { arguments: { region: '*' } } },
    });
    expect(error.message).toContain('expected policy `shop` to never allow a call where `arguments.region == "*"`');
    expect(error.message).toContain('got allow (allowed): tool `search` is allowed, by /servers/shop/tools/search');
    expect(error.message).toContain('{"server":"shop","tool":"search","arguments":{"region":"*"},"principal":{}}');
    expect(error.message).toMatch(/found as call \d+ with seed 5, made smaller in \d+ steps$/u);
  });

  it('says that nothing was tested where no call was meant', () => {
    const policy = policyOf({ region: REGION });
    const impossible: PropertyOptions['where'] = ({ arguments: args }) => Object.keys(args).length > 1000;
    const options = allowing(impossible, { cases: 200 });
    expect(errorOf(() => assertNever(policy, options)).code).toBe('CALLGATE_TESTING_VACUOUS');
    const examples = [Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`a${index}`, 1]))];
    expect(assertNever(policy, { ...options, examples })).toMatchObject({ found: undefined, proved: false });
  });

  it('keeps what a function threw as the cause of its having tested nothing', () => {
    const failure = new TypeError('a slip in the test');
    const throwing = (): boolean => {
      throw failure;
    };
    expect(errorOf(() => assertNever(policyOf({}), allowing(throwing, { cases: 50 }))).cause).toBe(failure);
  });

  it.each([
    ['cases', { cases: 0 }],
    ['cases', { cases: 1.5 }],
    ['seed', { seed: Number.NaN }],
  ])('refuses %s out of range', (name, options) => {
    expect(() => findCall(policyOf({}), allowing(undefined, options))).toThrow(new RegExp(`^${name}: expected`, 'u'));
  });

  it('refuses a condition that does not compile', () => {
    expect(() => findCall(policyOf({}), allowing('arguments.region =='))).toThrow(/condition/u);
  });
});

describe('among a hundred tools', () => {
  const tools = Array.from({ length: 100 }, (_, index) => {
    const region = { enum: index === 57 ? ['us-east', 'us-west', '*'] : ['us-east', 'us-west'] };
    const ticket = { type: 'string', pattern: '^T-[0-9]{4,8}$' } as const;
    const limit = { type: 'integer', minimum: 1, maximum: index === 83 ? 26 : 25 } as const;
    return [`tool-${index}`, { ring: 1 as const, arguments: { limit, region, ticket } }] as const;
  });
  const policy = compilePolicy({
    callgate: 1,
    name: 'many',
    version: '1',
    servers: { shop: { tools: Object.fromEntries(tools) } },
  });

  it.each([1, 2, 3])('the one with a hole is found, with seed %d', (seed) => {
    const wide = findCall(
      policy,
      allowing(({ arguments: { region } }) => region === '*', { seed }),
    );
    expect(wide.found?.call).toMatchObject({ tool: 'tool-57', arguments: { region: '*', limit: 1 } });
    const far = findCall(
      policy,
      allowing(({ arguments: { limit } }) => Number(limit) > 25, { seed }),
    );
    expect(far.found?.call).toMatchObject({ tool: 'tool-83', arguments: { limit: 26 } });
  });
});

describe('assertAlways', () => {
  it('finds a call that comes to something else', () => {
    const policy = policyOf({ region: REGION }, { rules: [{ id: 'west', hold: 'arguments.region == "us-west"' }] });
    assertAlways(policy, { effect: 'deny', where: '!has(arguments.region)' });
    const error = errorOf(() =>
      assertAlways(policy, { effect: 'allow', where: 'arguments.region in ["us-east", "us-west"]' }),
    );
    expect(error).toMatchObject({ expected: 'always allow', actual: 'hold', operator: 'assertAlways' });
    expect(error.found?.call.arguments).toEqual({ region: 'us-west' });
  });
});

describe('what is proved', () => {
  const PROVED: readonly (readonly [string, ReturnType<typeof compilePolicy>, PropertyOptions])[] = [
    ['an enum without the value', policyOf({ region: REGION }), allowing('arguments.region == "*"')],
    ['a bound', policyOf({ limit: { type: 'integer', minimum: 1, maximum: 25 } }), allowing('arguments.limit > 25')],
    ['a member that must not be there', policyOf({ region: REGION }), allowing('has(arguments.sudo)')],
    ['a member that must be there', policyOf({ region: REGION }), allowing('!has(arguments.region)')],
    [
      'one term of two',
      policyOf({ region: REGION, path: { type: 'string' } }),
      allowing('arguments.path.startsWith("/etc") && arguments.region == "*"'),
    ],
    [
      'a rule',
      policyOf({ region: { type: 'string' } }, { rules: [{ id: 'wide', deny: 'arguments.region in ["*", "all"]' }] }),
      allowing('arguments.region == "*"'),
    ],
    ['a tool that is not there', policyOf({ region: REGION }), allowing(undefined, { tool: 'wipe' })],
    ['a server that is not there', policyOf({ region: REGION }), allowing(undefined, { server: 'other' })],
    [
      'a tool that is held',
      compilePolicy({
        callgate: 1,
        name: 'shop',
        version: '1',
        servers: { shop: { tools: { wipe: { ring: 3, arguments: 'any' } } } },
      }),
      allowing(({ principal }) => principal.user === 'root'),
    ],
  ];

  it.each(PROVED)('%s', (_, policy, options) => {
    expect(assertNever(policy, options)).toEqual({
      found: undefined,
      proved: true,
      cases: 0,
      meant: 0,
      seed: 1,
      failure: undefined,
    });
  });

  it('nothing where exceptions, stages or other servers may let it pass', () => {
    const observed = policyOf({ region: REGION }, { stage: 'observe' });
    expect(findCall(observed, allowing('arguments.region == "*"')).found).toBeDefined();
    expect(findCall(policyOf({ region: REGION }), { effect: 'deny' }).found).toBeDefined();
  });
});

function errorOf(run: () => unknown): PolicyAssertionError {
  try {
    run();
  } catch (error) {
    if (error instanceof PolicyAssertionError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

function sorted(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).toSorted(([left], [right]) => (left < right ? -1 : 1)))
        : item,
    ),
  );
}
