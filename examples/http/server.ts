import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** A Streamable HTTP server on loopback, for clients of both protocol eras. */
export interface LoopbackServer {
  readonly url: URL;
  /** Every tool that really ran, in order. */
  readonly executed: readonly string[];
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startServer(): Promise<LoopbackServer> {
  const executed: string[] = [];
  const handler = createMcpHandler(() => createNotes(executed));
  const http = createServer((request, response) => void serve(handler, request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    executed,
    async close() {
      await handler.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function createNotes(executed: string[]): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool(
    'note.add',
    { description: 'Adds a note', inputSchema: z.object({ text: z.string() }) },
    ({ text }) => {
      executed.push(`note.add ${text}`);
      return { content: [{ type: 'text', text: `added: ${text}` }] };
    },
  );
  server.registerTool('note.delete_all', { description: 'Deletes every note', inputSchema: z.object({}) }, () => {
    executed.push('note.delete_all');
    return { content: [{ type: 'text', text: 'all gone' }] };
  });
  return server;
}

/** Hands one request of `node:http` to a handler that speaks `Request` and `Response`. */
async function serve(
  handler: { fetch(request: Request): Promise<Response> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const method = request.method ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) };
  const answer = await handler.fetch(new Request(`http://127.0.0.1${request.url}`, { method, headers, ...body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  for await (const chunk of answer.body ?? []) response.write(chunk);
  response.end();
}
