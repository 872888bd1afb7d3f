import { describe, expect, it } from 'vitest';

import { detectSecrets, readHostConfig } from '../../src/index.ts';
import { findFlags } from '../../src/inventory/flags/find-flags.ts';

/** The flags of one entry: `id message`. */
const flagsOf = (entry: object): readonly string[] => {
  const { servers } = readHostConfig('cursor', JSON.stringify({ mcpServers: { one: entry } }));
  return servers.flatMap((server) => findFlags(server, detectSecrets).map(({ id, message }) => `${id}: ${message}`));
};
const idsOf = (entry: object): readonly string[] => flagsOf(entry).map((flag) => flag.split(':')[0] ?? '');

describe('url-cleartext', () => {
  it.each([
    'http://mcp.example.com/mcp',
    'http://10.0.0.8:8080/',
    'HTTP://EXAMPLE.COM',
    'http://127.0.0.1.example.com/',
    'http://localhost@evil.example/',
  ])('flags %s', (url) => {
    expect(idsOf({ url })).toContain('url-cleartext');
  });

  it.each([
    'https://mcp.example.com/mcp',
    'http://localhost:3000/mcp',
    'http://127.0.0.1/',
    'http://127.8.9.1/',
    'http://[::1]:8080/',
    'http://app.localhost/',
    'http://${HOST}/mcp',
  ])('leaves %s alone', (url) => {
    expect(idsOf({ url })).toEqual([]);
  });

  it('looks at the arguments of a bridge as well', () => {
    expect(idsOf({ command: 'npx', args: ['mcp-remote@1.2.3', 'http://mcp.example.com/mcp'] })).toEqual([
      'url-cleartext',
    ]);
  });
});

describe('shell-wrapper', () => {
  it.each([
    ['sh', '-c', 'server | tee log'],
    ['/bin/bash', '-lc', 'server'],
    ['env', 'A=1', 'zsh', '-c', 'server'],
    ['powershell.exe', '-NoProfile', '-Command', 'server'],
    ['pwsh', '-EncodedCommand', 'AAAA'],
    ['cmd.exe', '/c', 'server && other'],
    ['cmd', '/c', 'server', '&', 'other'],
  ])('flags %s %s %s', (command, ...args) => {
    expect(idsOf({ command, args })).toContain('shell-wrapper');
  });

  it.each([
    ['bash', 'server.sh'],
    ['cmd', '/c', 'npx', 'server@1.2.3'],
    ['node', '-c', 'x'],
  ])('leaves %s %s alone', (command, ...args) => {
    expect(idsOf({ command, args })).toEqual([]);
  });
});

describe('command-temporary', () => {
  it.each([
    { command: '/tmp/server' },
    { command: 'node', args: ['--no-warnings', '/var/tmp/x/server.js'] },
    { command: 'python3', args: ['/home/anna/Downloads/server.py'] },
    { command: 'node', args: ['C:\\Users\\anna\\Downloads\\server.js'] },
    { command: '%TEMP%\\server.exe' },
    { command: 'server', cwd: '/dev/shm/x' },
  ])('flags %j', (entry) => {
    expect(idsOf(entry)).toEqual(['command-temporary']);
  });

  it.each([
    { command: '/opt/server', args: ['/tmp'] },
    { command: 'node', args: ['/home/anna/server.js', '--cache', '/tmp/x'] },
    { command: '/tmpfs/server' },
  ])('leaves %j alone', (entry) => {
    expect(idsOf(entry)).toEqual([]);
  });
});

it('auto-approve names the tools, or says that it is all of them', () => {
  const server = { command: 'server' };
  expect(flagsOf({ ...server, alwaysAllow: ['a', 'b'] })).toEqual(['auto-approve: `a`, `b` are called without asking']);
  expect(flagsOf({ ...server, autoApprove: ['a'] })).toEqual(['auto-approve: `a` is called without asking']);
  expect(flagsOf({ ...server, autoApprove: ['a', '*'] })).toEqual([
    'auto-approve: every tool is called without asking',
  ]);
  expect(flagsOf({ ...server, trust: true })).toEqual(['auto-approve: every tool is called without asking']);
  expect(flagsOf({ ...server, trust: false, alwaysAllow: [] })).toEqual([]);
});

it('variables that load code, and those that turn verification off, are flagged by name', () => {
  const env = {
    NODE_OPTIONS: '--require /x',
    LD_PRELOAD: '/x.so',
    dyld_insert_libraries: '/x',
    LEVEL: 'debug',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };
  expect(idsOf({ command: 'server', env })).toEqual([
    'environment-loading',
    'environment-loading',
    'environment-loading',
    'tls-unverified',
  ]);
  expect(idsOf({ command: 'server', env: { NODE_TLS_REJECT_UNAUTHORIZED: '1' } })).toEqual([]);
});

it('flags stand at the line of what they are about', () => {
  const text = `{
  "mcpServers": {
    "one": {
      "command": "npx",
      "args": [
        "-y",
        "server"
      ],
      "env": {
        "API_KEY": "abc-def-ghi"
      },
      "alwaysAllow": ["x"]
    }
  }
}`;
  const [server] = readHostConfig('roo', text).servers;
  const flags = server === undefined ? [] : findFlags(server, detectSecrets);
  expect(flags.map(({ id, line }) => [id, line])).toEqual([
    ['secret-plaintext', 10],
    ['package-unpinned', 7],
    ['auto-approve', 12],
  ]);
});

it('the same secret has the same fingerprint wherever it stands; a short one has none', () => {
  const secret = 'correct-horse-battery-staple';
  const messages = flagsOf({
    command: 'server',
    args: ['--token', secret],
    env: { API_KEY: secret, PIN_CODE_TOKEN: 'abc123' },
  });
  const fingerprints = messages.map((message) => /fingerprint (?<hex>[0-9a-f]{8})/u.exec(message)?.groups?.['hex']);
  expect(fingerprints[0]).toBeDefined();
  expect(fingerprints).toEqual([fingerprints[0], fingerprints[0], undefined]);
});
