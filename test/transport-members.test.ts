import { fileURLToPath } from 'node:url';

import {
  Client as ClientV2,
  InMemoryTransport as InMemoryV2,
  StreamableHTTPClientTransport as HttpV2,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport as InMemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { allowAllPolicy } from '@callgate/testing';
import { createGate, type TransportLike } from 'callgate';
import { afterEach, describe, expect, it } from 'vitest';

import { startHttpV1, startHttpV2, type HttpServer } from './transport-members/http-servers.ts';
import {
  describeError,
  observeMembers,
  observeSession,
  type CallTool,
  type ObservedClient,
} from './transport-members/observe.ts';
import { createServerV1, createServerV2, tap } from './transport-members/servers.ts';

type Wrap = <Transport extends TransportLike>(transport: Transport) => Transport;
type Mode = 'legacy' | 'auto' | { readonly pin: string };

const bare: Wrap = (transport) => transport;
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A gate that allows everything, around a transport. */
async function governing(): Promise<Wrap> {
  const gate = await createGate({ policy: allowAllPolicy('members') });
  cleanups.push(() => gate.close());
  return <Transport extends TransportLike>(transport: Transport): Transport =>
    gate.wrap(transport, { server: 'members' }) as TransportLike as Transport;
}

function clientV1(): { readonly client: ObservedClient; readonly call: CallTool } {
  const client = new ClientV1({ name: 'host', version: '1.0.0' });
  const call: CallTool = (name, parameters, options) =>
    client.callTool({ name, arguments: parameters }, undefined, options);
  return { client, call };
}

/** How long a server that answers may take to start, on a busy machine too; and how long one is waited for that never answers. */
const PROBE_MS = 15_000;
const UNANSWERED_PROBE_MS = 1_500;

function clientV2(mode: Mode, timeoutMs = PROBE_MS): { readonly client: ObservedClient; readonly call: CallTool } {
  const client = new ClientV2(
    { name: 'host', version: '1.0.0' },
    { versionNegotiation: { mode, probe: { timeoutMs } } },
  );
  const call: CallTool = (name, parameters, options) => client.callTool({ name, arguments: parameters }, options);
  return { client, call };
}

function stdioParameters(kind: string): { command: string; args: string[]; stderr: 'pipe' } {
  const script = fileURLToPath(new URL('transport-members/stdio-server.ts', import.meta.url));
  return { command: process.execPath, args: ['--conditions=@callgate/source', script, kind], stderr: 'pipe' };
}

async function started(server: Promise<HttpServer>): Promise<HttpServer> {
  const running = await server;
  cleanups.push(() => running.close());
  return running;
}

/** One session, bare or wrapped, and all that can be seen of it. */
type Session = (wrap: Wrap) => Promise<Record<string, unknown>>;

async function inMemoryV1(wrap: Wrap): Promise<Record<string, unknown>> {
  const log: string[] = [];
  const [near, far] = InMemoryV1.createLinkedPair();
  await createServerV1(log).connect(tap(far, log));
  const { client, call } = clientV1();
  return observeSession(client, wrap(near), call, log);
}

const inMemoryV2 =
  (mode: Mode): Session =>
  (wrap) => {
    const log: string[] = [];
    const [near, far] = InMemoryV2.createLinkedPair();
    serveStdio(() => createServerV2(log), { transport: tap(far, log) });
    const { client, call } = clientV2(mode);
    return observeSession(client, wrap(near), call, log);
  };

const stdioV1: Session = (wrap) => {
  const { client, call } = clientV1();
  return observeSession(client, wrap(new StdioV1(stdioParameters('v1'))), call, undefined);
};

const stdioV2 =
  (mode: Mode, kind: string): Session =>
  (wrap) => {
    const isAnswered = kind === 'v1' || kind === 'v2';
    const { client, call } = clientV2(mode, isAnswered ? PROBE_MS : UNANSWERED_PROBE_MS);
    return observeSession(client, wrap(new StdioV2(stdioParameters(kind))), call, undefined);
  };

const httpV1: Session = async (wrap) => {
  const log: string[] = [];
  const { url } = await started(startHttpV1(log));
  const { client, call } = clientV1();
  return observeSession(client, wrap(new HttpV1(url)), call, log);
};

const httpV2 =
  (mode: Mode, start: typeof startHttpV1): Session =>
  async (wrap) => {
    const log: string[] = [];
    const { url } = await started(start(log));
    const { client, call } = clientV2(mode);
    return observeSession(client, wrap(new HttpV2(url)), call, log);
  };

const PIN: Mode = { pin: '2026-07-28' };

const SESSIONS: readonly (readonly [string, string, Session])[] = [
  ['v1, in-memory', '2025-11-25', inMemoryV1],
  ['v1, stdio', '2025-11-25', stdioV1],
  ['v1, HTTP', '2025-11-25', httpV1],
  ['v2, in-memory, legacy', '2025-11-25', inMemoryV2('legacy')],
  ['v2, in-memory, auto', '2026-07-28', inMemoryV2('auto')],
  ['v2, in-memory, pinned', '2026-07-28', inMemoryV2(PIN)],
  ['v2, stdio, legacy', '2025-11-25', stdioV2('legacy', 'v2')],
  ['v2, stdio, auto', '2026-07-28', stdioV2('auto', 'v2')],
  ['v2, stdio, pinned', '2026-07-28', stdioV2(PIN, 'v2')],
  ['v2, stdio, auto, to a server that answers the probe with an error', '2025-11-25', stdioV2('auto', 'v1')],
  ['v2, stdio, auto, to a server that ignores the probe', '2025-11-25', stdioV2('auto', 'silent')],
  ['v2, stdio, auto, to a server that ends at the probe', '2025-11-25', stdioV2('auto', 'exiting')],
  ['v2, HTTP, legacy', '2025-11-25', httpV2('legacy', startHttpV1)],
  ['v2, HTTP, auto', '2026-07-28', httpV2('auto', startHttpV2)],
  ['v2, HTTP, pinned', '2026-07-28', httpV2(PIN, startHttpV2)],
  ['v2, HTTP, auto, to a server of the earlier era', '2025-11-25', httpV2('auto', startHttpV1)],
];

describe('[transparent.members] a wrapped transport and a bare one give the same session', () => {
  it.each(SESSIONS)('%s', async (_, revision, session) => {
    const plain = await session(bare);
    const governed = await session(await governing());

    expect(governed).toEqual(plain);
    const { session: seen, wire } = plain as {
      readonly session: { readonly revision: unknown };
      readonly wire: readonly string[];
    };
    // The session was a real one: of the era it should be, and its cancellation reached the server.
    expect([revision, undefined]).toContain(seen.revision);
    expect(wire).toContain('wait was cancelled');
  });
});

describe('the comparison itself', () => {
  /** Passes messages on and hides everything else. */
  const hiding = ((inner: TransportLike): TransportLike => {
    const outer: TransportLike = {
      start: () => inner.start(),
      send: (message) => inner.send(message),
      close: () => inner.close(),
    };
    inner.onmessage = (message, extra) => outer.onmessage?.(message, extra);
    inner.onerror = (error) => outer.onerror?.(error);
    inner.onclose = () => outer.onclose?.();
    return outer;
  }) as Wrap;

  it.each([
    ['v1, HTTP', httpV1],
    ['v2, HTTP, pinned', httpV2(PIN, startHttpV2)],
  ] as const)('%s: sees a wrapper that hides members', async (_, session) => {
    expect(await session(hiding).catch(describeError)).not.toEqual(await session(bare));
  });
});

describe('[transparent.members] what a session does not show', () => {
  const MODES = [
    ['v1', (url: URL) => ({ ...clientV1(), transport: new HttpV1(url) })],
    ['v2', (url: URL) => ({ ...clientV2('legacy'), transport: new HttpV2(url) })],
  ] as const;

  it.each(MODES)(
    '%s: a call resumes from its token, and its result comes from the replayed stream',
    async (_, open) => {
      const resume = async (wrap: Wrap): Promise<unknown> => {
        const log: string[] = [];
        const { url } = await started(startHttpV1(log));
        const { client, transport } = open(url);
        const wrapped = wrap<TransportLike>(transport);
        await client.connect(wrapped as never);
        const tokens: string[] = [];
        const first = await callResumably(client, { onresumptiontoken: (token: string) => tokens.push(token) });
        const second = await callResumably(client, { resumptionToken: tokens[0] ?? '' });
        await client.close();
        return { tokens, first, second, wire: log.toSorted() };
      };
      const plain = await resume(bare);

      expect(await resume(await governing())).toEqual(plain);
      expect(plain).toMatchObject({ second: { content: [{ text: '{"resumed":true}' }] } });
    },
  );

  it.each(MODES)('%s: ending the session deletes it, and forgets its id', async (_, open) => {
    const end = async (wrap: Wrap): Promise<unknown> => {
      const log: string[] = [];
      const { url } = await started(startHttpV1(log));
      const { client, transport } = open(url);
      const wrapped = wrap<TransportLike & { terminateSession(): Promise<void> }>(transport);
      await client.connect(wrapped as never);
      const hadSession = typeof wrapped.sessionId;
      await wrapped.terminateSession();
      const has = typeof wrapped.sessionId;
      await client.close();
      return { hadSession, has, wire: log.toSorted() };
    };
    const plain = await end(bare);

    expect(await end(await governing())).toEqual(plain);
    expect(plain).toMatchObject({ hadSession: 'string', has: 'undefined' });
  });

  it.each(MODES)('%s: a client that is given a session resumes it without a handshake', async (_, open) => {
    const rejoin = async (wrap: Wrap): Promise<unknown> => {
      const log: string[] = [];
      const { url } = await started(startHttpV1(log));
      const { client, transport } = open(url);
      await client.connect(wrap<TransportLike>(transport) as never);
      const { sessionId } = transport;
      log.length = 0;
      const Transport = transport.constructor as new (url: URL, options: object) => TransportLike;
      const again = open(url);
      await again.client.connect(wrap(new Transport(url, { sessionId, protocolVersion: '2025-11-25' })) as never);
      const result = await callResumably(again.client, {});
      await again.client.close();
      await client.close();
      return { result, wire: log.filter((line) => line.startsWith('POST')).toSorted() };
    };
    const plain = await rejoin(bare);

    expect(await rejoin(await governing())).toEqual(plain);
    expect(JSON.stringify(plain)).not.toContain('initialize');
  });

  it('v2: headers of a single call arrive', async () => {
    const callWithHeader = async (wrap: Wrap): Promise<unknown> => {
      const log: string[] = [];
      const { url } = await started(startHttpV2(log));
      const { client, call } = clientV2(PIN);
      await client.connect(wrap(new HttpV2(url)) as never);
      await call('echo', {}, { headers: { 'x-request-id': 'r-1' } });
      await client.close();
      return log.toSorted();
    };
    const plain = await callWithHeader(bare);

    expect(await callWithHeader(await governing())).toEqual(plain);
    expect(JSON.stringify(plain)).toContain('x-request-id: r-1');
  });

  it('v2: cancelling closes the stream where each request has its own, and tells the server nothing else', async () => {
    const wireOf = async (wrap: Wrap): Promise<unknown> => (await httpV2(PIN, startHttpV2)(wrap))['wire'];

    expect(JSON.stringify(await wireOf(await governing()))).not.toContain('notifications/cancelled');
  });

  it('a sibling for the negotiation is governed too', async () => {
    const policy = allowAllPolicy('members');
    const gate = await createGate({ policy });
    cleanups.push(() => gate.close());
    const methods: string[] = [];
    gate.on('call-decided', ({ method }) => methods.push(method));
    const { client } = clientV2('auto');
    await client.connect(gate.wrap(new StdioV2(stdioParameters('exiting')), { server: 'members' }) as never);
    await client.close();

    expect(methods).toContain('server/discover');
    expect(methods).toContain('initialize');
  });

  it('the transport’s own errors come through by identity', async () => {
    const failure = new Error('the pipe is broken');
    const broken = (): TransportLike => ({
      start: () => Promise.resolve(),
      send: () => Promise.reject(failure),
      close: () => Promise.resolve(),
    });
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

    await expect(broken().send(message)).rejects.toBe(failure);
    await expect((await governing())(broken()).send(message)).rejects.toBe(failure);
  });

  it('what is passed to close arrives', async () => {
    const closings: unknown[][] = [];
    const transport: TransportLike = {
      start: () => Promise.resolve(),
      send: () => Promise.resolve(),
      close: (...parameters: unknown[]) => {
        closings.push(parameters);
        return Promise.resolve();
      },
    };
    const reason = { signal: AbortSignal.abort() };
    await (await governing())(transport).close(reason);

    expect(closings).toEqual([[reason]]);
  });

  it('start, close and the handlers stay assignable, as negotiation needs', async () => {
    const [near] = InMemoryV2.createLinkedPair();
    const wrapped = (await governing())<TransportLike>(near);
    const start = (): Promise<void> => Promise.resolve();
    wrapped.start = start;
    wrapped.close = start;

    expect(wrapped.start).toBe(start);
    expect(wrapped.close).toBe(start);
    expect(observeMembers(wrapped)).toMatchObject({ isExtensible: true });
  });

  it('supported revisions are passed on to a transport that asks for them', async () => {
    const given: unknown[] = [];
    const [near] = InMemoryV2.createLinkedPair();
    const inner = Object.assign(near, { setSupportedProtocolVersions: (versions: string[]) => given.push(versions) });
    const wrapped = (await governing())<typeof inner>(inner);
    wrapped.setSupportedProtocolVersions(['2026-07-28']);

    expect(given).toEqual([['2026-07-28']]);
  });
});

/** Calls `echo` by the request method, which takes transport options in both SDKs. */
function callResumably(client: ObservedClient, options: object): Promise<unknown> {
  const params = { name: 'echo', arguments: { resumed: true } };
  return client.request({ method: 'tools/call', params }, CallToolResultSchema, options).catch(describeError);
}
