/** A customer system with a mailbox. It does whatever it is asked: whether a sequence of calls makes sense is not its business. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

const PAGE = 5;
const customers = Array.from({ length: 40 }, (_, index) => ({
  id: `C-${101 + index}`,
  name: `Customer ${index + 1}`,
  email: `customer${index + 1}@example.com`,
  note: `Renews in May at ${900 + index * 7} euro a year, and thinks about leaving.`,
}));

let plans = 0;
let mails = 0;
const server = new McpServer({ name: 'crm', version: '1.0.0' });

function answer(value: Record<string, unknown>): {
  content: { type: 'text'; text: string }[];
  structuredContent: Record<string, unknown>;
} {
  return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value };
}

server.registerTool('customer.list', { inputSchema: { page: z.number() } }, ({ page }) =>
  answer({ customers: customers.slice(page * PAGE, (page + 1) * PAGE) }),
);
server.registerTool('customer.get', { inputSchema: { id: z.string() } }, ({ id }) => {
  const customer = customers.find((one) => one.id === id);
  return customer === undefined
    ? { isError: true, content: [{ type: 'text', text: `no customer ${id}` }] }
    : answer(customer);
});
server.registerTool('ticket.read', { inputSchema: { id: z.string() } }, ({ id }) =>
  answer({ id, from: 'somebody@example.net', text: 'The anvil arrived with a dent. What now?' }),
);
server.registerTool('report.build', { inputSchema: { month: z.string(), request_id: z.string().optional() } }, () => ({
  isError: true,
  content: [{ type: 'text', text: 'the report service is down' }],
}));
server.registerTool('refund.plan', { inputSchema: { order: z.string(), amount: z.number() } }, ({ order, amount }) => {
  plans += 1;
  return answer({ plan_id: `plan-${plans}`, order, amount, effect: `refunds ${amount} euro of order ${order}` });
});
server.registerTool(
  'refund.apply',
  { inputSchema: { plan_id: z.string(), order: z.string(), amount: z.number() } },
  ({ order, amount }) => answer({ refunded: amount, order }),
);
server.registerTool(
  'mail.send',
  { inputSchema: { to: z.string(), text: z.string(), request_id: z.string().optional() } },
  () => {
    mails += 1;
    return answer({ sent: mails });
  },
);

await server.connect(new StdioServerTransport());
