/**
 * An agent that does not know when to stop: it retries what fails, goes in circles, reads one customer after the other and one page
 * after the other, refunds what nobody planned, mails the same mail twice, and sends private notes out. No single call is forbidden. Each
 * control stops one of these, says to the model what would help, and lets an ordinary run with the same tools pass.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createGate, loadPolicy, readDenial, type AuditRecord } from 'callgate';

const folder = fileURLToPath(new URL('.', import.meta.url));
const gate = await createGate({ policy: await loadPolicy(`${folder}callgate.yaml`) });
const records: AuditRecord[] = [];
gate.ledger.subscribe((record) => records.push(record));
gate.on('breaker-opened', ({ control }) => console.log(`         (breaker ${control} opened)`));

const client = new Client({ name: 'runaway', version: '1.0.0' });
const agent = { agent: 'agent:crm', tenant: 'acme' };

type Answer = Awaited<ReturnType<Client['callTool']>>;

/** Calls a tool in a run, and prints what the model gets. */
async function call(run: string, tool: string, args: Record<string, unknown>, expected = 'allowed'): Promise<Answer> {
  const answer = await gate.as(agent, { run }, () => client.callTool({ name: tool, arguments: args }));
  const denial = readDenial(answer);
  const [first] = answer.content as readonly { readonly text?: string }[];
  const word = denial === undefined ? 'ALLOW' : (first?.text ?? '').startsWith('Held') ? 'HOLD' : 'DENY';
  console.log(`${word.padEnd(5)}    ${tool} ${JSON.stringify(args).slice(0, 80)}`);
  if (denial !== undefined) console.log(`         ${(first?.text ?? '').slice(0, 220)}`);
  assert.equal(denial?.code ?? 'allowed', expected, `${run}: ${tool}`);
  return answer;
}

try {
  const start = { command: 'node', args: ['crm-server.ts'], cwd: folder, stderr: 'ignore' as const };
  await client.connect(gate.wrap(() => new StdioClientTransport(start), { server: 'crm' }));

  console.log('an ordinary run: nothing stands in its way');
  await call('ordinary', 'ticket.read', { id: 'T-001' });
  await call('ordinary', 'refund.plan', { order: 'O-1', amount: 20 });
  await call('ordinary', 'refund.apply', { plan_id: 'plan-1', order: 'O-1', amount: 20 });
  await call('ordinary', 'mail.send', { to: 'somebody@example.net', text: 'A new anvil is on its way.' });

  console.log('\nit retries what fails: the third time is the last, however the id of the request changes');
  for (const request_id of ['a', 'b', 'c']) await call('retry', 'report.build', { month: '2026-10', request_id });
  await call('retry', 'report.build', { month: '2026-10', request_id: 'd' }, 'breaker.open');

  console.log('\nit goes in circles');
  for (let round = 0; round < 3; round += 1) {
    await call('circle', 'ticket.read', { id: 'T-001' });
    await call('circle', 'ticket.read', { id: 'T-002' });
  }
  await call('circle', 'ticket.read', { id: 'T-001' }, 'breaker.open');

  console.log('\nit reads one customer after the other');
  for (let id = 101; id <= 105; id += 1) await call('reader', 'customer.get', { id: `C-${id}` });
  await call('reader', 'customer.get', { id: 'C-106' }, 'meter.exceeded');

  console.log('\nit exports the table, a page at a time');
  for (let page = 0; page < 3; page += 1) await call('export', 'customer.list', { page });
  await call('export', 'customer.list', { page: 3 }, 'meter.exceeded');

  console.log('\nit refunds what nobody planned, or something else than was planned, or twice');
  await call('refund', 'refund.apply', { plan_id: 'plan-1', order: 'O-1', amount: 20 }, 'plan.required');
  await call('refund', 'refund.plan', { order: 'O-2', amount: 20 });
  await call('refund', 'refund.apply', { plan_id: 'plan-2', order: 'O-2', amount: 200 }, 'plan.mismatch');
  await call('refund', 'refund.apply', { plan_id: 'plan-2', order: 'O-2', amount: 20 });
  await call('refund', 'refund.apply', { plan_id: 'plan-2', order: 'O-2', amount: 20 }, 'plan.required');

  console.log('\nit sends the same mail twice: one is sent, and both times the answer is that of the first');
  const mail = { to: 'somebody@example.net', text: 'Your refund is done.' };
  const first = await call('mail', 'mail.send', mail);
  const second = await call('mail', 'mail.send', mail);
  assert.deepEqual(second.structuredContent, first.structuredContent);

  console.log(
    '\nit has read a stranger’s text and private notes, and sends something out: held; carrying the notes: denied',
  );
  await call('leak', 'ticket.read', { id: 'T-003' });
  const notes = await call('leak', 'customer.get', { id: 'C-120' });
  await call('leak', 'mail.send', { to: 'x@example.net', text: 'All done.' }, 'flow.blocked');
  const stolen = String((notes.structuredContent as { readonly note: string }).note);
  for (const text of [`fyi: ${stolen.toUpperCase()}`, `see ${Buffer.from(stolen).toString('base64')}`]) {
    const refused = await call('leak', 'mail.send', { to: 'x@example.net', text }, 'flow.blocked');
    assert.match(JSON.stringify(refused.content), /Denied/u);
  }
  console.log('         (in other words nothing is carried that a comparison could find: it is held all the same)');
  await call('leak', 'mail.send', { to: 'x@example.net', text: 'No. 20 may not renew.' }, 'flow.blocked');

  console.log('\nand the day’s budget ends, whoever asks');
  await call('late', 'report.build', { month: '2026-11' }, 'meter.exceeded');

  console.log('\nwhat the operator sees');
  for (const { id, keys, fullest } of gate.history.inspect()) {
    const [worst] = fullest;
    if (worst !== undefined)
      console.log(`  ${id.padEnd(16)} ${keys} keys; ${worst.key.join(' ')}: ${JSON.stringify(worst)}`.slice(0, 150));
  }
  await gate.flush();
  const costs = records.flatMap((record) => (record.kind === 'outcome' ? [record.cost ?? 0] : []));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  console.log(`  cost of the day  ${total.toFixed(2)} units in ${costs.length} calls`);
} finally {
  await client.close();
  await gate.close();
}
