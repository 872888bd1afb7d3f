/**
 * A server that turns hostile in eight ways: instructions in answers, in errors, in characters that nobody sees, in base64, over two blocks of
 * text and in a definition; keys in answers and in log messages; a card number; a request to the host's model. Each one is stopped or
 * masked, and the ledger says so without holding any of it.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CreateMessageRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { createGate, loadPolicy, readDenial, type AuditRecord } from 'callgate';

const folder = fileURLToPath(new URL('.', import.meta.url));
const gate = await createGate({ policy: await loadPolicy(`${folder}callgate.yaml`) });

const records: AuditRecord[] = [];
gate.ledger.subscribe((record) => records.push(record));

const client = new Client({ name: 'poisoned', version: '1.0.0' }, { capabilities: { sampling: {} } });
const logged: unknown[] = [];
let favours = 0;
client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logged.push(params.data));
client.setRequestHandler(CreateMessageRequestSchema, () => {
  favours += 1;
  return { model: 'none', role: 'assistant' as const, content: { type: 'text' as const, text: 'yes' } };
});

/** Everything that reached the client: what a model could have read. */
const reached: unknown[] = [];

/** Calls a tool as the agent, prints what the model gets and returns it as text. */
async function read(tool: string, expected: string): Promise<string> {
  const call = { name: `ticket.${tool}`, arguments: { id: 'T-1001' } };
  const result = await gate
    .as({ agent: 'agent:helpdesk' }, { run: 'helpdesk-1' }, () => client.callTool(call))
    .catch((error: unknown) => ({
      error: (error as Error).message,
      data: (error as { readonly data?: unknown }).data,
    }));
  reached.push(result);
  const denial = readDenial(result);
  const text = JSON.stringify('content' in result ? result.content : result);
  console.log(`${denial === undefined ? 'MASKED  ' : 'WITHHELD'} ticket.${tool}`);
  console.log(`         ${text.slice(0, 150)}`);
  assert.equal(denial?.code ?? 'allowed', expected, tool);
  return text;
}

try {
  const start = { command: 'node', args: ['poisoned-server.ts'], cwd: folder, stderr: 'ignore' as const };
  await client.connect(gate.wrap(() => new StdioClientTransport(start), { server: 'helpdesk' }));
  assert.equal((await client.listTools()).tools.length, 8);

  console.log('instructions to the model are withheld, wherever they hide');
  await read('comment', 'response.quarantined');
  await read('attachment', 'response.quarantined');
  await read('history', 'response.quarantined');
  await read('escalate', 'response.quarantined');
  await read('signature', 'response.quarantined');

  console.log('\nwhat must not be known is masked, in every copy');
  assert.match(await read('config', 'allowed'), /redacted/u);
  await read('payment', 'allowed');

  console.log('\nwhat the server says besides is inspected too');
  await read('assign', 'allowed');
  assert.equal(favours, 0, 'the request to the model was refused');
  assert.match(String(logged[0]), /redacted/u);
  console.log(`         its log message: ${String(logged[0])}`);

  console.log('\na definition that is poisoned later is withheld, and the tool with it');
  const listed = await client.listTools();
  assert.ok(!listed.tools.some(({ name }) => name === 'ticket.comment'));
  await read('comment', 'definition.poisoned');
  reached.push(listed, logged);

  console.log('\nnothing of it reached the client or the ledger');
  await gate.flush();
  for (const place of [reached, records]) {
    assert.doesNotMatch(JSON.stringify(place), /AKIAPOISONED|4111 1111|id_rsa|collect\.example\.net|\udb40/u);
  }
  const inspected = records.flatMap((record) => (record.kind === 'outcome' ? (record.inspection?.rules ?? []) : []));
  console.log(`found: ${[...new Set(inspected)].toSorted().join(', ')}`);
} finally {
  await client.close();
  await gate.close();
}
