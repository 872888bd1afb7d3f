import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

import { openDatabase } from './database.ts';

/** One tool that runs whatever it is given, as many database servers do. */
const database = await openDatabase(process.env['DATABASE_URL']);
const server = new McpServer({ name: 'ragmonsters', version: '1.0.0' });

server.registerTool(
  'query',
  { description: 'Runs one SQL statement on the monsters database', inputSchema: { sql: z.string() } },
  async ({ sql }) => {
    try {
      return { content: [{ type: 'text', text: JSON.stringify(await database.query(sql)) }] };
    } catch (error) {
      return { content: [{ type: 'text', text: error instanceof Error ? error.message : 'failed' }], isError: true };
    }
  },
);

server.server.onclose = () => void database.close();
await server.connect(new StdioServerTransport());
