/* The echo server on SDK v1, over Streamable HTTP with JSON answers. Prints its URL. */
import { randomUUID } from 'node:crypto';

import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

import { createEchoServerV1 } from './echo-v1.ts';
import { listenAndAnnounce } from './listen.ts';

const sessions = new Map<string, StreamableHTTPServerTransport>();

listenAndAnnounce((request, response) => {
  const { 'mcp-session-id': session } = request.headers;
  const known = typeof session === 'string' ? sessions.get(session) : undefined;
  void (known === undefined ? openSession() : Promise.resolve(known)).then((transport) =>
    transport.handleRequest(request, response),
  );
});

async function openSession(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: true,
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
  });
  await createEchoServerV1().connect(transport);
  return transport;
}
