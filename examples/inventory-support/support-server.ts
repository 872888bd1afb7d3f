import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

type Customer = Readonly<Record<'id' | 'region' | 'name' | 'tier' | 'open_tickets' | 'email' | 'card_last4', string>>;

/** Customers of two regions, with fields that a support agent has no business reading. */
const customers: readonly Customer[] = ['us-east', 'us-west'].flatMap((region, block) =>
  Array.from({ length: 40 }, (_, index) => {
    const id = `C-${1000 + block * 100 + index}`;
    return {
      id,
      region,
      name: `Customer ${id}`,
      tier: index % 5 === 0 ? 'gold' : 'standard',
      open_tickets: String(index % 3),
      email: `${id.toLowerCase()}@customers.example`,
      card_last4: String(4000 + index),
    };
  }),
);

const server = new McpServer({ name: 'support', version: '1.0.0' });

server.registerTool(
  'customer.search',
  {
    description: 'Finds customers by part of their name. `region` may be `*`.',
    inputSchema: { region: z.string(), query: z.string(), limit: z.number(), fields: z.array(z.string()).optional() },
    annotations: { readOnlyHint: true },
  },
  ({ region, query, limit, fields = ['name'] }) => {
    const found = customers.filter(
      (customer) => (region === '*' || customer.region === region) && customer.name.includes(query),
    );
    const rows = found.slice(0, limit).map((customer) => project(customer, fields));
    return { content: [{ type: 'text', text: JSON.stringify(rows) }] };
  },
);

server.registerTool(
  'customer.get',
  {
    description: 'Reads one customer by id',
    inputSchema: { id: z.string(), fields: z.array(z.string()).optional() },
    annotations: { readOnlyHint: true },
  },
  ({ id, fields = ['name'] }) => {
    const customer = customers.find((candidate) => candidate.id === id);
    if (customer === undefined) return { content: [{ type: 'text', text: 'no such customer' }], isError: true };
    return { content: [{ type: 'text', text: JSON.stringify(project(customer, fields)) }] };
  },
);

function project(customer: Customer, fields: readonly string[]): Record<string, string> {
  const shown = Object.entries(customer).filter(([field]) => field === 'id' || fields.includes(field));
  return Object.fromEntries(shown);
}

await server.connect(new StdioServerTransport());
