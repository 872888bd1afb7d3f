import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

/** A real MCP server over stdio with one tool, and no idea of who may see what: that is the gate's business. */
const server = new McpServer({ name: 'inventory', version: '1.0.0' });

server.registerTool(
  'inventory.lookup',
  {
    description: 'Lists stock levels of one region',
    inputSchema: { region: z.string(), limit: z.number() },
  },
  ({ region, limit }) => ({ content: [{ type: 'text', text: `${limit} stock levels of ${region}` }] }),
);

await server.connect(new StdioServerTransport());
