import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  HOST_IDS,
  takeInventory,
  type ConnectServer,
  type FileAccess,
  type GovernedServer,
  type InventoryOptions,
} from '../../src/index.ts';
import { createTree, type Tree } from '../support/tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTree();
});
afterEach(() => tree.clean());

const CURSOR = 'home/.cursor/mcp.json';
const entry = (servers: object): string => JSON.stringify({ mcpServers: servers });

const take = (options: Partial<InventoryOptions> = {}): ReturnType<typeof takeInventory> =>
  takeInventory({
    system: { platform: 'linux', homes: [join(tree.path, 'home')], projects: [join(tree.path, 'project')], root: null },
    ...options,
  });

const idsOf = async (options?: Partial<InventoryOptions>): Promise<readonly string[]> =>
  (await take(options)).findings.map(({ id }) => id);

it('a system without configurations has an empty inventory', async () => {
  expect(await take()).toEqual({ files: [], servers: [], findings: [] });
});

it('is the same for the same files', async () => {
  tree.write(CURSOR, entry({ a: { command: 'npx', args: ['a'] }, b: { url: 'http://b.example' } }));
  tree.write('project/.mcp.json', entry({ a: { command: 'npx', args: ['other'] } }));
  expect(await take()).toEqual(await take());
});

describe('a file that cannot be read is a finding', () => {
  const stateOf = async (): Promise<unknown> => {
    const { files, servers, findings } = await take();
    expect(servers).toEqual([]);
    return [files.map(({ state }) => state), findings.map(({ id, message }) => `${id}: ${message}`)];
  };

  it('when it is too large', async () => {
    tree.write('home/.codex/config.toml', '#'.repeat(1024 * 1024 + 1));
    expect(await stateOf()).toEqual([['unreadable'], ['file-unreadable: not read: larger than 1048576 bytes']]);
  });

  it('when it is not UTF-8', async () => {
    const file = tree.write(CURSOR, '');
    execFileSync('sh', ['-c', `printf '\\377\\376' > "$0"`, file]);
    expect(await stateOf()).toEqual([['unreadable'], ['file-unreadable: not read: it is not UTF-8']]);
  });

  it('when it is a pipe, which is never waited for', async () => {
    mkdirSync(join(tree.path, 'home/.cursor'), { recursive: true });
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(tree.path, CURSOR)]);
    expect(await stateOf()).toEqual([['unreadable'], ['file-unreadable: not read: it is no ordinary file']]);
  });

  it('when it is a link to itself', async () => {
    tree.link(CURSOR, 'mcp.json');
    expect(await stateOf()).toEqual([['unreadable'], ['file-unreadable: not read: ELOOP']]);
  });

  it('when it is a link out of what is scanned', async () => {
    tree.write('elsewhere/secret.json', entry({ canary: { command: 'x' } }));
    tree.link(CURSOR, join(tree.path, 'elsewhere/secret.json'));
    expect(await stateOf()).toEqual([
      ['unreadable'],
      ['file-unreadable: not read: a link leads out of what is scanned'],
    ]);
  });
});

it('a folder or a dangling link with the name of a file is no file', async () => {
  mkdirSync(join(tree.path, CURSOR), { recursive: true });
  tree.link('home/.claude.json', 'nothing');
  expect(await take()).toEqual({ files: [], servers: [], findings: [] });
});

it('a link within what is scanned is followed, and a file is read once however many links there are', async () => {
  tree.write('home/dotfiles/cursor.json', entry({ a: { command: 'x' } }));
  tree.link(CURSOR, '../dotfiles/cursor.json');
  tree.link('home/.lmstudio/mcp.json', '../dotfiles/cursor.json');
  tree.link('home/.cache/lm-studio/mcp.json', '../../dotfiles/cursor.json');
  const { files } = await take();
  expect(files.map(({ host }) => host)).toEqual(['cursor', 'lm-studio']);
});

it('links lead anywhere when the caller says so', async () => {
  tree.write('elsewhere/cursor.json', entry({ a: { command: 'x' } }));
  tree.link(CURSOR, join(tree.path, 'elsewhere/cursor.json'));
  expect((await take({ followsLinks: true })).servers).toHaveLength(1);
});

it('a file that everybody may write to is flagged, but not on Windows, where the mode says nothing', async () => {
  tree.write(CURSOR, entry({}), 0o666);
  expect(await idsOf()).toEqual(['file-writable']);
  const system = { platform: 'windows' as const, homes: [join(tree.path, 'home')], projects: [], root: null };
  expect(await idsOf({ system })).toEqual([]);
});

describe('projects that a user file names', () => {
  const options = (platform: 'linux' | 'windows', followsProjects = true): Partial<InventoryOptions> => ({
    system: { platform, homes: [join(tree.path, 'home')], projects: [], root: tree.path },
    followsProjects,
  });

  it.each([
    ['linux', '/work/shop'],
    ['windows', 'C:\\work\\shop'],
  ] as const)('are looked into below the root on %s', async (platform, folder) => {
    tree.write('home/.claude.json', JSON.stringify({ projects: { [folder]: {}, relative: {}, '/../../etc': {} } }));
    const file = tree.write('work/shop/.mcp.json', entry({ a: { command: 'x' } }));
    const { servers } = await take(options(platform));
    expect(servers.map(({ name, file: where, owner }) => [name, where, owner])).toEqual([
      ['a', file, { scope: 'project', folder: join(tree.path, 'work/shop') }],
    ]);
    expect((await take(options(platform, false))).servers).toEqual([]);
  });
});

describe('a name that stands for different servers', () => {
  it('is flagged where both may be in use, at the later one', async () => {
    tree.write(CURSOR, entry({ a: { command: 'x' }, b: { command: 'y' } }));
    const file = tree.write('project/.cursor/mcp.json', entry({ a: { command: 'z' }, b: { command: 'y' } }));
    const { findings } = await take();
    expect(findings).toMatchObject([{ id: 'server-duplicate', file, server: 'a' }]);
    expect(findings[0]?.message).toBe(`another server has this name: \`${join(tree.path, CURSOR)}\`, line 1`);
  });

  it('is flagged within one file', async () => {
    tree.write(CURSOR, '{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}');
    expect(await idsOf()).toEqual(['server-duplicate']);
  });

  it('is fine in two projects', async () => {
    tree.write('project/.mcp.json', entry({ a: { command: 'x' } }));
    tree.write('other/.mcp.json', entry({ a: { command: 'y' } }));
    const projects = ['project', 'other'].map((name) => join(tree.path, name));
    expect(await idsOf({ system: { platform: 'linux', homes: [], projects, root: null } })).toEqual([]);
  });
});

describe('governance', () => {
  const GOVERNED: readonly GovernedServer[] = [
    { name: 'files', identity: { command: 'npx', args: ['server@1.2.3'] } },
    { name: 'notes', identity: { url: 'https://mcp.example.com/mcp' } },
    { name: 'anything', identity: null },
  ];
  const governanceOf = async (name: string, server: object): Promise<unknown> => {
    tree.write(CURSOR, entry({ [name]: server }));
    const { servers, findings } = await take({ governed: GOVERNED });
    return [servers[0]?.governance, findings.map(({ id }) => id).filter((id) => id.startsWith('server-'))];
  };

  it.each([
    ['files', { command: 'npx', args: ['server@1.2.3'] }, 'files'],
    ['renamed', { command: 'npx', args: ['server@1.2.3'] }, 'files'],
    ['notes', { url: 'https://MCP.example.com/mcp/' }, 'notes'],
    ['anything', { command: 'x' }, 'anything'],
  ])('%s is governed', async (name, server, as) => {
    expect(await governanceOf(name, server)).toEqual([{ kind: 'governed', as }, []]);
  });

  it.each([
    ['files', { command: 'npx', args: ['server@1.2.4'] }],
    ['files', { command: 'npx', args: ['server@1.2.3', '--more'] }],
    ['notes', { url: 'https://mcp.example.com/other' }],
    ['notes', { command: 'x' }],
  ])('%s with another identity differs', async (name, server) => {
    expect(await governanceOf(name, server)).toEqual([{ kind: 'differs', as: name }, ['server-differs']]);
  });

  it('a server that the policy does not have is a shadow', async () => {
    expect(await governanceOf('other', { command: 'x' })).toEqual([{ kind: 'shadow' }, ['server-shadow']]);
  });

  it('is not judged without a policy', async () => {
    tree.write(CURSOR, entry({ other: { command: 'x' } }));
    expect((await take()).servers[0]?.governance).toBeNull();
  });
});

describe('asking servers for their tools', () => {
  const answer: ConnectServer = async ({ name }) => {
    if (name === 'bad') throw new Error('canary');
    return { kind: 'answered', name, version: '1', tools: [{ name: 'get_a' }, { name: 'delete_a' }] };
  };

  it('is done for enabled servers only, and one that fails is a finding', async () => {
    tree.write(CURSOR, entry({ good: { command: 'x' }, off: { command: 'x', disabled: true }, bad: { command: 'x' } }));
    const { servers, findings } = await take({ connect: answer });
    expect(servers.map(({ reach }) => reach.kind)).toEqual(['reached', 'not-asked', 'failed']);
    expect(servers[0]).toMatchObject({
      ring: { ring: 3, reason: 'the highest of its tools' },
      reach: {
        tools: [
          { name: 'get_a', ring: 1 },
          { name: 'delete_a', ring: 3 },
        ],
      },
    });
    expect(findings).toMatchObject([{ id: 'server-unreachable', message: 'the connection failed' }]);
  });

  it('is not done without being told', async () => {
    tree.write(CURSOR, entry({ a: { command: join(tree.path, 'would-run') } }));
    expect((await take()).servers).toMatchObject([{ reach: { kind: 'not-asked' } }]);
  });
});

it('an aborted inventory ends with the reason of its signal', async () => {
  tree.write(CURSOR, entry({ a: { command: 'x' } }));
  const reason = new Error('enough');
  await expect(take({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it('reads through the file access that it is given', async () => {
  const files: FileAccess = {
    read: async (path) =>
      path === '/home/anna/.cursor/mcp.json'
        ? { kind: 'text', text: entry({ a: { command: 'x' } }), realPath: path, isWorldWritable: false }
        : { kind: 'absent' },
    list: async () => [],
  };
  const system = { platform: 'linux' as const, homes: ['/home/anna'], projects: [], root: null };
  expect((await takeInventory({ system, files })).servers).toMatchObject([{ host: 'cursor', name: 'a' }]);
});

describe('a detector of secrets', () => {
  it('is given what stands in the file, as an assignment', async () => {
    tree.write(
      CURSOR,
      entry({ a: { command: 'x', args: ['--api-key', 'one'], env: { NAME: 'two' }, headers: { H: 'three' } } }),
    );
    const seen = new Set<string>();
    await take({
      detectSecrets: (text) => {
        seen.add(text);
        return [];
      },
    });
    expect([...seen]).toEqual(['x', '--api-key', 'api-key=one', 'NAME=two', 'H=three']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
    ['answers nonsense', () => [{ rule: 'r', start: 5, end: 2 }]],
    ['answers with places that are no numbers', () => [{ rule: 'r', start: Number.NaN, end: 2 }]],
  ])('that %s makes everything a secret', async (_, detectSecrets) => {
    tree.write(CURSOR, entry({ a: { command: 'canary', args: ['canary'] } }));
    const inventory = await take({ detectSecrets });
    expect(inventory.servers[0]?.command).toEqual(['[hidden]', '[hidden]']);
    expect(inventory.findings.map(({ id }) => id)).toContain('secret-plaintext');
    expect(JSON.stringify(inventory)).not.toContain('canary');
  });
});

it('knows every host of the table', () => {
  expect(HOST_IDS.length).toBeGreaterThanOrEqual(19);
});
