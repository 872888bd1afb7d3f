import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRealPathCheck, parsePolicy } from 'callgate';
import { expect, test } from 'vitest';

import { denialIn, govern } from './support.ts';

test('a link that leads out of the roots stops the call at the gate, and the text of the path does not leak', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'callgate-gate-')));
  try {
    const root = join(folder, 'work');
    await mkdir(root);
    await symlink('/etc', join(root, 'conf'));
    const text = `
callgate: 1
name: files
version: "1"
servers:
  inventory:
    trust: internal
    tools:
      read: { ring: 1, arguments: { path: { kind: path, roots: ["${root}"], base: "${root}" } } }
`;
    const check = createRealPathCheck({ server: 'inventory', policy: parsePolicy(text) });
    const { call, server, records } = await govern({ policy: text, gate: { interceptors: [check] } });
    const denied = await call('read', { path: 'conf/passwd' });
    expect(denialIn(denied).code).toBe('interceptor.refused');
    expect(JSON.stringify([denied, records()])).not.toContain(folder);
    await call('read', { path: 'notes.md' });
    expect(server.requests('tools/call')).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
