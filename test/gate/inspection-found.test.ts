import type { JsonObject } from '@callgate/canonical';
import { describe, expect, test } from 'vitest';

import { denialIn, govern } from './support.ts';

/** Breaks of what the gate promises of answers, each found by somebody who tried to. */

const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

const policy = (lines: string, server = ''): string => `
callgate: 1
name: found
version: "1"
servers:
  inventory:
    tasks: allow
${server}
    tools:
      open: { ring: 0, result: ${lines} }
      lax: { ring: 0, result: off }
`;

test('an item of a listing that is no object is masked as well', async () => {
  const { request } = await govern({
    policy: policy('{ reject: [secret] }', '    resources: { allow: ["docs://**"] }'),
    server: {
      handlers: {
        'resources/templates/list': () => ({ resourceTemplates: [TOKEN, { uriTemplate: 'docs://{a}', name: 'a' }] }),
      },
    },
  });
  const answer = await request('resources/templates/list');
  expect(JSON.stringify(answer)).toContain('docs://{a}');
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
});

describe('what a task brings has the shape that policy accepts of its tool', () => {
  const TASK = { task: { taskId: 't', status: 'working', createdAt: '', lastUpdatedAt: '', ttl: null } };
  const structured = { structuredContent: { rows: [1, 2, 3] } };
  const lines = '{ rows: { at: /rows, max: 2, then: quarantine } }';

  test('where it lacks content', async () => {
    const { request } = await govern({
      policy: policy(lines),
      server: { handlers: { 'tools/call': () => TASK, 'tasks/result': () => structured } },
    });
    await request('tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    expect(denialIn(await request('tasks/result', { taskId: 't' })).code).toBe('response.quarantined');
  });

  test('where a notification brings it', async () => {
    const { request, server, delivered } = await govern({
      policy: policy(lines),
      server: { handlers: { 'tools/call': () => TASK } },
    });
    await request('tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    const before = delivered.length;
    const tell = (result: JsonObject): void =>
      server.emit({ jsonrpc: '2.0', method: 'notifications/tasks', params: { taskId: 't', result } });
    tell({ content: [], ...structured });
    expect(delivered).toHaveLength(before);
    tell({ content: [], structuredContent: { rows: [1] } });
    expect(delivered).toHaveLength(before + 1);
  });

  test('where the server gives the task of another call the same id', async () => {
    const { request } = await govern({
      policy: policy('{ reject: [secret] }'),
      server: {
        handlers: {
          'tools/call': () => TASK,
          'tasks/result': () => ({ content: [{ type: 'text', text: TOKEN }] }),
        },
      },
    });
    await request('tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    expect(denialIn(await request('tools/call', { name: 'lax', arguments: {}, task: { ttl: 1 } })).code).toBe(
      'response.malformed',
    );
    expect(denialIn(await request('tasks/result', { taskId: 't' })).code).toBe('response.quarantined');
  });
});

test('text that calls itself binary counts as text', async () => {
  const data = 'a b, c. '.repeat(1000);
  const { call } = await govern({
    policy: policy('{ maxTokens: 100 }'),
    server: { handlers: { 'tools/call': () => ({ content: [], structuredContent: { mimeType: 'a/b', data } }) } },
  });
  expect(denialIn(await call('open')).code).toBe('response.quarantined');
});
