import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { FLAGS } from '@callgate/registry';
import { afterAll, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

for (const name of ['home/.cursor', 'root/home/anna/.cursor', 'root/etc/codex', 'root/work/shop', 'quiet/.cursor']) {
  mkdirSync(join(folder.path, name), { recursive: true });
}
const SECRET = ['ghp', 'Canary0Canary1Canary2Canary3Canary4X'].join('_');
const home = join(folder.path, 'home');
const file = folder.write(
  'home/.cursor/mcp.json',
  `{
  "mcpServers": {
    "files": { "command": "npx", "args": ["-y", "server@1.2.3"], "env": { "LEVEL": "debug" } },
    "notes": {
      "command": "npx",
      "args": ["-y", "notes", "--token", "${SECRET}"],
      "env": { "API_KEY": "${SECRET}" }
    },
    "\\u001b[31mred\\u202e": { "url": "http://mcp.example.com/mcp?key=${SECRET}", "disabled": true }
  }
}
`,
);
folder.write('quiet/.cursor/mcp.json', '{"mcpServers":{"files":{"command":"npx","args":["server@1.2.3"]}}}');
folder.write('root/home/anna/.claude.json', '{"projects":{"/work/shop":{}}}');
folder.write('root/work/shop/.mcp.json', '{"mcpServers":{"shop":{"command":"npx","args":["shop@1.2.3"]}}}');
folder.write('root/etc/codex/config.toml', '[mcp_servers.machine]\ncommand = "npx"\nargs = ["machine"]\n');
const policy = folder.write(
  'policy.yaml',
  'callgate: 1\nname: p\nversion: "1"\nservers:\n  files: { identity: { command: npx, args: ["-y", "server@1.2.3"] } }\n',
);

const inventory = (...argv: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand(['inventory', '--platform', 'linux', ...argv], { env: { GITHUB_WORKSPACE: folder.path } });

describe('callgate inventory', () => {
  it('prints servers by file, each with its findings, and fails for errors', async () => {
    const { code, out, err } = await inventory('--home', home);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.split('\n')).toEqual([
      `Cursor ${file}`,
      '  files stdio npx -y server@1.2.3 line 3',
      '    ring 2 (its tools are not known); authentication: none; variables: LEVEL',
      '  notes stdio npx -y notes --token [hidden] line 4',
      '    ring 2 (its tools are not known); authentication: environment, plaintext; variables: API_KEY',
      expect.stringMatching(
        /^ {6}error: argument 4 holds a secret \(secrets\.github-token, fingerprint [0-9a-f]{8}\) \[secret-plaintext\]:6$/u,
      ),
      '      warning: `npx` fetches `notes`: no version is named, so the newest is fetched; name one [package-unpinned]:6',
      expect.stringMatching(
        /^ {6}error: variable `API_KEY` holds a secret \(secrets\.github-token, fingerprint [0-9a-f]{8}\) \[secret-plaintext\]:7$/u,
      ),
      '  \\u{1b}[31mred\\u{202e} http http://mcp.example.com/mcp?key=[hidden] (disabled) line 9',
      '    ring 2 (its tools are not known); authentication: url, plaintext',
      expect.stringMatching(/^ {6}error: the URL holds a secret/u),
      '      error: `http://mcp.example.com/mcp?key=[hidden]` is not encrypted [url-cleartext]:9',
      '3 servers in 1 file; 4 errors, 1 warning',
      '',
    ]);
  });

  it.each(['pretty', 'json', 'sarif'])('never prints a secret as %s', async (format) => {
    const { out, err } = await inventory('--home', home, '--format', format, '--policy', policy);
    expect(out).toContain('secret-plaintext');
    expect(out + err).not.toMatch(/canary/iu);
  });

  it('says which servers a policy governs', async () => {
    const { out } = await inventory('--home', home, '--policy', policy);
    expect(out).toContain('variables: LEVEL; governed as files');
    expect(out).toContain('error: the policy has no such server [server-shadow]:4');
  });

  it('prints one JSON value for programs', async () => {
    const { code, out } = await inventory('--home', home, '--format', 'json');
    const { ok, files, servers, findings } = JSON.parse(out);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(files).toEqual([{ host: 'cursor', path: file, owner: { scope: 'user', folder: home }, state: 'read' }]);
    expect(servers).toHaveLength(3);
    expect(servers[1]).toEqual({
      host: 'cursor',
      name: 'notes',
      file,
      line: 4,
      owner: { scope: 'user', folder: home },
      project: null,
      transport: 'stdio',
      command: ['npx', '-y', 'notes', '--token', '[hidden]'],
      url: null,
      isEnabled: true,
      authentication: 'environment',
      credential: 'plaintext',
      environment: ['API_KEY'],
      headers: [],
      ring: { ring: 2, reason: 'its tools are not known' },
      reach: { kind: 'not-asked' },
      governance: null,
    });
    expect(findings[1]).toEqual({
      id: 'package-unpinned',
      severity: 'warning',
      host: 'cursor',
      file,
      line: 6,
      server: 'notes',
      message: '`npx` fetches `notes`: no version is named, so the newest is fetched; name one',
    });
  });

  it('prints SARIF that points at lines', async () => {
    const { out } = await inventory('--home', home, '--format', 'sarif');
    const [{ tool, results }] = JSON.parse(out).runs;
    expect(tool.driver.rules.map((rule: any) => rule.id)).toEqual(Object.keys(FLAGS));
    expect(results).toHaveLength(5);
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.partialFingerprints['callgate/v1']).toMatch(/^sha256:/u);
    }
    expect(results[1]).toMatchObject({
      ruleId: 'package-unpinned',
      level: 'warning',
      message: { text: expect.stringMatching(/^server `notes`: /u) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'home/.cursor/mcp.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 6 },
          },
        },
      ],
    });
  });
});

describe('the exit code', () => {
  const codeOf = async (...options: readonly string[]): Promise<number> =>
    (await inventory('--home', home, ...options)).code;

  it('follows --fail-on', async () => {
    expect(await codeOf('--fail-on', 'never')).toBe(0);
    expect(await codeOf('--fail-on', 'note')).toBe(1);
    expect((await inventory('--home', join(folder.path, 'quiet'), '--fail-on', 'note')).code).toBe(0);
  });

  it('leaves out what is ignored', async () => {
    const errors = ['--ignore', 'secret-plaintext', '--ignore', 'url-cleartext'];
    expect(await codeOf(...errors)).toBe(0);
    expect(await codeOf(...errors, '--fail-on', 'warning')).toBe(1);
  });

  it.each([
    [['--ignore', 'secret-plaintex'], 'did you mean `secret-plaintext`?'],
    [['--fail-on', 'errors'], 'did you mean `error`?'],
    [['--projects-only'], 'expected `--projects-only` without `--home` and `--root`'],
    [['--platform=amiga'], 'one of `linux`, `macos`, `windows`'],
    [['--policy', 'missing.yaml'], 'ENOENT'],
  ])('is 2 for %j', async (options, message) => {
    const { code, err } = await runCommand(['inventory', '--home', home, ...options]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('what is looked at', () => {
  const namesOf = async (...options: readonly string[]): Promise<readonly string[]> => {
    const { out } = await inventory('--format', 'json', ...options);
    return JSON.parse(out).servers.map(({ name }: { name: string }) => name);
  };

  it('is every home below a root, the projects they name, and the machine', async () => {
    expect(await namesOf('--root', join(folder.path, 'root'))).toEqual(['machine', 'shop']);
  });

  it('is nothing but the home that is named', async () => {
    expect(await namesOf('--home', join(folder.path, 'root/home/anna'))).toEqual([]);
  });

  it('is the projects alone when told so', async () => {
    expect(await namesOf('--projects-only', join(folder.path, 'root/work/shop'))).toEqual(['shop']);
  });

  it('is the home and the projects that are named', async () => {
    const quiet = join(folder.path, 'quiet');
    expect(await namesOf('--home', quiet, join(folder.path, 'root/work/shop'))).toEqual(['shop', 'files']);
  });
});

it('asks a real server for its tools, when told to', async () => {
  const everything = createRequire(join(import.meta.dirname, '../../../test/package.json')).resolve(
    '@modelcontextprotocol/server-everything/dist/index.js',
  );
  mkdirSync(join(folder.path, 'connected/.cursor'), { recursive: true });
  const entry = { command: process.execPath, args: [everything] };
  folder.write('connected/.cursor/mcp.json', JSON.stringify({ mcpServers: { everything: entry } }));
  const { code, out } = await runCommand(
    // Where this repository was cloned to is not what is tested.
    [
      'inventory',
      '--home',
      join(folder.path, 'connected'),
      '--connect',
      '--ignore',
      'command-temporary',
      '--format',
      'json',
    ],
    { env: { PATH: process.env['PATH'] ?? '' } },
  );
  const [{ reach, ring }] = JSON.parse(out).servers;
  expect({ code, kind: reach.kind, name: reach.name }).toEqual({
    code: 0,
    kind: 'reached',
    name: 'mcp-servers/everything',
  });
  expect(reach.tools.length).toBeGreaterThan(5);
  expect(reach.tools).toContainEqual({ name: 'echo', ring: 1, effect: 'read', reason: 'the name says `echo`' });
  expect(ring).toEqual({ ring: 3, reason: 'the highest of its tools' });
});
