import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import * as z from 'zod';

/** A small server in the same process, for the snippets of the guide. Returns the client's end. */
export async function startNotes(): Promise<Transport> {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool('note.get', { inputSchema: { id: z.string() } }, ({ id }) => ({
    content: [{ type: 'text', text: `${id}: ask ann@customers.example about the anvil` }],
  }));
  server.registerTool('note.delete', { inputSchema: { id: z.string() } }, () => ({ content: [] }));
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  await server.connect(serverEnd);
  return clientEnd;
}
