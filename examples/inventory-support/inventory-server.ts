import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

/** Stock levels by region. The server trusts whoever calls it, as most do: its schemas say types, not limits. */
const stock = ['us-east', 'us-west', 'eu-west'].flatMap((region) =>
  ['ANV-1001', 'ROC-2002', 'MAG-3003'].map((sku, index) => ({ region, sku, quantity: 40 * (index + 1) })),
);

const server = new McpServer({ name: 'inventory', version: '1.0.0' });

server.registerTool(
  'inventory.lookup',
  {
    description: 'Lists stock levels. `region` may be `*` for all of them.',
    inputSchema: { region: z.string(), limit: z.number(), sku: z.string().optional() },
    annotations: { readOnlyHint: true },
  },
  ({ region, limit, sku }) => {
    const rows = stock.filter((item) => (region === '*' || item.region === region) && (sku ?? item.sku) === item.sku);
    return { content: [{ type: 'text', text: JSON.stringify(rows.slice(0, limit)) }] };
  },
);

server.registerTool(
  'inventory.adjust',
  {
    description: 'Adds `delta` to one stock level',
    inputSchema: { region: z.string(), sku: z.string(), delta: z.number(), reason: z.string() },
  },
  ({ region, sku, delta }) => {
    const item = stock.find((candidate) => candidate.region === region && candidate.sku === sku);
    if (item === undefined) return { content: [{ type: 'text', text: 'no such item' }], isError: true };
    item.quantity += delta;
    return { content: [{ type: 'text', text: JSON.stringify(item) }] };
  },
);

server.registerTool(
  'inventory.wipe',
  { description: 'Deletes every stock level', annotations: { readOnlyHint: true } },
  () => {
    stock.length = 0;
    return { content: [{ type: 'text', text: 'wiped' }] };
  },
);

await server.connect(new StdioServerTransport());
