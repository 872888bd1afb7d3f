import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { canonicalize, type JsonValue } from '@callgate/canonical';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler } from '@modelcontextprotocol/server';

import { createServerV1, createServerV2 } from './servers.ts';

/** A test server that listens on loopback. */
export interface HttpServer {
  readonly url: URL;
  close(): Promise<void>;
}

/** SDK v1 with sessions, SSE answers and resumable streams. */
export function startHttpV1(log: string[]): Promise<HttpServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new MemoryEventStore(),
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
    });
    await createServerV1(log).connect(transport);
    return transport;
  };
  return listen(log, async (request, response, body) => {
    const session = sessions.get(String(request.headers['mcp-session-id']));
    const transport = session ?? (await open());
    await transport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body));
  });
}

/** SDK v2, revision 2026-07-28. */
export function startHttpV2(log: string[]): Promise<HttpServer> {
  const handler = createMcpHandler(() => createServerV2(log));
  return listen(log, async (request, response, body) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await handler.fetch(
      new Request(`http://${request.headers.host ?? ''}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: new Headers(request.headers as Record<string, string>),
        ...(body === '' ? {} : { body }),
        signal: gone.signal,
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const chunk of answer.body ?? []) response.write(chunk);
    response.end();
  });
}

async function listen(
  log: string[],
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      log.push(describeRequest(request, body));
      await handle(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: urlOf(server), close: () => stop(server) };
}

function urlOf(server: Server): URL {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('expected a TCP address');
  return new URL(`http://127.0.0.1:${address.port}/mcp`);
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** Everything of a request that the protocol looks at, in a form that is equal for equal sessions. */
function describeRequest({ method, headers }: IncomingMessage, body: string): string {
  const shown = Object.entries(headers)
    .filter(([name]) => /^(?:mcp-|accept|content-type|last-event-id|authorization|x-)/u.test(name))
    .map(([name, value]) => `${name}: ${name === 'mcp-session-id' ? '(session)' : String(value)}`)
    .toSorted();
  // The order of keys is nothing the protocol sees, and the gate's copy has another.
  return [method, ...shown, body === '' ? '' : canonicalize(JSON.parse(body) as JsonValue)].join(' | ');
}

/** Keeps events for resumption; ids count. */
class MemoryEventStore {
  readonly #events: { readonly stream: string; readonly message: JSONRPCMessage }[] = [];

  storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    this.#events.push({ stream, message });
    return Promise.resolve(String(this.#events.length));
  }

  async replayEventsAfter(
    last: string,
    { send }: { readonly send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const stream = this.#events[Number(last) - 1]?.stream ?? '';
    for (const [index, event] of this.#events.entries()) {
      if (index >= Number(last) && event.stream === stream && Object.keys(event.message).length > 0) {
        await send(String(index + 1), event.message);
      }
    }
    return stream;
  }
}
