/* The echo server on SDK v2, over Streamable HTTP with JSON answers. Prints its URL. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

import { createMcpHandler } from '@modelcontextprotocol/server';

import { createEchoServerV2 } from './echo-v2.ts';
import { listenAndAnnounce } from './listen.ts';

const handler = createMcpHandler(createEchoServerV2, { responseMode: 'json' });

listenAndAnnounce((request, response) => {
  void handler.fetch(toWebRequest(request)).then((answer) => writeAnswer(answer, response));
});

function toWebRequest(request: IncomingMessage): Request {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(`http://${request.headers.host ?? '127.0.0.1'}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    headers: Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    ),
    ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
  });
}

async function writeAnswer(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
