import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import {
  createConnector,
  readHostConfig,
  type ConfiguredServer,
  type HostId,
  type ServerAnswer,
} from '../../src/index.ts';
import { expandReferences } from '../../src/inventory/connect/expand-references.ts';

const SERVER = join(import.meta.dirname, '..', 'support', 'tool-server.ts');

const configured = (entry: object, host: HostId = 'cursor'): ConfiguredServer => {
  const [server] = readHostConfig(host, JSON.stringify({ mcpServers: { one: entry } })).servers;
  if (server === undefined) throw new Error('expected a server');
  return server;
};

const ask = (server: ConfiguredServer, environment = {}, timeoutMs?: number): Promise<ServerAnswer> =>
  createConnector({ environment: { PATH: process.env['PATH'], CANARY: 'canary', ...environment }, timeoutMs })(server);

describe('a server that is started', () => {
  const started = (behaviour: string, more: object = {}): ConfiguredServer =>
    configured({ command: process.execPath, args: ['--experimental-strip-types', SERVER, behaviour], ...more });

  it('tells its tools, page by page, with its own variables and no others', async () => {
    expect(await ask(started('good', { env: { PING: '${env:PONG}' } }), { PONG: 'pong' })).toEqual({
      kind: 'answered',
      name: 'pong',
      version: '1',
      tools: [
        { name: 'get_a', annotations: { readOnlyHint: false, destructiveHint: false } },
        { name: 'delete_a', annotations: { readOnlyHint: false, destructiveHint: true } },
      ],
    });
  });

  it('is ended though it does not end by itself', async () => {
    expect(await ask(started('stays'))).toMatchObject({ kind: 'answered' });
  });

  it.each([
    ['dies', 'the server ended before it answered'],
    ['error', 'the server answered with an error (-32000)'],
  ])('that %s is told by what happened, not by what it said', async (behaviour, reason) => {
    expect(await ask(started(behaviour))).toEqual({ kind: 'failed', reason });
  });

  it.each(['silent', 'garbage'])('that is %s has its time', async (behaviour) => {
    const reason = 'the server did not answer in time';
    expect(await ask(started(behaviour), {}, 300)).toEqual({ kind: 'failed', reason });
  });

  it('that is not there is told by a code', async () => {
    const server = configured({ command: '/nowhere/canary' });
    expect(await ask(server)).toEqual({ kind: 'failed', reason: 'the program cannot be started (ENOENT)' });
  });

  it('that needs what is not set is not started', async () => {
    const needs = async (value: string): Promise<unknown> => ask(started('good', { env: { KEY: value } }));
    expect(await needs('${MISSING}')).toEqual({
      kind: 'failed',
      reason: 'needs the variable `MISSING`, which is not set',
    });
    expect(await needs('${input:key}')).toEqual({
      kind: 'failed',
      reason: 'needs `input:key`, which only its host knows',
    });
  });
});

describe('a server behind a URL', () => {
  let http: { closeAllConnections(): void; close(): unknown } | undefined;
  afterEach(() => {
    http?.closeAllConnections();
    http?.close();
  });
  const listen = async (
    answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  ): Promise<string> => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => answer(request, response, body));
    });
    http = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  };
  const resultFor = (body: string): object | undefined => {
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) return undefined;
    const result =
      method === 'initialize' ? { serverInfo: { name: 'web', version: '2' } } : { tools: [{ name: 'get_a' }] };
    return { jsonrpc: '2.0', id, result };
  };

  it.each(['json', 'stream'])('tells its tools as %s, in its session, with the configured headers', async (kind) => {
    const seen: unknown[] = [];
    const url = await listen((request, response, body) => {
      const { authorization, 'mcp-session-id': session } = request.headers;
      seen.push([request.method, authorization, session]);
      if (request.method === 'DELETE') return response.end();
      const result = resultFor(body);
      response.setHeader('mcp-session-id', 's1');
      if (result === undefined) return response.writeHead(202).end();
      response.setHeader('content-type', kind === 'json' ? 'application/json' : 'text/event-stream');
      const noise = `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n`;
      return response.end(kind === 'json' ? JSON.stringify(result) : `${noise}data: ${JSON.stringify(result)}\n\n`);
    });
    const server = configured({ url, headers: { Authorization: 'Bearer ${TOKEN}' } });
    expect(await ask(server, { TOKEN: 't' })).toMatchObject({
      kind: 'answered',
      name: 'web',
      tools: [{ name: 'get_a' }],
    });
    expect(seen).toEqual([
      ['POST', 'Bearer t', undefined],
      ['POST', 'Bearer t', 's1'],
      ['POST', 'Bearer t', 's1'],
      ['DELETE', 'Bearer t', 's1'],
    ]);
  });

  it('does not get its headers sent elsewhere by a redirect', async () => {
    const paths: unknown[] = [];
    const url = await listen((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await ask(configured({ url }))).toEqual({ kind: 'failed', reason: 'the server cannot be reached' });
    expect(paths).toEqual(['/mcp']);
  });

  it('that wants a login says so', async () => {
    const url = await listen((_, response) => response.writeHead(401).end('canary'));
    expect(await ask(configured({ url }))).toEqual({ kind: 'failed', reason: 'the server wants a login (status 401)' });
  });

  it('that answers something else is told', async () => {
    const url = await listen((_, response) => response.end('canary'));
    const reason = 'the server did not answer in JSON-RPC';
    expect(await ask(configured({ url }))).toEqual({ kind: 'failed', reason });
  });

  it('that does not answer has its time', async () => {
    const url = await listen(() => {});
    const reason = 'the server did not answer in time';
    expect(await ask(configured({ url }), {}, 200)).toEqual({ kind: 'failed', reason });
  });

  it('of the old SSE transport is not asked', async () => {
    const server = configured({ type: 'sse', url: 'https://mcp.example.com/sse' });
    expect(await ask(server)).toEqual({ kind: 'failed', reason: 'servers of the old SSE transport are not asked' });
  });
});

describe('references are replaced', () => {
  const environment = { A: 'one', EMPTY: '' };

  it.each([
    ['${A}', 'one'],
    ['x-${env:A}-y', 'x-one-y'],
    ['{env:A}', 'one'],
    ['$A', 'one'],
    ['${B:-two}', 'two'],
    ['${EMPTY:-two}', 'two'],
    ['${A:-two}', 'one'],
    ['costs $5', 'costs $5'],
    ['$5', '$5'],
    ['nothing', 'nothing'],
  ])('%s is %s', (text, expected) => {
    expect(expandReferences(text, environment)).toBe(expected);
  });

  it.each(['${B}', '$B', '{env:B}', '${env:B}', '${input:x}', '${{ secrets.X }}', '${EMPTY}'])(
    '%s needs something',
    (text) => {
      expect(() => expandReferences(text, environment)).toThrow(/^needs /u);
    },
  );
});
