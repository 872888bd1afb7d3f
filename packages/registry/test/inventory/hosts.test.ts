import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { HOSTS, HOST_IDS, VARIABLES, takeInventory, type HostId, type Platform } from '../../src/index.ts';
import { expandBraces } from '../../src/inventory/locations.ts';
import { fixtureOf } from '../support/fixtures.ts';
import { createTree } from '../support/tree.ts';

const tree = createTree();
afterAll(() => tree.clean());

const PLATFORMS: readonly Platform[] = ['linux', 'macos', 'windows'];

/** Per host: each server with transport, authentication, credential, whether it is enabled, and what it starts or contacts. */
const EXPECTED: Readonly<Record<HostId, readonly string[]>> = {
  'claude-desktop': [
    'files stdio none none on npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /home/anna/notes',
  ],
  'claude-code': [
    'files stdio environment reference on npx -y server@1.2.3',
    'notes http header reference on https://mcp.example.com/mcp',
    'shop sse none none on https://shop.example.com/sse for /home/anna/shop',
  ],
  cursor: [
    'files stdio environment file on npx -y server@1.2.3',
    'notes http oauth helper on https://mcp.example.com/mcp',
  ],
  vscode: [
    'files stdio environment prompt on npx -y server@1.2.3',
    'notes http header prompt on https://mcp.example.com/mcp',
  ],
  'copilot-cli': ['files stdio none none on npx server@1.2.3', 'notes http none none on https://mcp.example.com/mcp'],
  windsurf: [
    'files stdio none none off npx -y server@1.2.3',
    'notes sse header reference on https://mcp.example.com/sse',
  ],
  zed: [
    'files stdio none none on npx -y server@1.2.3',
    'older stdio none none on uvx server==1.2.3',
    'notes http header none on https://mcp.example.com/mcp',
  ],
  'gemini-cli': [
    'files stdio environment reference on npx -y server@1.2.3',
    'older sse none none on https://mcp.example.com/sse',
    'notes http oauth helper on https://mcp.example.com/mcp',
  ],
  codex: [
    'files stdio environment reference on npx -y server@1.2.3',
    'notes http header reference off https://mcp.example.com/mcp',
  ],
  cline: ['files stdio none none on npx -y server@1.2.3', 'notes sse header reference on https://mcp.example.com/sse'],
  roo: ['files stdio none none on npx -y server@1.2.3', 'notes http none none on https://mcp.example.com/mcp'],
  kilo: ['files stdio none none on npx -y server@1.2.3', 'notes http none none on https://mcp.example.com/mcp'],
  continue: [
    'files stdio environment reference on npx -y server@1.2.3',
    'notes http header reference on https://mcp.example.com/mcp',
  ],
  junie: ['files stdio none none on npx -y server@1.2.3'],
  'amazon-q': ['files stdio none none on npx -y server@1.2.3', 'notes http none none on https://mcp.example.com/mcp'],
  kiro: ['files stdio none none on npx -y server@1.2.3', 'notes http header reference on https://mcp.example.com/mcp'],
  goose: [
    'files stdio environment helper on npx -y server@1.2.3',
    'notes http none none off https://mcp.example.com/mcp',
  ],
  'lm-studio': [
    'files stdio none none on npx -y server@1.2.3',
    'notes http header none on https://mcp.example.com/mcp',
  ],
  opencode: [
    'newer stdio none none on uvx server==1.2.3',
    'files stdio environment reference on npx -y server@1.2.3',
    'notes http oauth helper off https://mcp.example.com/mcp',
  ],
};

describe.each(PLATFORMS)('on %s', (platform) => {
  it.each(HOST_IDS)('every file of %s is found and read', async (host) => {
    const folder = join(tree.path, platform, host);
    const owners = { user: 'home', project: 'project', machine: 'root' } as const;
    const written = HOSTS[host].files.flatMap(({ scope, paths }) =>
      (paths[platform] === null ? [] : expandBraces(paths[platform])).map((path) => {
        const [first = '', ...rest] = path.replaceAll('*', 'some').split('/');
        const below = [...(VARIABLES[first]?.split('/').slice(1) ?? []), ...rest].join('/');
        const owner = { scope, folder: join(folder, owners[scope]) };
        const file = tree.write(`${platform}/${host}/${owners[scope]}/${below}`, fixtureOf(host));
        return { host, path: file, owner, state: 'read' };
      }),
    );
    const { files, servers, findings } = await takeInventory({
      system: {
        platform,
        homes: [join(folder, 'home')],
        projects: [join(folder, 'project')],
        root: join(folder, 'root'),
      },
    });
    expect(files).toEqual(written);
    expect(servers.map(described)).toEqual(written.flatMap(() => EXPECTED[host]));
    expect(findings.map(({ id }) => id).filter((id) => /^(?:file|entry|secret)-/u.test(id))).toEqual([]);
  });
});

it('every host has a fixture, a source and at least one file on each system it runs on', () => {
  for (const host of HOST_IDS) {
    expect(fixtureOf(host)).not.toBe('');
    expect(HOSTS[host].source).toMatch(/^https:\/\//u);
    for (const platform of PLATFORMS)
      expect(HOSTS[host].files.some(({ paths }) => paths[platform] !== null)).toBe(true);
  }
});

it('variables of the scanned system move the files that they name', async () => {
  const moved = tree.write('moved/codex/config.toml', fixtureOf('codex'));
  const system = { platform: 'linux' as const, homes: [join(tree.path, 'nobody')], projects: [], root: null };
  const environment = { CODEX_HOME: join(tree.path, 'moved/codex'), XDG_CONFIG_HOME: '' };
  const { files } = await takeInventory({ system: { ...system, environment }, followsLinks: true });
  expect(files.map(({ path }) => path)).toEqual([moved]);
});

function described(server: Awaited<ReturnType<typeof takeInventory>>['servers'][number]): string {
  const target = server.url ?? server.command.join(' ');
  const project = server.project === null ? '' : ` for ${server.project}`;
  const state = server.isEnabled ? 'on' : 'off';
  return `${server.name} ${server.transport} ${server.authentication} ${server.credential} ${state} ${target}${project}`;
}
