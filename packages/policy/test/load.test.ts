import { describe, expect, it } from 'vitest';

import {
  PolicyError,
  compilePolicy,
  decide,
  definePolicy,
  parsePolicy,
  type PolicyDocument,
  type PolicyIssue,
} from '../src/index.ts';
import { toolCall } from './support/policies.ts';
import { threadMsSince } from './support/thread-time.ts';

const HEAD = 'callgate: 1\nname: test\nversion: "1"\n';

function failureOf(load: () => unknown): PolicyError {
  try {
    load();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('expected the policy not to load');
}

function issuesOf(text: string): readonly PolicyIssue[] {
  return failureOf(() => parsePolicy(text, { file: 'p.yaml' })).issues;
}

function toolText(body: string): string {
  return `${HEAD}servers:\n  inventory:\n    tools:\n      lookup:\n        ring: 1\n        ${body}\n`;
}

describe('a document', () => {
  const yaml = `${HEAD}servers:
  inventory:
    identity: { command: npx, args: ["-y", "x@1"] }
    tools:
      lookup: { ring: 1, arguments: { limit: { type: integer, minimum: 1, maximum: 25 } } }
`;
  const document = definePolicy({
    version: '1',
    servers: {
      inventory: {
        tools: { lookup: { arguments: { limit: { maximum: 25, minimum: 1, type: 'integer' } }, ring: 1 } },
        identity: { command: 'npx', args: ['-y', 'x@1'] },
      },
    },
    callgate: 1,
    name: 'test',
  });

  it('has one digest as YAML, JSON and TypeScript, whatever the order of keys', () => {
    const withUndefined: unknown = { ...document, stage: undefined };
    const digests = [
      parsePolicy(yaml).digest,
      parsePolicy(JSON.stringify(document)).digest,
      parsePolicy(JSON.stringify(document, null, '\t')).digest,
      parsePolicy(`\uFEFF${yaml}`).digest,
      compilePolicy(document).digest,
      compilePolicy(withUndefined as PolicyDocument).digest,
    ];
    expect(new Set(digests).size).toBe(1);
  });

  it('has another digest when anything in it changes', () => {
    expect(parsePolicy(yaml.replace('25', '26')).digest).not.toBe(parsePolicy(yaml).digest);
  });

  it('is frozen and independent of what it was made from', () => {
    const mutable = structuredClone(document) as {
      servers: { inventory: { tools: Record<string, { ring: number }> } };
    };
    const policy = compilePolicy(mutable as never);
    mutable.servers.inventory.tools['other'] = { ring: 0 };
    expect(decide(policy, toolCall({}, { tool: 'other' })).effect).toBe('deny');
    expect(Object.isFrozen(policy.document.servers)).toBe(true);
  });

  it('[legible.operator] gives decisions the line of the rule', () => {
    const call = toolCall({ limit: 99 }, { identity: { command: 'npx', args: ['-y', 'x@1'] } });
    const decision = decide(parsePolicy(yaml, { file: 'p.yaml' }), call);
    expect(decision.determining[0]?.location).toEqual({ file: 'p.yaml', line: 8, column: 7 });
    expect(decision.violations[0]?.location).toEqual({ file: 'p.yaml', line: 8, column: 39 });
  });
});

describe('a bad text', () => {
  it.each<[string, string, string]>([
    ['empty', '', 'CALLGATE_POLICY_EMPTY'],
    ['only comments', '# nothing\n---\n', 'CALLGATE_POLICY_EMPTY'],
    ['a list', '- 1\n', 'CALLGATE_POLICY_INVALID'],
    ['a word', 'hello', 'CALLGATE_POLICY_INVALID'],
    ['unclosed', '{ "callgate": 1,', 'CALLGATE_POLICY_SYNTAX'],
    ['indented by tabs', 'servers:\n\ta: 1\n', 'CALLGATE_POLICY_SYNTAX'],
    ['of two documents', `${HEAD}servers: {}\n---\n${HEAD}servers: {}\n`, 'CALLGATE_POLICY_SYNTAX'],
    ['with a duplicate key', `${HEAD}servers: {}\nname: again\n`, 'CALLGATE_POLICY_SYNTAX'],
    [
      'JSON with a duplicate key',
      '{"callgate":1,"name":"a","version":"1","servers":{},"servers":{}}',
      'CALLGATE_POLICY_SYNTAX',
    ],
    ['with a custom tag', `${HEAD}servers: !!js/function 'x'\n`, 'CALLGATE_POLICY_SYNTAX'],
    ['with an unknown alias', `${HEAD}servers: *none\n`, 'CALLGATE_POLICY_SYNTAX'],
    ['with an alias of itself', `${HEAD}servers: &a { x: *a }\n`, 'CALLGATE_POLICY_TOO_LARGE'],
    ['with a number for a key', `${HEAD}servers: { 5: {} }\n`, 'CALLGATE_POLICY_SYNTAX'],
    ['with a __proto__ key', `${HEAD}servers: { __proto__: {} }\n`, 'CALLGATE_POLICY_SYNTAX'],
    ['with an infinite number', toolText('arguments: { x: { maximum: .inf } }'), 'CALLGATE_POLICY_SYNTAX'],
    ['with an inexact number', toolText('arguments: { x: { maximum: 9007199254740993 } }'), 'CALLGATE_POLICY_SYNTAX'],
    ['of another version', HEAD.replace('1', '2'), 'CALLGATE_POLICY_VERSION'],
    ['too large', `#${'x'.repeat(5 * 1024 * 1024)}`, 'CALLGATE_POLICY_TOO_LARGE'],
    ['nested too deep', '['.repeat(200_000), 'CALLGATE_POLICY_SYNTAX'],
    ['nested 100 levels', `x: ${'['.repeat(100)}${']'.repeat(100)}`, 'CALLGATE_POLICY_TOO_LARGE'],
  ])('that is %s is refused with its code', (_, text, code) => {
    const error = failureOf(() => parsePolicy(text, { file: 'p.yaml' }));
    expect(error.code).toBe(code);
    expect(error.issues.length).toBeGreaterThan(0);
    expect(error.message.length).toBeLessThan(2000);
  });

  it('that is an alias bomb is refused at once', () => {
    const levels = 'abcdefghi'.split('').map((name, index, all) => {
      const inner = index === 0 ? '"x"' : `*${all[index - 1] ?? ''}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    });
    const before = process.threadCpuUsage();
    expect(failureOf(() => parsePolicy(levels.join('\n'))).code).toBe('CALLGATE_POLICY_TOO_LARGE');
    expect(threadMsSince(before)).toBeLessThan(1000);
  });

  it('with very many keys is read in linear time, duplicates and all', () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n');
    const before = process.threadCpuUsage();
    expect(issuesOf(`${keys}\nk5: 1\n`)).toMatchObject([{ line: 100_001, message: 'duplicate key `k5`' }]);
    // pairwise comparison of the keys takes minutes
    expect(threadMsSince(before)).toBeLessThan(15_000);
  });

  it.each([
    ['commas', `[${','.repeat(1_000_000)}]`],
    ['items', `[${'a,'.repeat(1_000_000)}]`],
    ['anchors', `a: ${'&a '.repeat(500_000)}`],
    ['lines', '- a\n'.repeat(500_000)],
  ])('with a million %s is refused before it fills the memory', (_, text) => {
    const before = process.memoryUsage().heapUsed;
    expect(failureOf(() => parsePolicy(text)).code).toBe('CALLGATE_POLICY_TOO_LARGE');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });

  it('with a name so long that pointers would multiply it is refused', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `  a${index}: 1\n`).join('');
    expect(failureOf(() => parsePolicy(`? ${'k'.repeat(2000)}\n:\n${keys}`)).message).toContain(
      'expected a key of at most 1024 characters',
    );
  });

  it('knows no merge keys', () => {
    expect(issuesOf(`${HEAD}servers:\n  a: &a { trust: internal }\n  b: { <<: *a }\n`)).toMatchObject([
      { line: 6, pointer: '/servers/b/<<' },
    ]);
  });

  it('may use a few anchors', () => {
    const text = `${HEAD}servers:\n  a: &a { trust: internal }\n  b: *a\n`;
    expect(parsePolicy(text).servers.get('b')?.trust).toBe('internal');
  });
});

describe('issues', () => {
  it('come all at once, with place, expectation and nearest name, in the order of the text', () => {
    const text = `callgate: 1
name: test
version: 7
servers:
  inventory:
    trust: intern
    tools:
      lookup:
        ring: 4
        tiemout: 5s
        arguments:
          limit: { type: integer, maximun: 25 }
          code: { pattern: "(?=x)" }
          range: { minimum: 5, maximum: 1 }
`;
    const error = failureOf(() => parsePolicy(text, { file: 'p.yaml' }));
    expect(error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '3:1 expected a version in quotes, such as "7", got a number',
      '6:5 expected one of `internal`, `external`, got `intern`',
      '9:9 expected a ring: `0`, `1`, `2` or `3`, got a number',
      '10:9 unknown key `tiemout`; did you mean `timeout`?',
      '12:35 unknown key `maximun`; did you mean `maximum`?',
      '13:19 the pattern does not compile: invalid or unsupported Perl syntax: `(?=`',
      '14:20 expected `minimum` not above `maximum`, got bounds that nothing satisfies',
    ]);
    expect(error.issues[3]).toMatchObject({
      nearest: 'timeout',
      pointer: '/servers/inventory/tools/lookup/tiemout',
      file: 'p.yaml',
    });
    expect(error.message).toContain('7 problems\n  p.yaml:3:1 expected a version');
  });

  it('name the key that is missing, and tell a text from the number it reads like', () => {
    const text = `callgate: '1'
version: '7'
servers:
  inventory:
    tools:
      lookup: { ring: '1', arguments: { limit: { optional: 'true' } } }
      count: { arguments: any }
`;
    const error = failureOf(() => parsePolicy(text, { file: 'p.yaml' }));
    expect(error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '1:1 expected `1`, the version of the policy language, got the text `1`',
      '1:1 missing key `name`: expected a name',
      '6:17 expected a ring: `0`, `1`, `2` or `3`, got the text `1`',
      '6:50 expected `true` or `false`, got the text `true`',
      '7:7 missing key `ring`: expected a ring: `0`, `1`, `2` or `3`',
    ]);
  });

  it('of an object have pointers', () => {
    const error = failureOf(() =>
      compilePolicy({ callgate: 1, name: 'x', version: '1', servers: { a: { truts: 'internal' } } } as never),
    );
    expect(error.message).toBe('policy at /servers/a/truts: unknown key `truts`; did you mean `trust`?');
    expect(error.issues[0]).toMatchObject({ line: null, pointer: '/servers/a/truts' });
  });

  it.each<[string, string, string]>([
    ['an unknown keyword', 'arguments: { x: { typo: 1 } }', '/servers/inventory/tools/lookup/arguments/x/typo'],
    ['an empty enum', 'arguments: { x: { enum: [] } }', '/servers/inventory/tools/lookup/arguments/x/enum'],
    ['a schema that says nothing', 'arguments: { x: {} }', '/servers/inventory/tools/lookup/arguments/x'],
    ['only `optional`', 'arguments: { x: { optional: true } }', '/servers/inventory/tools/lookup/arguments/x'],
    [
      'a bound of another type',
      'arguments: { x: { type: string, maximum: 5 } }',
      '/servers/inventory/tools/lookup/arguments/x/maximum',
    ],
    [
      'bounds of two types',
      'arguments: { x: { minLength: 1, maximum: 5 } }',
      '/servers/inventory/tools/lookup/arguments/x',
    ],
    [
      'an enum value that is refused',
      'arguments: { x: { type: string, enum: [a, 5] } }',
      '/servers/inventory/tools/lookup/arguments/x/enum/1',
    ],
    [
      'a const that is refused',
      'arguments: { x: { const: 7, maximum: 5 } }',
      '/servers/inventory/tools/lookup/arguments/x/const',
    ],
    [
      '`optional` on items',
      'arguments: { x: { items: { type: string, optional: true } } }',
      '/servers/inventory/tools/lookup/arguments/x/items/optional',
    ],
    [
      'a negative length',
      'arguments: { x: { minLength: -1 } }',
      '/servers/inventory/tools/lookup/arguments/x/minLength',
    ],
    [
      'a step of nothing',
      'arguments: { x: { multipleOf: 0 } }',
      '/servers/inventory/tools/lookup/arguments/x/multipleOf',
    ],
    [
      '`any` among types',
      'arguments: { x: { type: [any, string] } }',
      '/servers/inventory/tools/lookup/arguments/x/type',
    ],
    [
      'a nested pattern',
      'arguments: { x: { properties: { y: { pattern: "[" } } } }',
      '/servers/inventory/tools/lookup/arguments/x/properties/y/pattern',
    ],
    [
      'a backreference',
      'arguments: { x: { pattern: "(a)\\\\1" } }',
      '/servers/inventory/tools/lookup/arguments/x/pattern',
    ],
    [
      'a repeat that explodes',
      'arguments: { x: { pattern: "((a{999}){999}){999}" } }',
      '/servers/inventory/tools/lookup/arguments/x/pattern',
    ],
    [
      'a kept name that is not declared',
      'summary: { keep: [limit] }',
      '/servers/inventory/tools/lookup/summary/keep/0',
    ],
    [
      'a bucket that is not declared',
      'arguments: { limits: { type: integer } }\n        summary: { bucket: [limit] }',
      '/servers/inventory/tools/lookup/summary/bucket/0',
    ],
    [
      'a dispatch pointer without a slash',
      'dispatch: { tool: name, arguments: /parameters }',
      '/servers/inventory/tools/lookup/dispatch/tool',
    ],
    [
      'a dispatch pointer with a bad escape',
      'dispatch: { tool: /a~2, arguments: /p }',
      '/servers/inventory/tools/lookup/dispatch/tool',
    ],
    ['an empty `who`', 'who: {}', '/servers/inventory/tools/lookup/who'],
    ['an empty dimension', 'who: { users: [] }', '/servers/inventory/tools/lookup/who/users'],
    ['a duration of nothing', 'timeout: 0s', '/servers/inventory/tools/lookup/timeout'],
    ['a duration over a day', 'timeout: 25h', '/servers/inventory/tools/lookup/timeout'],
    ['a bare number for a duration', 'timeout: 30', '/servers/inventory/tools/lookup/timeout'],
    ['a size in other units', 'maxResultBytes: 5MB', '/servers/inventory/tools/lookup/maxResultBytes'],
    ['an unknown approval', 'approval: maybe', '/servers/inventory/tools/lookup/approval'],
  ])('name %s', (_, body, pointer) => {
    const issues = issuesOf(toolText(body));
    expect(issues.map((issue) => issue.pointer)).toContain(pointer);
    expect(issues.every((issue) => issue.line !== null)).toBe(true);
  });

  it.each<[string, string, string]>([
    ['`**` in a tool name', 'tools: { "a**": { ring: 0 } }', '/servers/s/tools/a**'],
    [
      'a method that MCP defines',
      'methods: { tools/call: { direction: client-to-server, ring: 0 } }',
      '/servers/s/methods/tools~1call',
    ],
    [
      'a pattern of methods',
      'methods: { "acme/*": { direction: client-to-server, ring: 0 } }',
      '/servers/s/methods/acme~1*',
    ],
    ['an identity of two kinds', 'identity: { command: x, args: [], url: "https://x" }', '/servers/s/identity/url'],
    ['an identity URL with credentials', 'identity: { url: "https://u:p@x.example/" }', '/servers/s/identity/url'],
    ['an identity URL with a query', 'identity: { url: "https://x.example/mcp?tenant=a" }', '/servers/s/identity/url'],
    ['an identity that is no URL', 'identity: { url: "x.example" }', '/servers/s/identity/url'],
    [
      'an elicitation host that is missing',
      'elicitation: { url: { then: allow } }',
      '/servers/s/elicitation/url/hosts',
    ],
    [
      'an elicitation host that is a URL',
      'elicitation: { url: { then: allow, hosts: ["https://x.example"] } }',
      '/servers/s/elicitation/url/hosts/0',
    ],
    ['a misspelt server key', 'samplling: deny', '/servers/s/samplling'],
  ])('name %s', (_, body, pointer) => {
    expect(issuesOf(`${HEAD}servers:\n  s:\n    ${body}\n`).map((issue) => issue.pointer)).toContain(pointer);
  });

  it('stay bounded when everything is wrong', () => {
    const tools = Array.from({ length: 5000 }, (_, index) => `      t${index}: { rung: 1 }`).join('\n');
    const error = failureOf(() => parsePolicy(`${HEAD}servers:\n  s:\n    tools:\n${tools}\n`));
    expect(error.issues.length).toBeLessThanOrEqual(1000);
    expect(error.message.split('\n').length).toBeLessThan(30);
  });
});

describe('an object that is no plain data', () => {
  it('is refused with the place', () => {
    const withFunction = { callgate: 1, name: 'x', version: '1', servers: { a: { trust: (): string => 'internal' } } };
    expect(failureOf(() => compilePolicy(withFunction as never)).issues[0]).toMatchObject({
      pointer: '/servers/a/trust',
    });
    const circular: Record<string, unknown> = { callgate: 1, name: 'x', version: '1' };
    circular['servers'] = circular;
    expect(failureOf(() => compilePolicy(circular as never)).code).toBe('CALLGATE_POLICY_INVALID');
    expect(failureOf(() => compilePolicy(null as never)).code).toBe('CALLGATE_POLICY_EMPTY');
    expect(
      failureOf(() => compilePolicy(JSON.parse('{"callgate":1,"name":"x","version":"1","servers":{"__proto__":{}}}')))
        .issues[0]?.message,
    ).toContain('__proto__');
  });
  it('is refused as text that is no string', () => {
    expect(() => parsePolicy(5 as never)).toThrow(TypeError);
  });
});
