import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { TransportLike } from 'callgate';

import { createEchoServerV1 } from '../servers/echo-v1.ts';
import { serverCommand, startHttpServer } from './echo-process.ts';
import { textLength, type EchoClient, type Link } from './link.ts';

/** SDK v1, revision 2025-11-25, over each transport. */
export const LINKS_V1: readonly Link[] = [
  {
    name: 'v1, in-memory',
    transport: 'in-memory',
    open: async (wrap) => {
      const [near, far] = InMemoryTransport.createLinkedPair();
      await createEchoServerV1().connect(far);
      return connectV1(wrap(near));
    },
  },
  {
    name: 'v1, stdio',
    transport: 'stdio',
    open: (wrap) => connectV1(wrap(new StdioClientTransport(serverCommand('stdio-v1.ts')))),
  },
  {
    name: 'v1, HTTP JSON',
    transport: 'http',
    open: async (wrap) => {
      const server = await startHttpServer('http-v1.ts');
      return connectV1(wrap(new StreamableHTTPClientTransport(server.url)), server.stop);
    },
  },
];

async function connectV1(
  transport: TransportLike,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<EchoClient> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(transport);
  return {
    echo: async (bytes) => textLength(await client.callTool({ name: 'echo', arguments: { bytes } })),
    close: async () => {
      await client.close();
      await stop();
    },
  };
}
