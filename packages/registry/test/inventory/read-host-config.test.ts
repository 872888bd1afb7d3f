import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { readHostConfig } from '../../src/index.ts';

const namesIn = (host: Parameters<typeof readHostConfig>[0], text: string): readonly string[] =>
  readHostConfig(host, text).servers.map(({ name }) => name);

describe('a text with mistakes', () => {
  it('gives what can be read of it, and the line of the first mistake', () => {
    const text = '{\n"mcpServers": {\n"a": { "command": "x" }\n"b": { "command": "y" }\n}\n}';
    const { servers, problems } = readHostConfig('cursor', text);
    expect(servers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toEqual([{ code: 'malformed', line: 4, message: 'the text is not JSON' }]);
  });

  it('is never quoted', () => {
    const texts = { codex: 'a = "canary" canary', goose: 'extensions: {canary', cursor: '{"canary": canary' } as const;
    for (const [host, text] of Object.entries(texts)) {
      const { problems } = readHostConfig(host as keyof typeof texts, text);
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain('canary');
    }
  });

  it.each(['', '   ', '// nothing', 'null', '[]', '"text"', '7', '{}', '{"mcpServers":null}', '{"mcpServers":[]}'])(
    'that holds no server gives none: %s',
    (text) => {
      expect(namesIn('cursor', text)).toEqual([]);
    },
  );
});

it('comments, trailing commas and a byte order mark are as hosts have them', () => {
  expect(namesIn('vscode', '\uFEFF{ /* a */ "servers": { "a": { "command": "x", }, }, // b\n }')).toEqual(['a']);
});

it('an entry without a command or a URL is a problem, not a server', () => {
  const { servers, problems } = readHostConfig(
    'cursor',
    '{"mcpServers":{\n"a":{"args":[]},\n"b":7,"c":{"command":""}}}',
  );
  expect(servers).toEqual([]);
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ['entry-unknown', 2],
    ['entry-unknown', 3],
    ['entry-unknown', 3],
  ]);
});

it('a name that stands twice in a file gives both entries', () => {
  expect(namesIn('cursor', '{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}')).toEqual(['a', 'a']);
});

it('names that objects have by birth are names like any other', () => {
  const text = '{"mcpServers":{"__proto__":{"command":"x"},"constructor":{"command":"y","env":{"__proto__":"z"}}}}';
  const { servers } = readHostConfig('cursor', text);
  expect(servers.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  expect([...(servers[1]?.environment.keys() ?? [])]).toEqual(['__proto__']);
});

it('Claude Code names its projects, and the folder that an entry is for', () => {
  const text = '{"projects":{"/home/anna/a":{"mcpServers":{"s":{"command":"x"}}},"C:\\\\b":{}}}';
  const { projects, servers } = readHostConfig('claude-code', text);
  expect(projects).toEqual(['/home/anna/a', 'C:\\b']);
  expect(servers).toMatchObject([{ name: 's', project: '/home/anna/a' }]);
});

it('switches of a whole host are told', () => {
  const text = '{\n"chat.tools.global.autoApprove": true,\n"servers": {} }';
  expect(readHostConfig('vscode', text).approvals).toEqual([{ line: 2, key: 'chat.tools.global.autoApprove' }]);
  expect(readHostConfig('zed', '{"agent":{"always_allow_tool_actions":false}}').approvals).toEqual([]);
});

it('lines of TOML are those of tables and keys, quoted and dotted ones too', () => {
  const text =
    '# x\n[mcp_servers."a b"]\ncommand = "npx"\nargs = [\n  "-y",\n]\n\n[mcp_servers.b]\nurl = "https://x.example"\nenv.A = "1"\n';
  const { servers } = readHostConfig('codex', text);
  expect(servers.map(({ name, line, command, url }) => [name, line, command[0]?.line, url?.line])).toEqual([
    ['a b', 2, 3, undefined],
    ['b', 8, undefined, 9],
  ]);
});

it('YAML aliases and merge keys are followed', () => {
  const text = 'base: &base { type: stdio, cmd: npx }\nextensions:\n  a: { <<: *base, args: [x] }\n  b: *base\n';
  expect(namesIn('goose', text)).toContain('b');
});

describe('bounds', () => {
  it.each([
    ['cursor', '['.repeat(100_000)],
    ['cursor', '{"a":'.repeat(100_000)],
    ['goose', '['.repeat(15_000)],
    ['goose', `${'- '.repeat(15_000)}x`],
    ['codex', `a = ${'['.repeat(50_000)}`],
  ] as const)('deep nesting in a text of %s is a problem', (host, text) => {
    const { servers, problems } = readHostConfig(host, text);
    expect(servers).toEqual([]);
    expect(problems).toMatchObject([{ code: 'malformed' }]);
  });

  it('a key of many parts holds no server', () => {
    expect(readHostConfig('codex', `[mcp_servers.${'a.'.repeat(20_000)}a]\nx = 1\n`).servers).toEqual([]);
  });

  it('aliases cannot multiply', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const { problems } = readHostConfig('goose', `a0: &a0 [x]\n${lines.join('\n')}\n`);
    expect(problems).toMatchObject([{ code: 'malformed' }]);
  });

  it('of too many servers the first thousand are taken', () => {
    const entries = Array.from({ length: 1_001 }, (_, index) => [`s${index}`, { command: 'x' }]);
    const { servers, problems } = readHostConfig('cursor', JSON.stringify({ mcpServers: Object.fromEntries(entries) }));
    expect(servers).toHaveLength(1_000);
    expect(problems).toMatchObject([{ code: 'too-many-servers' }]);
  });
});

it('texts that may hold a secret do not print themselves', () => {
  const text =
    '{"mcpServers":{"a":{"command":"canary-1","args":["canary-2"],"env":{"K":"canary-3"},"headers":{"H":"canary-4"}}}}';
  const { servers } = readHostConfig('cursor', text);
  expect(servers).toHaveLength(1);
  expect(JSON.stringify(servers)).not.toContain('canary');
  expect(inspect(servers, { depth: 10, showHidden: true })).not.toContain('canary');
  expect(String(servers[0]?.command[0])).toBe('[hidden]');
  expect(servers[0]?.command[0]?.reveal()).toBe('canary-1');
});
