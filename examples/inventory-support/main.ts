/**
 * Two MCP servers, three people, one policy file.
 *
 * Runs every rule of `callgate.yaml` against the real servers of this folder, prints each decision on a line, and fails
 * when one of them is not what the policy promises.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { verifyLedger } from '@callgate/audit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { GateError, createGate, explain, loadPolicy, readDenial, type Principal } from 'callgate';

const folder = import.meta.dirname;
const scratch = await mkdtemp(join(tmpdir(), 'callgate-inventory-support-'));

const maria: Principal = { user: 'maria', agent: 'agent:support', tenant: 'acme', roles: ['support'] };
const wen: Principal = { user: 'wen', agent: 'agent:warehouse', tenant: 'acme', roles: ['warehouse'] };
const stranger: Principal = { agent: 'agent:unknown' };

const policy = await loadPolicy(join(folder, 'callgate.yaml'));
const gate = await createGate({ policy, ledger: join(scratch, 'ledger') });

/** A governed client of one of this folder's servers. */
async function connect(server: 'inventory' | 'support'): Promise<Client> {
  const client = new Client({ name: 'inventory-support', version: '1.0.0' });
  const open = () => new StdioClientTransport({ command: 'node', args: [`${server}-server.ts`], cwd: folder });
  await client.connect(gate.wrap(open, { server }));
  return client;
}

const clients = { inventory: await connect('inventory'), support: await connect('support') };

/** Calls a tool as somebody, prints what became of it, and checks that against `expected`: a code, or `allowed`. */
async function call(
  principal: Principal,
  name: string,
  callArguments: Record<string, unknown>,
  expected: string,
): Promise<string> {
  const client = name.startsWith('inventory.') ? clients.inventory : clients.support;
  const result = await gate.as(principal, { run: 'ticket-4711' }, () =>
    client.callTool({ name, arguments: callArguments }),
  );
  const [first] = result.content as readonly { readonly text: string }[];
  const text = first?.text ?? '';
  const denial = readDenial(result);
  const word = denial === undefined ? 'ALLOW' : denial.code === 'approval.required' ? 'HOLD ' : 'DENY ';
  console.log(`${word} ${name}: ${denial?.message ?? digestOf(text)}`);
  assert.equal(denial?.code ?? 'allowed', expected, name);
  return text;
}

/** What an answer of these servers is, in a few words. */
function digestOf(text: string): string {
  const answer = JSON.parse(text) as unknown;
  return Array.isArray(answer) ? `${answer.length} rows` : text;
}

function heading(text: string): void {
  console.log(`\n${text}`);
}

try {
  heading('maria, who is in support');
  await call(maria, 'inventory.lookup', { region: 'us-east', limit: 25 }, 'allowed');
  await call(maria, 'inventory.lookup', { region: '*', limit: 25 }, 'arguments.envelope');
  await call(maria, 'inventory.lookup', { region: 'us-east', limit: 10_000 }, 'arguments.envelope');
  await call(maria, 'inventory.lookup', { region: 'us-east', limit: '25' }, 'arguments.envelope');
  await call(maria, 'inventory.lookup', { limit: 25 }, 'arguments.envelope');
  const adjustment = { region: 'us-east', sku: 'ANV-1001', delta: -3, reason: 'broken in transit' };
  await call(maria, 'inventory.adjust', adjustment, 'principal.not_allowed');
  await call(maria, 'inventory.wipe', {}, 'tool.not_allowed');

  const search = { region: 'us-west', query: 'C-11', limit: 25 };
  const found = await call(maria, 'customer.search', { ...search, fields: ['name', 'tier'] }, 'allowed');
  assert.equal((JSON.parse(found) as unknown[]).length, 25, 'the server really answered');
  const wildcard = await call(maria, 'customer.search', { ...search, region: '*' }, 'arguments.envelope');
  await call(maria, 'customer.search', { ...search, limit: 26 }, 'arguments.envelope');
  await call(maria, 'customer.search', { ...search, fields: ['name', 'email'] }, 'arguments.envelope');
  await call(maria, 'customer.search', { ...search, format: 'csv' }, 'arguments.envelope');
  await call(maria, 'customer.get', { id: 'C-1001' }, 'allowed');
  await call(maria, 'customer.get', { id: 'C-1001', fields: ['card_last4'] }, 'arguments.envelope');

  heading('wen, who is in the warehouse');
  await call(wen, 'inventory.lookup', { region: 'eu-west', limit: 100 }, 'allowed');
  await call(wen, 'inventory.adjust', adjustment, 'approval.required');
  await call(wen, 'inventory.adjust', { ...adjustment, delta: -11 }, 'arguments.envelope');
  await call(wen, 'customer.search', search, 'principal.not_allowed');

  heading('an agent that nobody vouches for');
  await call(stranger, 'inventory.lookup', { region: 'us-east', limit: 1 }, 'principal.not_allowed');

  heading('another server under the name of `support`');
  const impostor = new Client({ name: 'inventory-support', version: '1.0.0' });
  const wrong = () => new StdioClientTransport({ command: 'node', args: ['inventory-server.ts'], cwd: folder });
  const refused: unknown = await impostor
    .connect(gate.wrap(wrong, { server: 'support' }))
    .catch((error: unknown) => error);
  assert.ok(refused instanceof GateError && refused.code === 'CALLGATE_SERVER_REFUSED', 'the program was started');
  assert.match(refused.message, /server\.identity_mismatch/u);
  console.log(`DENY  initialize: ${refused.message}`);

  heading('what the model reads when a search is denied');
  console.log(wildcard);
  assert.match(wildcard, /wildcard region is forbidden/u);
  assert.doesNotMatch(wildcard, /callgate\.yaml|role/u, 'a denial does not show the policy');

  heading('the tools each of them is offered');
  for (const [name, principal] of Object.entries({ maria, wen, stranger })) {
    const listed: string[] = [];
    for (const client of Object.values(clients)) {
      const { tools } = await gate.as(principal, {}, () => client.listTools());
      listed.push(...tools.map((tool) => tool.name));
    }
    console.log(`${name.padEnd(9)} ${listed.join(', ') || '–'}`);
    assert.equal(listed.includes('inventory.wipe'), false);
    assert.equal(listed.includes('inventory.adjust'), principal === wen);
    assert.equal(listed.includes('customer.search'), principal === maria);
  }

  heading('a dry run: decided, neither sent nor recorded');
  const before = gate.ledger.health().nextSeq;
  const dry = gate.decide({ server: 'inventory', tool: 'inventory.adjust', arguments: adjustment, principal: wen });
  console.log(`inventory.adjust would be: ${dry.effect}, approvers ${dry.approvers?.join(', ')}`);
  assert.equal(dry.effect, 'hold');
  assert.equal(gate.ledger.health().nextSeq, before, 'a dry run leaves no record');

  heading('an explanation, for the operator');
  const explanation = explain(policy, {
    server: 'support',
    identity: { command: 'node', args: ['support-server.ts'] },
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: 'customer.search', arguments: { ...search, region: '*', limit: 10_000 } },
    principal: maria,
  });
  for (const violation of explanation.decision.violations) {
    console.log(
      `callgate.yaml:${violation.location?.line} ${violation.pointer}: expected ${violation.expected}, got ${violation.got}`,
    );
  }
  console.log(`would pass: ${JSON.stringify(explanation.passing)}`);
  assert.deepEqual(
    explanation.decision.violations.map(({ pointer }) => pointer),
    ['/limit', '/region'],
  );

  await gate.close();
  const report = await verifyLedger(join(scratch, 'ledger'));
  assert.ok(report.ok, JSON.stringify(report.problems));
  console.log(`\nledger verified: ${report.records} records`);
} finally {
  await gate.close();
  await rm(scratch, { recursive: true, force: true });
}
