import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@callgate/canonical';
import { createRealPathCheck, parsePolicy, type CompiledPolicy, type RealPathCheckOptions } from 'callgate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder = '';
let root = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'callgate-real-path-')));
  root = join(folder, 'work');
  await mkdir(join(root, 'docs'), { recursive: true });
  await mkdir(join(folder, 'workshop'));
  await mkdir(join(folder, 'outside'));
  await writeFile(join(root, 'docs', 'a.md'), 'a');
  await writeFile(join(folder, 'outside', 'secret'), 'b');
  await symlink('docs/a.md', join(root, 'inside-link'));
  await symlink('../outside', join(root, 'out'));
  await symlink(join(folder, 'outside', 'secret'), join(root, 'docs', 'secret-link'));
  await symlink(join(folder, 'outside', 'not-yet'), join(root, 'dangling'));
  await symlink('loop', join(root, 'loop'));
  await symlink('out', join(root, 'chain'));
  await symlink('../workshop', join(root, 'beside'));
  await symlink(root, join(folder, 'work-link'));
  await link(join(folder, 'outside', 'secret'), join(root, 'hard'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function judge(
  options: Omit<RealPathCheckOptions, 'server'>,
  args: JsonObject,
  call: { readonly server?: string; readonly tool?: string } = {},
): Promise<boolean> {
  const check = createRealPathCheck({ server: 'files', ...options });
  const answer = await check.intercept({
    event: 'tools/call',
    phase: 'request',
    direction: 'client-to-server',
    server: call.server ?? 'files',
    principal: {},
    run: undefined,
    payload: { name: call.tool ?? 'read', arguments: args },
    signal: new AbortController().signal,
  });
  if (!('valid' in answer)) throw new Error('expected a validation');
  expect(JSON.stringify(answer)).not.toContain(folder);
  return answer.valid;
}

describe('with pointers', () => {
  const passes = (path: string): Promise<boolean> =>
    judge({ arguments: ['/path'], roots: [root], base: root }, { path: path.replace('ROOT', root) });

  test.each([
    'ROOT',
    'ROOT/',
    '.',
    'docs/a.md',
    'ROOT/docs/a.md',
    'inside-link',
    'ROOT/docs/new.md',
    'new/folder/file',
    'docs/./a.md',
    // a limit: a hard link is the file
    'hard',
  ])('stays inside: %s', async (path) => {
    expect(await passes(path)).toBe(true);
  });

  test.each([
    'out',
    'out/secret',
    'out/new-file',
    'ROOT/out/secret',
    'docs/secret-link',
    'chain/secret',
    'beside',
    'beside/new',
    '/etc/passwd',
    'dangling',
    'dangling/below',
    'loop',
    'loop/below',
    'docs/a.md/below',
    'inside-link/../../outside',
    'docs/..',
    '../workshop',
    '',
    'a\0b',
    `${'a/'.repeat(5000)}a`,
    'a'.repeat(300),
  ])('leads out, or nobody can tell where: %j', async (path) => {
    expect(await passes(path)).toBe(false);
  });

  test('a root that is itself a link is where it leads', async () => {
    const options = { arguments: ['/path'], roots: [join(folder, 'work-link')] };
    expect(await judge(options, { path: join(folder, 'work-link', 'docs') })).toBe(true);
    expect(await judge(options, { path: join(root, 'docs') })).toBe(true);
    expect(await judge(options, { path: join(folder, 'work-link', 'out') })).toBe(false);
  });

  test('a root that does not exist holds what does not exist in it, and no link out', async () => {
    const options = { arguments: ['/path'], roots: [join(folder, 'later')] };
    expect(await judge(options, { path: join(folder, 'later', 'a') })).toBe(true);
    expect(await judge(options, { path: join(folder, 'laterx', 'a') })).toBe(false);
  });

  test('every item and member is looked at', async () => {
    const options = { arguments: ['/paths/*', '/edits/*/path'], roots: [root], base: root };
    expect(await judge(options, { paths: ['docs', '.'], edits: [{ path: 'docs' }, {}] })).toBe(true);
    expect(await judge(options, { paths: ['docs', 'out'] })).toBe(false);
    expect(await judge(options, { paths: { a: 'out' } })).toBe(false);
    expect(await judge(options, { edits: [{ path: 'docs' }, { path: 'out' }] })).toBe(false);
    expect(await judge(options, { paths: [5] })).toBe(false);
    expect(await judge(options, { paths: [['out']] })).toBe(false);
    expect(await judge(options, { paths: Array.from({ length: 1001 }, () => '.') })).toBe(false);
    expect(await judge(options, {})).toBe(true);
  });

  test('a relative path passes only where its base is known', async () => {
    expect(await judge({ arguments: ['/path'], roots: [root] }, { path: 'docs' })).toBe(false);
  });

  test('calls of other servers are none of its business', async () => {
    expect(await judge({ arguments: ['/path'], roots: [root] }, { path: '/etc' }, { server: 'other' })).toBe(true);
  });
});

describe('with a policy', () => {
  const policyOf = (tools: string): CompiledPolicy =>
    parsePolicy(`
callgate: 1
name: files
version: "1"
servers:
  files:
    tools:
${tools}
  hub:
    tools:
      call: { ring: 1, arguments: { calls: { type: array, items: { type: object, properties: { to: { type: string }, tool: { type: string }, args: { type: object, additional: true } } } } }, dispatch: { each: /calls, server: /to, tool: /tool, arguments: /args } }
`);

  test('each argument of kind `path` is checked by its own roots', async () => {
    const policy = policyOf(`
      read: { ring: 1, arguments: { path: { kind: path, roots: ["${root}"], base: "${root}" }, note: { type: string } } }
      move:
        ring: 2
        arguments:
          pairs: { type: array, items: { type: object, properties: { from: { kind: path, roots: [docs], base: "${root}" } }, additional: { kind: path, roots: ["${root}"] } } }
      other: { ring: 1, arguments: any }
`);
    expect(await judge({ policy }, { path: 'docs/a.md', note: '/etc/passwd' })).toBe(true);
    expect(await judge({ policy }, { path: 'out/secret' })).toBe(false);
    expect(
      await judge({ policy }, { pairs: [{ from: 'docs/a.md', to: `${root}/inside-link` }] }, { tool: 'move' }),
    ).toBe(true);
    expect(await judge({ policy }, { pairs: [{ from: 'inside-link' }] }, { tool: 'move' })).toBe(true);
    expect(await judge({ policy }, { pairs: [{ from: 'docs/secret-link' }] }, { tool: 'move' })).toBe(false);
    expect(await judge({ policy }, { pairs: [{ from: 'docs', to: `${root}/out` }] }, { tool: 'move' })).toBe(false);
    expect(await judge({ policy }, { path: '/etc' }, { tool: 'other' })).toBe(true);
    expect(await judge({ policy }, { path: '/etc' }, { tool: 'constructor' })).toBe(true);
    expect(await judge({ policy, roots: [folder] }, { path: 'out/secret' })).toBe(true);
  });

  test('calls inside of a dispatcher are checked as calls', async () => {
    const policy = policyOf(`
      read: { ring: 1, arguments: { path: { kind: path, roots: ["${root}"] } } }
`);
    const hub = (path: string, to = 'files'): Promise<boolean> =>
      judge({ policy }, { calls: [{ to, tool: 'read', args: { path } }] }, { server: 'hub', tool: 'call' });
    expect(await hub(`${root}/docs`)).toBe(true);
    expect(await hub(`${root}/out`)).toBe(false);
    expect(await hub(`${root}/out`, 'elsewhere')).toBe(true);
  });

  test('a relative root needs a base', () => {
    const policy = policyOf('      read: { ring: 1, arguments: { path: { kind: path } } }');
    expect(() => createRealPathCheck({ server: 'files', policy })).toThrow(/base/u);
    expect(createRealPathCheck({ server: 'files', policy, base: root }).name).toBe('callgate/real-path:files');
  });

  test('a check that never runs is refused', () => {
    const policy = policyOf('      read: { ring: 1, arguments: { path: { type: string } } }');
    expect(() => createRealPathCheck({ server: 'files', policy })).toThrow(/kind `path`/u);
    expect(() => createRealPathCheck({ server: 'fles', policy })).toThrow(/kind `path`/u);
  });
});

test.each([
  {},
  { arguments: ['/a'] },
  { arguments: [], roots: ['/a'] },
  { arguments: ['/a'], roots: ['a'] },
  { arguments: ['/a'], roots: ['/a'], base: 'a' },
  { arguments: ['/a'], roots: [] },
])('options that cannot be meant: %j', (options) => {
  expect(() => createRealPathCheck({ server: 'files', ...options })).toThrow(/real-path check: expected/u);
});
