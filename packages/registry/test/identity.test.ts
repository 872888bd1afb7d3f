import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer } from 'node:tls';

import { digest } from '@callgate/canonical';
import { afterAll, describe, expect, it } from 'vitest';

import {
  identityChanges,
  peerKeyDigest,
  resolveCommandIdentity,
  urlIdentity,
  type CommandIdentity,
  type ServerIdentity,
} from '../src/index.ts';
import { makeCertificate } from './support/certificate.ts';

const root = mkdtempSync(join(tmpdir(), 'callgate-identity-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SHA = 'sha512-q6YfC0tM1n5k7Yw1dE0Y3+q6YfC0tM1n5k7Yw1dE0Y3A==';
const OTHER_SHA = 'sha512-AAAA';

function write(path: string, text: string, mode = 0o644): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  return file;
}

function install(modules: string, name: string, version: string, integrity: string): void {
  write(`${modules}/${name}/package.json`, JSON.stringify({ name, version }));
  write(`${modules}/${name}/index.js`, '');
  write(
    `${modules}/.package-lock.json`,
    JSON.stringify({ packages: { [`node_modules/${name}`]: { version, integrity } } }),
  );
}

const cwd = join(root, 'project');
const env = { HOME: join(root, 'home'), PATH: join(root, 'bin') };
const resolveLine = async (...line: readonly string[]): Promise<CommandIdentity> =>
  resolveCommandIdentity(line[0] ?? '', line.slice(1), { cwd, env });

describe('the identity of a command line', () => {
  const program = write('bin/server', '#!/bin/sh\n', 0o755);
  const script = write('project/server.js', 'hello');
  install('project/node_modules', '@acme/server', '1.4.2', SHA);
  const npx = createHash('sha512').update('other@2.0.0').digest('hex').slice(0, 16);
  install(`home/.npm/_npx/${npx}/node_modules`, 'other', '2.0.0', OTHER_SHA);

  it('of a program is the digest of its file, wherever the path finds it', async () => {
    const identity = await resolveLine('server', '--port', '1');
    expect(identity).toEqual({
      kind: 'command',
      command: 'server',
      args: ['--port', '1'],
      executable: digest('#!/bin/sh\n'),
      script: null,
      package: null,
    });
    expect((await resolveLine(program)).executable).toBe(identity.executable);
  });

  it('of a script is the digest of the script, and not of the interpreter unless that is asked for', async () => {
    expect(await resolveLine('node', '--no-warnings', 'server.js')).toMatchObject({
      executable: null,
      script: digest('hello'),
    });
    write('bin/node', 'an interpreter', 0o755);
    const pinned = await resolveCommandIdentity('node', [script], { cwd, env, pinsInterpreter: true });
    expect(pinned.executable).toBe(digest('an interpreter'));
  });

  it('of a script of a package is also that package', async () => {
    const identity = await resolveLine('node', 'node_modules/@acme/server/index.js');
    expect(identity.package).toEqual({ registry: 'npm', name: '@acme/server', version: '1.4.2', integrity: SHA });
  });

  it.each([
    ['installed', ['npx', '-y', '@acme/server@1.4.2', 'x'], '@acme/server', '1.4.2', SHA],
    ['installed, without a version', ['npx', '@acme/server'], '@acme/server', '1.4.2', SHA],
    ['installed, by an option', ['npm', 'exec', '--package=@acme/server', '--', 'acme'], '@acme/server', '1.4.2', SHA],
    ['in the cache of npx', ['npx.cmd', '--yes', 'other@2.0.0'], 'other', '2.0.0', OTHER_SHA],
    ['installed in another version', ['npx', '@acme/server@1.5.0'], '@acme/server', '1.5.0', null],
    ['not installed', ['pnpm', 'dlx', 'nothing@latest'], 'nothing', null, null],
  ] as const)('of a package that is %s', async (_, line, name, version, integrity) => {
    expect((await resolveLine(...line)).package).toEqual({ registry: 'npm', name, version, integrity });
  });

  it.each([['npx', '-y', '.'], ['npx', 'github:a/b'], ['npx'], ['docker', 'run', 'image'], ['uvx', 'server']])(
    'of %s %s is only the command line',
    async (...line) => {
      expect(await resolveLine(...line)).toMatchObject({ executable: null, script: null, package: null });
    },
  );
});

describe('the identity of a URL', () => {
  it('is its origin: paths and queries may hold secrets', () => {
    expect(urlIdentity('https://a.example:443/mcp/secret?key=1')).toEqual({
      kind: 'url',
      origin: 'https://a.example',
      publicKeys: [],
    });
    expect(() => urlIdentity('file:///etc/passwd')).toThrow(TypeError);
    expect(() => urlIdentity('nonsense')).toThrow(TypeError);
  });

  it('is also the key of its certificate', async () => {
    const { certificate, key, publicKey } = makeCertificate();
    const server = createServer({ cert: certificate, key });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/mcp`;
    try {
      const found = await peerKeyDigest(url, certificate);
      expect(found).toBe(digest(publicKey.export({ type: 'spki', format: 'der' })));
      await expect(peerKeyDigest(url)).rejects.toThrow(/self.signed/iu);
    } finally {
      server.close();
    }
  });
});

describe('a server that is met', () => {
  const url = (publicKeys: readonly string[], origin = 'https://a.example'): ServerIdentity => ({
    kind: 'url',
    origin,
    publicKeys: publicKeys.map((one) => digest(one)),
  });
  const command: CommandIdentity = {
    kind: 'command',
    command: 'npx',
    args: ['-y', 'a@1.0.0'],
    executable: null,
    script: digest('s'),
    package: { registry: 'npm', name: 'a', version: '1.0.0', integrity: SHA },
  };
  const pointers = (pinned: ServerIdentity, seen: ServerIdentity): readonly string[] =>
    identityChanges(pinned, seen).map(({ pointer }) => pointer);

  it('is the same where all that is pinned is', () => {
    expect(pointers(url([]), url(['k']))).toEqual([]);
    expect(pointers(url(['k', 'next']), url(['next']))).toEqual([]);
    expect(pointers(command, { ...command, executable: digest('x') })).toEqual([]);
  });

  it.each([
    ['another origin', url([]), url([], 'http://a.example'), ['/origin']],
    ['another key', url(['k']), url(['x']), ['/publicKeys']],
    ['a key that nobody looked at', url(['k']), url([]), ['/publicKeys']],
    ['a command instead of a URL', url([]), command, ['/kind']],
    ['another argument', command, { ...command, args: ['-y', 'a@1.0.0', '--all'] }, ['/args']],
    ['another script', command, { ...command, script: digest('t') }, ['/script']],
    ['a script that nobody looked at', command, { ...command, script: null }, ['/script']],
    [
      'the same version with other bytes',
      command,
      { ...command, package: { ...command.package, integrity: OTHER_SHA } },
      ['/package/integrity'],
    ],
    [
      'no package',
      command,
      { ...command, package: null },
      ['/package/name', '/package/registry', '/package/version', '/package/integrity'],
    ],
  ] as [string, ServerIdentity, ServerIdentity, string[]][])('is another with %s', (_, pinned, seen, expected) => {
    expect(pointers(pinned, seen).toSorted()).toEqual(expected.toSorted());
  });
});
