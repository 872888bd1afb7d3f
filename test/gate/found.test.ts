import { inspect } from 'node:util';

import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { createGate, parsePolicy, readDenial, type TransportLike } from 'callgate';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { POLICY, denialIn, govern, settled } from './support.ts';

const SERVER = (extra: string): string => `
callgate: 1
name: found
version: "1"
servers:
  inventory:
${extra}
    tools: { open: { ring: 0 }, adjust: { ring: 2, arguments: any } }
`;

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

/** Collects what would have ended a host's process. */
function watchCrashes(): { readonly crashes: unknown[]; stop(): void } {
  const crashes: unknown[] = [];
  const before = { e: process.listeners('uncaughtException'), r: process.listeners('unhandledRejection') };
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
  const note = (error: unknown): void => void crashes.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  return {
    crashes,
    stop: () => {
      process.removeAllListeners('uncaughtException');
      process.removeAllListeners('unhandledRejection');
      for (const listener of before.e) process.on('uncaughtException', listener);
      for (const listener of before.r) process.on('unhandledRejection', listener as never);
    },
  };
}

describe('the options of a call', () => {
  it('a resumption token that the caller sets after `send` is not used [bypass.resumption]', async () => {
    const { transport, server } = await govern();
    const options: { resumptionToken?: string } = {};
    const sent = transport.send(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'adjust', arguments: { delta: 1 } } },
      options,
    );
    options.resumptionToken = 'of another call';
    await sent;
    expect(server.receivedOptions[0]?.resumptionToken).toBeUndefined();
  });

  it('a resumption token that reads differently each time is one token or none [bypass.resumption]', async () => {
    const { transport, server } = await govern();
    let reads = 0;
    const options = {
      get resumptionToken(): string | undefined {
        reads += 1;
        return reads === 1 ? undefined : 'of another call';
      },
    };
    await transport
      .send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open' } }, options)
      .catch(() => undefined);
    expect(server.receivedOptions[0]?.resumptionToken).toBeUndefined();
  });

  it('a request signal that is none leaves nothing open and nothing cancelled upstream', async () => {
    const { transport, server } = await govern();
    for (const requestSignal of [{}, { aborted: false, addEventListener: () => undefined }]) {
      await transport
        .send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'slow' } }, { requestSignal })
        .catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(transport.openRequests).toBe(0);
    expect(server.received.filter(({ method }) => method === 'notifications/cancelled')).toEqual([]);
  });

  it('a resumption token of any length is not kept [bypass.resumption]', async () => {
    const { request, server } = await govern();
    const token = 't'.repeat(1_000_000);
    await request('tools/call', { name: 'open' }, { onresumptiontoken: () => undefined });
    const given = server.receivedOptions[0] as { onresumptiontoken(token: string): void };
    given.onresumptiontoken(token);
    expect(denialIn(await request('tools/call', { name: 'open' }, { resumptionToken: token })).code).toBe(
      'protocol.resumption_unknown',
    );
  });
});

describe('metadata', () => {
  it.each([
    ['a string', 'smuggled'],
    ['an array', [{ smuggled: 1 }]],
    ['a number', 5],
  ])('`_meta` that is %s does not leave [egress.meta]', async (_what, meta) => {
    const { request, transport, server } = await govern();
    await request('tools/call', { name: 'open', _meta: meta });
    await transport.send({ jsonrpc: '2.0', method: 'notifications/initialized', params: { _meta: meta } });
    await settled();
    expect(JSON.stringify(server.received)).not.toContain('_meta');
  });

  it('a progress token is an id, not a place for other data [egress.meta]', async () => {
    const { request, server } = await govern();
    await request('tools/call', { name: 'open', _meta: { progressToken: { smuggled: 'data' } } });
    expect(JSON.stringify(server.received)).not.toContain('smuggled');
  });
});

describe('identity', () => {
  const PINNED = (identity: string): string => SERVER(`    identity: ${identity}`);

  it('a URL that its holder changes after wrapping changes nothing [bypass.toctou]', async () => {
    const url = new URL('https://good.example/mcp');
    const policy = PINNED('{ url: https://good.example/mcp }');
    const { call, server } = await govern({ policy, server: { members: { _url: url } } });
    url.href = 'https://evil.example/mcp';
    await call('open');
    expect(String((server.transport as { _url?: unknown })._url)).toBe('https://good.example/mcp');
  });

  it('a URL changed on the transport inside is another identity [bypass.toctou]', async () => {
    const policy = PINNED('{ url: https://good.example/mcp }');
    const { call, server } = await govern({
      policy,
      server: { members: { _url: new URL('https://good.example/mcp') } },
    });
    (server.transport as unknown as { _url: URL })._url = new URL('https://evil.example/mcp');
    expect(denialIn(await call('open')).code).toBe('server.identity_mismatch');
    expect(server.received).toEqual([]);
  });

  it('server parameters that their holder changes after wrapping start nothing else [bypass.toctou]', async () => {
    const gate = await createGate({ policy: parsePolicy(PINNED(`{ command: "good", args: [] }`)) });
    const parameters = { command: 'good', args: [] as string[] };
    const inner = new StdioV1(parameters);
    gate.wrap(inner, { server: 'inventory' });
    parameters.command = 'evil';
    parameters.args.push('--evil');
    expect((inner as unknown as { _serverParams: unknown })._serverParams).toMatchObject({ command: 'good', args: [] });
    await gate.close();
  });

  it('the environment of a server does not show in an inspected transport [secrets.canary]', async () => {
    class Clonable {
      onmessage = undefined;
      readonly _serverParams: unknown;
      constructor(parameters: unknown) {
        this._serverParams = parameters;
      }
      start(): Promise<void> {
        return Promise.resolve();
      }
      send(): Promise<void> {
        return Promise.resolve();
      }
      close(): Promise<void> {
        return Promise.resolve();
      }
      _dispose(): Promise<void> {
        return Promise.resolve();
      }
    }
    const gate = await createGate({ policy: parsePolicy(POLICY) });
    const inner = new Clonable({ command: 'x', args: [], env: { API_KEY: 'c4n4ry' } }) as unknown as TransportLike;
    const transport = gate.wrap(inner, { server: 'inventory' });
    expect(inspect(transport, { depth: 9 })).not.toContain('c4n4ry');
    expect(JSON.stringify(transport)).not.toContain('c4n4ry');
    expect((transport as unknown as { _serverParams: { command: string } })._serverParams.command).toBe('x');
    await gate.close();
  });
});

describe('the guard below fetch', () => {
  const RPC = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_all"}}';

  it.each([
    ['a Request object', new Request('http://x.example/', { method: 'POST', body: RPC }), undefined],
    ['a byte order mark', 'http://x.example/', { method: 'POST', body: `\uFEFF${RPC}` }],
    ['other letter case', 'http://x.example/', { method: 'POST', body: RPC.replace('jsonrpc', 'JSONRPC') }],
    ['no version', 'http://x.example/', { method: 'POST', body: RPC.replace('"jsonrpc":"2.0",', '') }],
    ['trailing garbage', 'http://x.example/', { method: 'POST', body: `${RPC}\n${RPC}` }],
    ['bytes', 'http://x.example/', { method: 'POST', body: new TextEncoder().encode(RPC) }],
    ['a blob', 'http://x.example/', { method: 'POST', body: new Blob([RPC]) }],
    [
      'what only looks like a form',
      'http://x.example/',
      {
        method: 'POST',
        body: Object.assign(Object.create(URLSearchParams.prototype) as object, { toString: () => RPC }),
      },
    ],
    [
      'a body that reads differently each time',
      'http://x.example/',
      ((): object => {
        let reads = 0;
        return { method: 'POST', get body() { reads += 1; return reads < 3 ? 'grant_type=x' : RPC; } }; // prettier-ignore
      })(),
    ],
  ])('an undecided message does not leave as %s [egress.fetch]', async (_what, url, init) => {
    const { gate } = await govern();
    const left: string[] = [];
    const fetch = gate.guardFetch(async (target, given) => {
      left.push(await new Request(target, given as RequestInit).text());
      return new Response();
    });
    await fetch(url as string, init as RequestInit).catch(() => undefined);
    expect(left.filter((body) => body.includes('"delete_all"'))).toEqual([]);
  });

  it.each([
    ['a form', { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', scope: 'a b' }) }],
    ['a form as text', { method: 'POST', body: 'grant_type=refresh_token&scope=a+b%20c&x=' }],
    ['a registration', { method: 'POST', body: '{"client_name":"x","redirect_uris":["http://localhost/"]}' }],
    ['a GET', { method: 'GET' }],
    ['a DELETE', { method: 'DELETE' }],
    ['nothing', undefined],
  ])('%s passes the guard [egress.fetch]', async (_what, init) => {
    const { gate } = await govern();
    const fetch = gate.guardFetch(async (target, given) => new Response(await new Request(target, given).text()));
    const response = await fetch('http://x.example/', init);
    expect(await response.text()).toBe(init && 'body' in init ? String(init.body) : '');
  });
});
