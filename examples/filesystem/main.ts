/**
 * The real `@modelcontextprotocol/server-filesystem`: reads inside one folder are allowed, writes there are held, the rest
 * is denied, and what a policy over path text cannot see is shown too.
 *
 * The server may read all of `home`. The policy lets an agent read `home/shared` only.
 */
import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { compilePolicy, createGate, readDenial } from 'callgate';

import { filesystemPolicy } from './policy.ts';

const home = await realpath(await mkdtemp(join(tmpdir(), 'callgate-filesystem-')));
const shared = join(home, 'shared');
await mkdir(shared);
await writeFile(join(shared, 'notes.txt'), 'the anvil ships on Monday\n');
await writeFile(join(home, 'private.txt'), 'nobody reads this\n');

const manifest = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/package.json'));
const server = { command: process.execPath, args: [join(dirname(manifest), 'dist', 'index.js'), home] };

const gate = await createGate({ policy: compilePolicy(filesystemPolicy(server, shared), { file: 'policy.ts' }) });
const client = new Client({ name: 'filesystem', version: '1.0.0' });

/** Calls a tool, prints what became of it and checks the code. Returns the text that the model gets. */
async function call(name: string, callArguments: Record<string, string | string[]>, expected: string): Promise<string> {
  const result = await gate.as({ agent: 'agent:writer' }, { run: 'memo' }, () =>
    client.callTool({ name, arguments: callArguments }),
  );
  const [first] = result.content as readonly { readonly text: string }[];
  const text = first?.text ?? '';
  const denial = readDenial(result);
  const word = denial === undefined ? 'ALLOW' : denial.code === 'approval.required' ? 'HOLD ' : 'DENY ';
  const place = Object.values(callArguments).flat().join(' ').replaceAll(home, '~');
  console.log(`${word} ${name} ${place}: ${denial?.message ?? text.trim().split('\n')[0]}`);
  assert.equal(denial?.code ?? 'allowed', expected, `${name} ${place}`);
  return text;
}

try {
  await client.connect(gate.wrap(() => new StdioClientTransport({ ...server, stderr: 'ignore' }), { server: 'files' }));

  console.log('reads inside the shared folder');
  assert.match(await call('list_directory', { path: shared }, 'allowed'), /notes\.txt/u);
  assert.match(await call('read_text_file', { path: join(shared, 'notes.txt') }, 'allowed'), /anvil/u);

  console.log('\nreads outside of it, whichever tool is used');
  await call('read_text_file', { path: join(home, 'private.txt') }, 'arguments.envelope');
  await call('read_text_file', { path: `${shared}/../private.txt` }, 'arguments.envelope');
  await call('read_text_file', { path: `${shared}-copy/notes.txt` }, 'arguments.envelope');
  await call('read_text_file', { path: join(shared, '.env') }, 'arguments.envelope');
  await call(
    'read_multiple_files',
    { paths: [join(shared, 'notes.txt'), join(home, 'private.txt')] },
    'arguments.envelope',
  );
  await call('search_files', { path: shared, pattern: '**' }, 'tool.not_allowed');

  console.log('\nwrites wait for a person');
  await call('write_file', { path: join(shared, 'memo.txt'), content: 'hello' }, 'approval.required');
  await call(
    'move_file',
    { source: join(shared, 'notes.txt'), destination: join(home, 'gone.txt') },
    'arguments.envelope',
  );
  await assert.rejects(access(join(shared, 'memo.txt')), 'nothing was written');

  console.log('\nwhat text cannot show: a symbolic link inside the folder that leads out of it');
  await symlink(join(home, 'private.txt'), join(shared, 'link.txt'));
  const leaked = await call('read_text_file', { path: join(shared, 'link.txt') }, 'allowed');
  assert.match(leaked, /nobody reads this/u);
  console.log(
    '      The policy saw a path inside the folder. Give the server itself no more than `shared`, so that it',
  );
  console.log('      resolves links against that; a gate in front of it cannot see the disk.');
} finally {
  await gate.close();
  await rm(home, { recursive: true, force: true });
}
