import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createGate, loadPolicy } from 'callgate';

await using gate = await createGate({ policy: await loadPolicy('callgate.yaml'), ledger: './ledger' });
const client = new Client({ name: 'host', version: '1.0.0' });
const inventory = () => new StdioClientTransport({ command: 'node', args: ['inventory-server.ts'] });
await client.connect(gate.wrap(inventory, { server: 'inventory' }));

await gate.as({ user: 'u-17', agent: 'agent:triage', tenant: 'acme' }, { run: 'ticket-4711' }, async () => {
  console.log(await client.callTool({ name: 'inventory.lookup', arguments: { region: 'us-east', limit: 25 } }));
  console.log(await client.callTool({ name: 'inventory.lookup', arguments: { region: '*', limit: 10000 } }));
});
