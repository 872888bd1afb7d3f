import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run, type OutputStream } from '@callgate/cli';
import { parseLock, type PinnedItem } from '@callgate/registry';
import { afterAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'callgate-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VERSION = '2026.8.31';
const main = (name: string): string =>
  join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');
const SERVERS: readonly (readonly [name: string, line: string])[] = [
  ['server-everything', `'${process.execPath}' '${main('server-everything')}' stdio`],
  ['server-filesystem', `'${process.execPath}' '${main('server-filesystem')}' '${folder}'`],
];

async function callgate(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const out: string[] = [];
  const stream = (written: string[]): OutputStream => ({
    write: (text, callback) => {
      written.push(text);
      queueMicrotask(() => callback());
      return true;
    },
    on: () => undefined,
  });
  const code = await run(argv, {
    stdin: (async function* none() {})(),
    stdinIsTerminal: false,
    stdout: stream(out),
    stderr: stream([]),
    env: {},
    onInterrupt: () => () => {},
  });
  return { code, out: out.join('') };
}

describe.each(SERVERS)('%s', (name, line) => {
  it('is locked with every page of its lists and its package', async () => {
    const lock = join(folder, `${name}.lock.json`);
    const options = ['--lock', lock, '--server', `real=${line}`];
    expect((await callgate('lock', ...options, '--by', 'e2e')).code).toBe(0);
    const [server] = parseLock(readFileSync(lock, 'utf8')).servers;
    const count = (kind: PinnedItem['kind']): number => server?.pinned.filter((item) => item.kind === kind).length ?? 0;
    expect(count('tool')).toBeGreaterThan(10);
    expect(count('handshake')).toBeGreaterThanOrEqual(3);
    expect(server?.identity?.pinned).toMatchObject({
      kind: 'command',
      package: {
        name: `@modelcontextprotocol/${name}`,
        version: VERSION,
        integrity: expect.stringMatching(/^sha512-/u) as string,
      },
    });
    expect(await callgate('lock', 'verify', '--lock', lock)).toMatchObject({ code: 0 });
    // Once is enough: starting a real server is what this test costs.
    if (name === 'server-filesystem') expect(await callgate('lock', 'diff', ...options)).toMatchObject({ code: 0 });
  });
});
