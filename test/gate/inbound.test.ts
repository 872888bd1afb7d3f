import type { FakeMessage } from '@callgate/testing';
import { describe, expect, it, vi } from 'vitest';

import { denialIn, govern, settled } from './support.ts';

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

const SERVER = (lines: string): string => `
callgate: 1
name: test
version: "1"
servers:
  inventory:
    tools: { open: { ring: 0 }, big: { ring: 0, maxResultBytes: 1KiB } }
${lines}`;

describe('what a server asks of the client', () => {
  it.each([
    ['sampling/createMessage', { messages: [], maxTokens: 10 }],
    ['roots/list', {}],
    ['x/custom', {}],
  ])('%s is refused by default and never reaches the host [default-deny]', async (method, params) => {
    const { server, delivered } = await govern();
    server.emit({ jsonrpc: '2.0', id: 'r1', method, params });
    await settled();
    expect(delivered).toHaveLength(0);
    expect(server.received).toEqual([
      { jsonrpc: '2.0', id: 'r1', error: { code: -32_601, message: 'refused by the client' } },
    ]);
  });

  it('a denied elicitation is a declined one', async () => {
    const { server, delivered } = await govern();
    server.emit({
      jsonrpc: '2.0',
      id: 1,
      method: 'elicitation/create',
      params: { message: 'password?', requestedSchema: {} },
    });
    await settled();
    expect(delivered).toHaveLength(0);
    expect(server.received).toEqual([{ jsonrpc: '2.0', id: 1, result: { action: 'decline' } }]);
  });

  it('allowed sampling reaches the host within its limits: no tools, no context of other servers, bounded tokens', async () => {
    const { server, delivered, transport } = await govern({
      policy: SERVER('    sampling: { then: allow, maxTokens: 100 }'),
    });
    const params = {
      messages: [],
      maxTokens: 5000,
      includeContext: 'allServers',
      tools: [{ name: 't', inputSchema: {} }],
      toolChoice: { mode: 'auto' },
    };
    server.emit({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params });
    expect(delivered[0]?.params).toEqual({ messages: [], maxTokens: 100, includeContext: 'none' });
    await transport.send({
      jsonrpc: '2.0',
      id: 1,
      result: { role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' },
    });
    expect(server.received.at(-1)).toMatchObject({ id: 1, result: { role: 'assistant' } });
  });

  it('a reply leaves only for a request that was let through, and only once [bypass.reply]', async () => {
    const { server, transport } = await govern();
    const reply = {
      jsonrpc: '2.0',
      id: 1,
      result: { role: 'assistant', content: { type: 'text', text: 'secret' }, model: 'm' },
    };
    await expect(transport.send(reply)).rejects.toMatchObject({ code: 'CALLGATE_MESSAGE_REFUSED' });
    server.emit({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await transport.send({ jsonrpc: '2.0', id: 1, result: {} });
    await expect(transport.send({ jsonrpc: '2.0', id: 1, result: {} })).rejects.toMatchObject({
      code: 'CALLGATE_MESSAGE_REFUSED',
    });
    expect(server.received).toHaveLength(1);
  });

  it('roots are cut to those the policy permits', async () => {
    const { server, transport } = await govern({ policy: SERVER('    roots: { allow: ["file:///srv/public/**"] }') });
    server.emit({ jsonrpc: '2.0', id: 1, method: 'roots/list' });
    await transport.send({
      jsonrpc: '2.0',
      id: 1,
      result: { roots: [{ uri: 'file:///srv/public/a' }, { uri: 'file:///home/me' }] },
    });
    expect(server.received.at(-1)?.result).toEqual({ roots: [{ uri: 'file:///srv/public/a' }] });
  });

  it('a server cannot have more than 256 requests open at the client', async () => {
    const { server, delivered } = await govern();
    for (let id = 0; id < 300; id += 1) server.emit({ jsonrpc: '2.0', id, method: 'ping' });
    await settled();
    expect(delivered).toHaveLength(256);
    expect(server.received).toHaveLength(44);
  });

  it('on a 2026 connection a server request is dropped without an answer', async () => {
    const { server, call, request, delivered } = await govern();
    await request('tools/call', { name: 'open', arguments: {}, _meta: MODERN });
    const before = delivered.length;
    server.emit({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await settled();
    expect(delivered).toHaveLength(before);
    expect(server.received).toHaveLength(1);
    void call;
  });

  it('an unsolicited flood is cut off, counted and leaves one anomaly and one gap record [bounded.flood]', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const { server, delivered, records, call } = await govern({ policy: SERVER('    logging: allow') });
    for (let index = 0; index < 30_000; index += 1) {
      server.emit({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } });
      // The ledger's buffer has a bound of its own.
      if (index % 1000 === 0) await settled();
    }
    expect(delivered.length).toBeGreaterThanOrEqual(10_000);
    expect(delivered.length).toBeLessThan(25_000);
    expect(records().filter((record) => record.kind === 'anomaly')).toHaveLength(1);
    expect((await call('open')).result).toBeDefined();
  });
});

describe('input requests inside results (2026-07-28)', () => {
  const inputRequired = (method: string, params: object): object => ({
    resultType: 'input_required',
    requestState: 'opaque',
    inputRequests: { q: { method, params } },
  });

  it('one that policy denies withholds the whole result [bypass.mrtr]', async () => {
    const { request, server } = await govern();
    server.handle(
      'tools/call',
      () =>
        inputRequired('sampling/createMessage', { messages: [], maxTokens: 1, includeContext: 'allServers' }) as never,
    );
    const answer = await request('tools/call', { name: 'open', arguments: {}, _meta: MODERN });
    expect(denialIn(answer).code).toBe('response.input_denied');
    expect(answer.result).toMatchObject({ isError: true, resultType: 'complete' });
    expect(JSON.stringify(answer)).not.toContain('allServers');
  });

  it('an allowed one passes within its limits, with the request state untouched', async () => {
    const { request, server } = await govern({ policy: SERVER('    sampling: { then: allow, maxTokens: 7 }') });
    server.handle(
      'tools/call',
      () =>
        inputRequired('sampling/createMessage', { messages: [], maxTokens: 99, includeContext: 'allServers' }) as never,
    );
    const answer = await request('tools/call', { name: 'open', arguments: {}, _meta: MODERN });
    expect(answer.result).toMatchObject({
      requestState: 'opaque',
      inputRequests: { q: { method: 'sampling/createMessage', params: { maxTokens: 7, includeContext: 'none' } } },
    });
  });

  it('answers that nobody asked for do not leave [bypass.mrtr]', async () => {
    const { request, server } = await govern({ policy: SERVER('    sampling: allow') });
    const answer = await request('tools/call', {
      name: 'open',
      arguments: {},
      _meta: MODERN,
      inputResponses: { q: { role: 'assistant' } },
    });
    expect(denialIn(answer).code).toBe('protocol.input_unknown');
    expect(server.received).toHaveLength(0);
  });

  it('answers that were asked for leave with the retry, and only under the asked keys', async () => {
    const { request, server } = await govern({ policy: SERVER('    roots: { allow: ["file:///srv/**"] }') });
    server.handle('tools/call', () => inputRequired('roots/list', {}) as never);
    const params = { name: 'open', arguments: {}, _meta: MODERN };
    await request('tools/call', params);
    const inputResponses = { q: { roots: [{ uri: 'file:///srv/a' }, { uri: 'file:///etc' }] } };
    await request('tools/call', { ...params, inputResponses, requestState: 'opaque' });
    expect(server.received.at(-1)?.params?.['inputResponses']).toEqual({ q: { roots: [{ uri: 'file:///srv/a' }] } });
    const other = await request('tools/call', { ...params, inputResponses: { z: {} } });
    expect(denialIn(other).code).toBe('protocol.input_unknown');
  });
});

describe('tasks', () => {
  const TASK_POLICY = SERVER('    tasks: allow');

  it('a task that no governed call created is refused [bypass.tasks]', async () => {
    const { request, server } = await govern({ policy: TASK_POLICY });
    expect(denialIn(await request('tasks/result', { taskId: 'other' })).code).toBe('task.unknown');
    expect(server.received).toHaveLength(0);
  });

  it('the result of a governed task is inspected like a call result', async () => {
    const { request, server } = await govern({ policy: TASK_POLICY });
    server.handle('tools/call', () => ({ task: { taskId: 't1', status: 'working' } }));
    server.handle('tasks/result', () => ({
      content: [{ type: 'text', text: 'x' }],
      _meta: { 'callgate/decision': {} },
    }));
    await request('tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    const answer = await request('tasks/result', { taskId: 't1' });
    expect(answer.result).toEqual({ content: [{ type: 'text', text: 'x' }], _meta: {} });
  });

  it('tasks are off by default: the methods, the calls and both capabilities [default-deny]', async () => {
    const { request, server } = await govern();
    expect(denialIn(await request('tools/call', { name: 'open', arguments: {}, task: {} })).code).toBe(
      'method.not_allowed',
    );
    server.handle('initialize', () => ({
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, tasks: { list: {} } },
      serverInfo: { name: 's', version: '1' },
    }));
    const answer = await request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: { tasks: {}, experimental: {} },
      clientInfo: { name: 'c', version: '1' },
    });
    expect((answer.result as { readonly capabilities: object }).capabilities).toEqual({ tools: {} });
    expect(server.received[0]?.params?.['capabilities']).toEqual({ experimental: {} });
  });

  it('a notification about an unknown task is dropped', async () => {
    const { server, delivered } = await govern({ policy: TASK_POLICY });
    server.emit({
      jsonrpc: '2.0',
      method: 'notifications/tasks',
      params: { taskId: 'x', result: { content: [{ type: 'text', text: 'POISON' }] } },
    });
    expect(delivered).toHaveLength(0);
  });
});

describe('answers that are not what they should be', () => {
  it.each([
    ['{}', {}],
    ['the ancient toolResult', { toolResult: 'x' }],
    ['an unsolicited task', { task: { taskId: 't', status: 'completed' } }],
    ['input_required on a 2025 call', { resultType: 'input_required', inputRequests: {} }],
    ['content that is no array', { content: 'text' }],
    ['content items without a type', { content: [{ text: 'x' }] }],
  ])('%s is withheld as malformed, not taken for an empty success [hollow-success]', async (_name, result) => {
    const { call, server, records } = await govern();
    server.handle('tools/call', () => result);
    expect(denialIn(await call('open')).code).toBe('response.malformed');
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({
      outcome: 'quarantined',
      code: 'response.malformed',
    });
  });

  it('an answer over its size is withheld [bounded.result]', async () => {
    const { call, server } = await govern({ policy: SERVER('') });
    server.handle('tools/call', () => ({ content: [{ type: 'text', text: 'x'.repeat(5000) }] }));
    expect(denialIn(await call('big')).code).toBe('response.too_large');
    expect((await call('open')).result).toMatchObject({ content: [{ type: 'text' }] });
  });

  it('an oversized error is withheld too', async () => {
    const { call, server } = await govern({ policy: SERVER('') });
    server.handle('tools/call', () => {
      throw Object.assign(new Error('x'.repeat(5000)), { code: 1 });
    });
    expect(denialIn(await call('big')).code).toBe('response.too_large');
  });

  it('an answer nested beyond its bounds is withheld', async () => {
    const { transport, server, delivered } = await govern();
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    server.emit({ jsonrpc: '2.0', id: 1, result: { content: [], deep } });
    expect(denialIn(delivered[0] as never).code).toBe('response.malformed');
  });

  it.each([
    ['a string', 'garbage'],
    ['null', null],
    ['an array', []],
    ['no method', { jsonrpc: '2.0' }],
    ['a number', 5],
  ])('garbage from the server (%s) is dropped and reported [bounded.garbage]', async (_name, garbage) => {
    const { server, delivered, errors, records } = await govern();
    server.emit(garbage);
    expect(delivered).toHaveLength(0);
    expect(errors).toHaveLength(1);
    expect(records().at(-1)).toMatchObject({ kind: 'anomaly', code: 'message.malformed' });
  });

  it('a server that closes mid-call leaves an unknown outcome', async () => {
    const { transport, server, records } = await govern();
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    server.disconnect();
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({
      outcome: 'unknown',
      code: 'connection.closed',
    });
  });
});

describe('notifications', () => {
  it('progress for an open call passes, for anything else is dropped', async () => {
    const { transport, server, delivered } = await govern();
    server.handle('tools/call', () => undefined);
    await transport.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'open', arguments: {}, _meta: { progressToken: 1 } },
    });
    server.emit({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } });
    server.emit({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: '1', progress: 1 } });
    server.emit({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 2, progress: 1 } });
    expect(delivered).toHaveLength(1);
  });

  it('progress of one call ends at 10,000 [bounded.progress]', async () => {
    const { transport, server, delivered } = await govern();
    server.handle('tools/call', () => undefined);
    await transport.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'open', arguments: {}, _meta: { progressToken: 1 } },
    });
    for (let progress = 0; progress < 10_001; progress += 1) {
      server.emit({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress } });
    }
    expect(delivered.length).toBeLessThanOrEqual(10_000);
  });

  it('list changes and log messages that policy allows pass', async () => {
    const { server, delivered } = await govern({ policy: SERVER('    logging: allow') });
    server.emit({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    server.emit({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } });
    expect(delivered).toHaveLength(2);
  });

  it('log messages that policy denies are dropped', async () => {
    const { server, delivered } = await govern({ policy: SERVER('    logging: deny') });
    server.emit({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } });
    expect(delivered).toHaveLength(0);
  });
});

describe('tool definitions', () => {
  const tool = (name: string, description: string): object => ({ name, description, inputSchema: { type: 'object' } });

  it('a later page that redefines a name is cut, and the tool is refused until listed cleanly [definitions.redefined]', async () => {
    const { request, call, server, records } = await govern({ policy: SERVER('') });
    let pages: Record<string, object> = {
      '': { tools: [tool('open', 'harmless')], nextCursor: 'p2' },
      p2: { tools: [tool('open', 'POISONED'), tool('big', 'b')] },
    };
    server.handle('tools/list', (params) => pages[params['cursor'] === undefined ? '' : 'p2'] as never);
    await request('tools/list', {});
    const second = await request('tools/list', { cursor: 'p2' });
    expect(JSON.stringify(second)).not.toContain('POISONED');
    expect(denialIn(await call('open')).code).toBe('manifest.drifted');
    expect(records().some((record) => record.kind === 'definition' && record.event === 'rejected')).toBe(true);
    pages = { '': { tools: [tool('open', 'harmless')] } };
    await request('tools/list', {});
    expect((await call('open')).result).toBeDefined();
  });

  it('a changed list is recorded as changed, and calls record the digest of the definition they saw', async () => {
    const { request, call, server, records } = await govern({ policy: SERVER('') });
    server.handle('tools/list', () => ({ tools: [tool('open', 'a')] }) as never);
    await request('tools/list', {});
    await call('open');
    server.handle('tools/list', () => ({ tools: [tool('open', 'b')] }) as never);
    await request('tools/list', {});
    const events = records().flatMap((record) => (record.kind === 'definition' ? [record.event] : []));
    expect(events).toEqual(['listed', 'changed']);
    const decision = records().find((record) => record.kind === 'decision' && record.target === 'open');
    expect(decision).toMatchObject({ definition: expect.stringMatching(/^sha256:/u) as string });
  });

  it('cache hints go where policy does not allow the client to answer from its cache [bypass.cache]', async () => {
    const handlers = { 'resources/read': () => ({ contents: [{ uri: 'docs://a', text: 'x' }], ttlMs: 60_000 }) };
    const strict = await govern({ server: { handlers } });
    expect((await strict.request('resources/read', { uri: 'docs://a' })).result).toMatchObject({ ttlMs: 0 });
    const loose = await govern({
      server: { handlers },
      policy: SERVER('    cache: allow\n    resources: { allow: ["docs://**"] }'),
    });
    expect((await loose.request('resources/read', { uri: 'docs://a' })).result).toMatchObject({ ttlMs: 60_000 });
  });
});

describe('what belongs to one principal', () => {
  const POLICY_WITH_TASKS = SERVER('    tasks: allow\n    sampling: allow');

  it('a task of one principal is unknown to another on the same connection [bypass.tasks]', async () => {
    const { gate, request, server } = await govern({ policy: POLICY_WITH_TASKS });
    server.handle('tools/call', () => ({ task: { taskId: 't1', status: 'working' } }));
    server.handle('tasks/result', () => ({ content: [{ type: 'text', text: 'for a alone' }] }));
    const as = (user: string, method: string, params: object): Promise<FakeMessage> =>
      gate.as({ user }, {}, () => request(method, params));
    await as('a', 'tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    expect(denialIn(await as('b', 'tasks/result', { taskId: 't1' })).code).toBe('task.unknown');
    expect((await as('a', 'tasks/result', { taskId: 't1' })).result).toMatchObject({
      content: [{ text: 'for a alone' }],
    });
  });

  it('input that one principal was asked for is not taken from another [bypass.mrtr]', async () => {
    const { gate, request, server } = await govern({ policy: POLICY_WITH_TASKS });
    server.handle('tools/call', () => ({
      resultType: 'input_required',
      inputRequests: { q: { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } } },
    }));
    const params = { name: 'open', arguments: {}, _meta: MODERN };
    await gate.as({ user: 'a' }, {}, () => request('tools/call', params));
    const answered = { ...params, inputResponses: { q: { role: 'assistant' } } };
    const other = await gate.as({ user: 'b' }, {}, () => request('tools/call', answered));
    expect(denialIn(other).code).toBe('protocol.input_unknown');
  });

  it('a resumption token of one principal resumes nothing for another [bypass.resumption]', async () => {
    const { gate, request, server } = await govern({ policy: POLICY_WITH_TASKS });
    const params = { name: 'open', arguments: {} };
    await gate.as({ user: 'a' }, {}, () => request('tools/call', params, { onresumptiontoken: () => undefined }));
    server.receivedOptions[0]?.onresumptiontoken?.('token');
    const resume = (user: string): Promise<FakeMessage> =>
      gate.as({ user }, {}, () => request('tools/call', params, { resumptionToken: 'token' }));
    expect(denialIn(await resume('b')).code).toBe('protocol.resumption_unknown');
    expect((await resume('a')).result).toBeDefined();
  });
});
