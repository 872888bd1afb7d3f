import { createRequire } from 'node:module';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run, type CommandIo } from '@callgate/cli';
import { lint } from '@callgate/policy';
import { decide, loadPolicy, type Call, type CompiledPolicy } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'callgate-init-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function serverFile(name: string): string {
  return join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');
}

/** Runs `callgate init` on a server, and gives the policy that it wrote. */
async function init(
  command: readonly string[],
  name: string,
): Promise<{ policy: CompiledPolicy; text: string; said: string }> {
  const said: string[] = [];
  const stream = {
    write: (text: string, callback: () => void): boolean => {
      said.push(text);
      callback();
      return true;
    },
    on: () => undefined,
  };
  const io: CommandIo = {
    stdin: (async function* () {})(),
    stdinIsTerminal: true,
    stdout: stream,
    stderr: stream,
    env: {},
    onInterrupt: () => () => {},
  };
  const out = join(folder, `${name}.yaml`);
  const line = command.map((word) => `'${word}'`).join(' ');
  const code = await run(['init', '--server', line, '--server-name', name, '--out', out], io);
  expect({ code, said: said.join('') }).toMatchObject({ code: 0 });
  return { policy: await loadPolicy(out), text: await readFile(out, 'utf8'), said: said.join('') };
}

function effectOf(policy: CompiledPolicy, server: string, tool: string, args: object): string {
  const call: Call = {
    server,
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: tool, arguments: args } as Call['params'],
    principal: { user: 'u' },
    identity: policy.servers.get(server)?.identity ?? undefined,
  };
  return decide(policy, call).effect;
}

describe('callgate init, asking real servers', () => {
  it('writes a policy for the file server: reads in its folder, held changes, nothing else', async () => {
    const { policy, text } = await init([process.execPath, serverFile('server-filesystem'), folder], 'files');
    expect(lint(policy).filter(({ level }) => level === 'error')).toEqual([]);
    const effect = (tool: string, args: object): string => effectOf(policy, 'files', tool, args);
    expect(effect('read_text_file', { path: `${folder}/a.txt` })).toBe('allow');
    expect(effect('read_text_file', { path: `${folder}/../a.txt` })).toBe('deny');
    expect(effect('read_text_file', { path: '/etc/passwd' })).toBe('deny');
    expect(effect('directory_tree', { path: folder })).toBe('allow');
    expect(effect('write_file', { path: `${folder}/a.txt`, content: 'x' })).toBe('hold');
    expect(effect('create_directory', { path: `${folder}/a` })).toBe('hold');
    expect(effect('move_file', { source: `${folder}/a`, destination: '/tmp/b' })).toBe('deny');
    expect(effect('erase_everything', {})).toBe('deny');
    expect(text).toContain('# read: `read` in its name');
  });

  it('writes a policy for the server that has one of everything', async () => {
    const { policy } = await init([process.execPath, serverFile('server-everything'), 'stdio'], 'everything');
    expect(lint(policy).filter(({ level }) => level === 'error')).toEqual([]);
    const effect = (tool: string, args: object): string => effectOf(policy, 'everything', tool, args);
    expect(effect('get-sum', { a: 2, b: 3 })).toBe('allow');
    expect(effect('get-sum', { a: '2', b: 3 })).toBe('deny');
    expect(effect('get-structured-content', { location: 'Chicago' })).toBe('allow');
    expect(effect('get-structured-content', { location: 'Paris' })).toBe('deny');
    expect(effect('get-env', {})).toBe('hold');
    expect(effect('toggle-simulated-logging', {})).toBe('hold');
  });
});
