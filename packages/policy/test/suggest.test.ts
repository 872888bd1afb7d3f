import type { JsonObject } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  lint,
  PolicyLearner,
  policyYaml,
  parsePolicy,
  readToolDefinitions,
  suggestPolicy,
  type ObservedCall,
  type Suggestion,
  type SuggestOptions,
  type ToolDocument,
} from '../src/index.ts';
import { request, SOMEBODY, toolCall } from './support/policies.ts';

const GITHUB_TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4)}`;

function times(
  count: number,
  make: (index: number) => JsonObject,
  more: Parameters<typeof toolCall>[1] = {},
): ObservedCall[] {
  return Array.from({ length: count }, (_, index) => ({ call: toolCall(make(index), more) }));
}

function toolOf(suggestion: Suggestion, name = 'lookup'): ToolDocument {
  const tool = suggestion.document.servers['inventory']?.tools?.[name];
  if (tool === undefined) throw new Error(`expected ${name}`);
  return tool;
}

function learn(calls: readonly ObservedCall[], options: SuggestOptions = {}): Suggestion {
  return suggestPolicy(calls, { holdout: 0, ...options });
}

/** What is suggested for the argument `value`. */
function schemaOf(
  values: readonly (JsonObject | string | number | boolean | null | readonly string[])[],
  name = 'value',
): unknown {
  const { arguments: envelope } = toolOf(learn(values.map((value) => ({ call: toolCall({ [name]: value }) }))));
  return (envelope as Record<string, unknown>)[name];
}

describe('what is suggested for an argument', () => {
  const dozen = <Item>(make: (index: number) => Item): Item[] => Array.from({ length: 12 }, (_, index) => make(index));

  it.each([
    [
      'few values seen often',
      dozen((index) => (index % 2 === 0 ? 'us-east' : 'us-west')),
      { enum: ['us-east', 'us-west'] },
    ],
    [
      'a form that all share',
      dozen((index) => `T-${1000 + index}`),
      { type: 'string', pattern: '^T-[0-9]{4}$', maxLength: 6 },
    ],
    [
      'a form, without words that are always the same in too few values',
      ['abc-1', 'abc-22'],
      { type: 'string', pattern: '^[a-z]{3}-[0-9]{1,2}$', maxLength: 6 },
    ],
    ['whole numbers', dozen((index) => index - 3), { type: 'integer', minimum: -3, maximum: 8 }],
    ['numbers', [0.5, 2], { type: 'number', minimum: 0.5, maximum: 2 }],
    ['what was always true', dozen(() => true), { const: true }],
    ['what was true a few times', [true, true], { type: 'boolean' }],
    ['nothing', [null], { type: 'null' }],
    [
      'words and null',
      dozen((index) => (index % 2 === 0 ? 'a' : null)),
      { type: ['null', 'string'], pattern: '^[a-z]$', maxLength: 1 },
    ],
    [
      'lists',
      [['a'], ['b', 'c']],
      { type: 'array', items: { type: 'string', pattern: '^[a-z]$', maxLength: 1 }, minItems: 1, maxItems: 2 },
    ],
    ['empty lists', [[]], { type: 'array', maxItems: 0 }],
    [
      'objects',
      [{ a: 1 }, { a: 2, b: 3 }],
      {
        type: 'object',
        properties: {
          a: { type: 'integer', minimum: 1, maximum: 2 },
          b: { type: 'integer', minimum: 3, maximum: 3, optional: true },
        },
      },
    ],
    ['empty objects', [{}], { type: 'object' }],
    ['free text', dozen((index) => `they said ${'so '.repeat(index)}`), { type: 'string', maxLength: 50 }],
  ])('%s', (_what, values, expected) => {
    expect(schemaOf(values)).toEqual(expected);
  });

  it('lists names of maps with few keys only, and gives the others one schema', () => {
    const map = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`k${index}`, index]));
    expect(schemaOf([map])).toMatchObject({
      type: 'object',
      additional: { type: 'integer', minimum: 64, maximum: 69 },
    });
  });

  it('gives up on what is too deep', () => {
    let deep: JsonObject = { end: 'x' };
    for (let level = 0; level < 12; level += 1) deep = { deep };
    expect(JSON.stringify(schemaOf([deep]))).toContain('"type":"any"');
  });
});

describe('what is never listed', () => {
  it.each([
    ['a credential by its form', 'value', GITHUB_TOKEN],
    ['a credential by its name', 'password', 'hunter2'],
    ['a key by its name', 'api_key', 'abc'],
    ['random text', 'value', 'a9f3k2m8x7q1z5w4b6n0'],
    ['a sentence', 'value', 'please call Ann at home'],
  ])('%s', (_what, name, value) => {
    const suggestion = learn(times(40, () => ({ [name]: value })));
    expect(JSON.stringify(suggestion)).not.toContain(value);
    expect(policyYaml(suggestion)).not.toContain(value);
  });

  it('names, roles and agents that look like credentials', () => {
    const calls = times(20, () => ({ nested: { [GITHUB_TOKEN]: 1 }, [GITHUB_TOKEN]: 2 }), {
      principal: { user: GITHUB_TOKEN, agent: GITHUB_TOKEN, roles: [GITHUB_TOKEN] },
      identity: { command: 'server', args: ['--token', GITHUB_TOKEN] },
    });
    const suggestion = learn([...calls, ...times(3, () => ({}), { tool: GITHUB_TOKEN })]);
    expect(JSON.stringify(suggestion)).not.toContain(GITHUB_TOKEN);
    expect(suggestion.skipped).toMatchObject([{ target: '…', calls: 3 }]);
  });

  it('nor what held-out calls held', () => {
    const calls = times(60, (index) => ({ value: index < 40 ? 'us-east' : GITHUB_TOKEN }));
    expect(JSON.stringify(learn(calls, { holdout: 0.5 }))).not.toContain(GITHUB_TOKEN);
  });
});

describe('rings, effects and who', () => {
  it.each([
    ['get_thing', {}, 'read', 1],
    ['thing', {}, 'write', 2],
    ['thing', { readOnlyHint: true }, 'read', 2],
    ['get_thing', { readOnlyHint: false }, 'write', 2],
    ['get_thing', { destructiveHint: true }, 'destructive', 2],
    ['delete_thing', { readOnlyHint: true }, 'destructive', 2],
    ['run_command', { readOnlyHint: true }, 'destructive', 2],
    ['get_env', { readOnlyHint: true }, 'read', 2],
  ] as const)('%s with %j is a %s of ring %d, so that what was seen passes', (name, annotations, effect, ring) => {
    const tools = readToolDefinitions([{ name, annotations }]) ?? [];
    const suggestion = learn(
      times(3, () => ({}), { tool: name }),
      { toolsOf: () => tools },
    );
    expect(toolOf(suggestion, name)).toMatchObject({ effect, ring });
  });

  it('says where a tool belongs in a higher ring', () => {
    const notes = (principal: object): string =>
      JSON.stringify(learn(times(3, () => ({}), { tool: 'drop_table', principal })).notes);
    expect(notes(SOMEBODY)).toContain('belongs in ring 3, which holds every call');
    expect(notes({})).toContain('refuses the 3 of these calls that say not who acts');
  });

  it('names the rarest role that every caller had, or the roles, and agents', () => {
    const as = (tool: string, roles: readonly string[], agent?: string): ObservedCall => ({
      call: toolCall({}, { tool, principal: { user: 'u', roles, ...(agent === undefined ? {} : { agent }) } }),
    });
    const suggestion = learn([
      as('a', ['staff', 'support'], 'x'),
      as('a', ['support', 'staff'], 'y'),
      as('b', ['staff']),
      as('c', ['sales']),
      as('c', ['lead']),
      as('d', []),
    ]);
    expect(toolOf(suggestion, 'a').who).toEqual({ roles: ['support'], agents: ['x', 'y'] });
    expect(toolOf(suggestion, 'b').who).toEqual({ roles: ['staff'] });
    expect(toolOf(suggestion, 'c').who).toEqual({ roles: ['lead', 'sales'] });
    expect(toolOf(suggestion, 'd').who).toBeUndefined();
  });

  it('declares an identity that was always the same', () => {
    const of = (...urls: readonly string[]): unknown =>
      learn(urls.map((url) => ({ call: toolCall({}, { identity: { url } }) }))).document.servers['inventory']?.identity;
    expect(of('https://a.example/mcp?k=1', 'https://a.example/mcp')).toEqual({ url: 'https://a.example/mcp' });
    expect(of('https://a.example/mcp', 'https://b.example/mcp')).toBeUndefined();
  });
});

describe('what a server says of its tools', () => {
  const inputSchema = {
    properties: {
      level: { enum: ['low', 'mid', 'high'] },
      limit: { type: 'integer', minimum: 1, maximum: 50 },
      page: { type: 'integer' },
    },
    required: ['level'],
  };
  const toolsOf = (): ReturnType<typeof readToolDefinitions> & object =>
    readToolDefinitions([{ name: 'lookup', inputSchema }]) ?? [];

  it('bounds what was seen too rarely', () => {
    const rare = learn(
      times(2, () => ({ level: 'low', limit: 7 })),
      { toolsOf },
    );
    expect(toolOf(rare).arguments).toEqual({
      level: { enum: ['low', 'mid', 'high'] },
      limit: { type: 'integer', minimum: 1, maximum: 50, optional: true },
    });
    const often = learn(
      times(20, () => ({ level: 'low', limit: 7 })),
      { toolsOf },
    );
    expect(toolOf(often).arguments).toEqual({
      level: { enum: ['low'] },
      limit: { type: 'integer', minimum: 7, maximum: 7 },
    });
    expect(JSON.stringify(often.notes)).toContain('in no call, so refused: `page`');
  });

  it('is set aside where calls say otherwise', () => {
    const { document } = learn(
      times(2, () => ({ level: 'other' })),
      { toolsOf },
    );
    expect(JSON.stringify(document)).not.toContain('high');
  });
});

describe('what is held out', () => {
  const inRuns = (runs: number, calls: number): ObservedCall[] =>
    Array.from({ length: runs * calls }, (_, index) => ({
      call: toolCall({ n: index % 7 }, { run: `run-${index % runs}` }),
    }));

  it('is whole runs where there are two, else single calls', () => {
    const byRun = suggestPolicy(inRuns(40, 5), { holdout: 0.3 }).heldOut;
    expect(byRun.by).toBe('run');
    expect(byRun.calls % 5).toBe(0);
    expect(byRun.calls).toBeGreaterThan(20);
    expect(byRun.calls).toBeLessThan(110);
    const byCall = suggestPolicy(inRuns(1, 200), { holdout: 0.3 }).heldOut;
    expect(byCall.by).toBe('call');
    expect(byCall.calls).toBeGreaterThan(30);
    expect(byCall.calls).toBeLessThan(90);
  });

  it('does not depend on the order of runs', () => {
    const calls = inRuns(20, 3);
    const [first, ...rest] = calls;
    const reordered = first === undefined ? [] : [first, ...rest.toReversed()];
    expect(suggestPolicy(reordered).heldOut).toEqual(suggestPolicy(calls).heldOut);
  });

  it('shows what the policy would refuse, and why', () => {
    const strange = (run: number): ObservedCall => ({ call: toolCall({ n: 99 }, { run: `run-${run}` }) });
    const checks = Array.from(
      { length: 20 },
      (_, run) => suggestPolicy([...inRuns(20, 7), strange(run)], { holdout: 0.4 }).heldOut,
    );
    for (const { allowed, refused, calls } of checks) {
      expect(allowed + refused.reduce((sum, group) => sum + group.calls, 0)).toBe(calls);
    }
    const refused = checks.flatMap((check) => check.refused);
    expect(refused.length).toBeGreaterThan(2);
    expect(refused[0]).toEqual({
      server: 'inventory',
      tool: 'lookup',
      effect: 'deny',
      code: 'arguments.envelope',
      reason: '/n: expected an integer from 0 to 6',
      calls: 1,
    });
  });
});

describe('calls that are not learned from', () => {
  it.each([
    ['denied calls', { call: toolCall({}), effect: 'deny' }, 'it was denied or held when it was made'],
    ['other messages', { call: request('resources/read', { uri: 'a://b' }) }, 'no tool call: allow it by hand'],
    [
      'names that are patterns',
      { call: toolCall({}, { tool: 'get_*' }) },
      '`*` in its name, which in a policy is any run of characters',
    ],
    [
      'names that no policy can have',
      { call: toolCall({}, { tool: '__proto__' }) },
      'its name, or its server’s, may not stand in a policy',
    ],
    ['tasks', { call: request('tools/call', { name: 'a', task: {} }) }, 'it says more than a name and arguments'],
    [
      'arguments that are no object',
      { call: request('tools/call', { name: 'a', arguments: [] }) },
      'its arguments are no object',
    ],
  ] as const)('%s', (_what, observed, reason) => {
    const { skipped, calls, document } = learn([observed]);
    expect(skipped).toMatchObject([{ reason, calls: 1 }]);
    expect(calls).toBe(0);
    expect(document.servers).toEqual({});
  });

  it('handshakes and lists need no word', () => {
    expect(learn([{ call: request('initialize') }, { call: request('tools/list') }]).skipped).toEqual([]);
  });

  it('denied calls are learned from where that is asked for', () => {
    expect(learn([{ call: toolCall({}), effect: 'deny' }], { learnsRefused: true }).calls).toBe(1);
  });
});

describe('rates', () => {
  it('are the most calls in a run and within a minute', () => {
    const at = (second: number, run: string): ObservedCall => ({ call: toolCall({}, { run }), at: second * 1000 });
    const { rates } = learn([at(0, 'a'), at(50, 'a'), at(59, 'b'), at(110, 'a'), at(200, 'b')]);
    expect(rates).toEqual([
      { server: 'inventory', tool: 'lookup', per: 'run', most: 3 },
      { server: 'inventory', tool: 'lookup', per: 'minute', most: 3 },
    ]);
  });

  it('become meters that let pass a little more, by run where every call was in one', () => {
    const at = (second: number, run?: string): ObservedCall => ({
      call: toolCall({}, run === undefined ? {} : { run }),
      at: second * 1000,
    });
    const calls = Array.from({ length: 12 }, (_, index) => at(index, index < 4 ? 'a' : 'b'));
    const about = { match: { server: 'inventory', tool: 'lookup' }, count: 'calls' };
    const perMinute = { id: 'lookup-per-minute', ...about, per: [], within: '1m', max: 20 };
    expect(learn(calls, { holdout: 0 }).document.meters).toEqual([
      { id: 'lookup-per-run', ...about, per: ['run'], max: 10 },
      perMinute,
    ]);
    expect(learn([...calls, at(13)], { holdout: 0 }).document.meters).toEqual([perMinute]);
    expect(learn(calls.slice(0, 2), { holdout: 0 }).document.meters).toBeUndefined();
    expect(policyYaml(learn(calls, { holdout: 0 }))).toContain(
      '# the most calls that were seen of each tool, rounded up\nmeters:\n  - { id: lookup-per-run, match: { server: inventory, tool: lookup }, count: calls, per: [ run ], max: 10 }\n',
    );
  });

  it('hold in a log of many seconds and runs', () => {
    const calls = Array.from({ length: 12_000 }, (_, index) => ({
      call: toolCall({}, { run: `r-${index}` }),
      at: (index + (index > 9000 ? 0 : 20_000)) * 2000,
    }));
    const { rates } = learn(calls);
    expect(rates.map(({ most }) => most)).toEqual([1, 31]);
  });
});

describe('a suggestion as YAML', () => {
  it('has its notes as comments, and loads as the document', () => {
    const suggestion = learn(times(12, (index) => ({ region: index % 2 === 0 ? 'eu' : 'us' })));
    const text = policyYaml(suggestion, ['one line\nmore', '']);
    expect(text.split('\n').slice(0, 3)).toEqual(['# one line more', '#', '']);
    expect(text).toContain(
      '# few values, each seen often enough (12 seen, 2 different)\n          region: { enum: [ eu, us ] }',
    );
    const policy = parsePolicy(text);
    expect(policy.digest).toBe(compilePolicy(suggestion.document).digest);
    expect(lint(policy).filter(({ level }) => level !== 'note')).toEqual([]);
  });
});

describe('options out of range', () => {
  it.each([{ holdout: 1 }, { holdout: -0.1 }, { holdout: Number.NaN }, { leastSupport: 0 }, { leastSupport: 1.5 }])(
    '%j',
    (options) => {
      expect(() => new PolicyLearner(options)).toThrow(RangeError);
    },
  );
});
