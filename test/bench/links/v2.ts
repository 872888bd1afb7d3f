import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { TransportLike } from 'callgate';

import { createEchoServerV2 } from '../servers/echo-v2.ts';
import { serverCommand, startHttpServer } from './echo-process.ts';
import { textLength, type EchoClient, type Link } from './link.ts';

type Revision = '2025-11-25' | '2026-07-28';

/** SDK v2: revision 2025-11-25 in memory and over stdio, 2026-07-28 over each transport. */
export const LINKS_V2: readonly Link[] = [
  inMemory('2025-11-25'),
  inMemory('2026-07-28'),
  stdio('2025-11-25'),
  stdio('2026-07-28'),
  {
    name: 'v2 (2026), HTTP JSON',
    transport: 'http',
    open: async (wrap) => {
      const server = await startHttpServer('http-v2.ts');
      return connectV2(wrap(new StreamableHTTPClientTransport(server.url)), '2026-07-28', server.stop);
    },
  },
];

function inMemory(revision: Revision): Link {
  return {
    name: `v2 (${revision.slice(0, 4)}), in-memory`,
    transport: 'in-memory',
    open: async (wrap) => {
      const [near, far] = InMemoryTransport.createLinkedPair();
      // The server's side of any transport: picks the era by the first message.
      serveStdio(createEchoServerV2, { transport: far });
      return connectV2(wrap(near), revision);
    },
  };
}

function stdio(revision: Revision): Link {
  return {
    name: `v2 (${revision.slice(0, 4)}), stdio`,
    transport: 'stdio',
    open: (wrap) => connectV2(wrap(new StdioClientTransport(serverCommand('stdio-v2.ts'))), revision),
  };
}

async function connectV2(
  transport: TransportLike,
  revision: Revision,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<EchoClient> {
  const mode = revision === '2025-11-25' ? ('legacy' as const) : { pin: revision };
  const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    echo: async (bytes) => textLength(await client.callTool({ name: 'echo', arguments: { bytes } })),
    close: async () => {
      await client.close();
      await stop();
    },
  };
}
