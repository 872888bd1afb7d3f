/** Runs the code that the guide shows, and checks what the guide says about it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { createGate, loadPolicy, readDenial, type Gate, type GateOptions } from 'callgate';

import { callTool } from './denials.ts';
import { hideAddresses, outOfOrder, swapTool, ticketRequired } from './interceptors.ts';
import { deniedIn } from './ledger.ts';
import { startNotes } from './notes-server.ts';
import { notesPolicy } from './policy.ts';
import { guideDecisions } from './tasks.ts';

const scratch = await mkdtemp(join(tmpdir(), 'callgate-guide-'));
const principal = { agent: 'agent:notes' };

async function check(
  what: string,
  options: Omit<GateOptions, 'policy'>,
  body: (client: Client, gate: Gate) => Promise<void>,
): Promise<void> {
  await using gate = await createGate({ policy: notesPolicy, ...options });
  // #region govern-client
  const client = gate.governClient(new Client({ name: 'guide', version: '1.0.0' }), { server: 'notes', principal });
  await client.connect(await startNotes());
  // #endregion
  await gate.as(principal, { run: 'ticket-7' }, () => body(client, gate));
  console.log(`ok  ${what}`);
}

const noteOne = { name: 'note.get', arguments: { id: 'N-1' } };
const codeOf = async (answer: Promise<unknown>): Promise<string | undefined> => readDenial(await answer)?.code;

try {
  const folder = join(scratch, 'ledger');
  await check('a denial says what to do next', { ledger: folder }, async (client) => {
    assert.equal((await callTool(client, 'note.get', { id: 'N-1' })).kind, 'answer');
    assert.equal((await callTool(client, 'note.get', { id: '../etc' })).kind, 'tell-the-model');
    assert.equal((await callTool(client, 'note.delete', { id: 'N-1' })).kind, 'ask-a-person');
    assert.equal((await callTool(client, 'note.rename', { id: 'N-1' })).kind, 'tell-the-model');
  });
  assert.deepEqual(await deniedIn(folder, 'ticket-7'), [
    'agent:notes note.get: arguments.envelope',
    'agent:notes note.delete: approval.required',
    'agent:notes note.rename: tool.not_allowed',
  ]);

  await check('with `onDeny: throw` a denial is a protocol error', { onDeny: 'throw' }, async (client) => {
    const error: unknown = await client
      .callTool({ name: 'note.rename', arguments: {} })
      .catch((thrown: unknown) => thrown);
    assert.equal(readDenial(error)?.code, 'tool.not_allowed');
  });

  await check('a validation refuses', { interceptors: [ticketRequired] }, async (client, gate) => {
    const withoutTicket = gate.as(principal, { run: 'chat-1' }, () => client.callTool(noteOne));
    assert.equal(await codeOf(withoutTicket), 'interceptor.refused');
  });

  await check('a mutation changes an answer', { interceptors: [ticketRequired, hideAddresses] }, async (client) => {
    const { content } = await client.callTool(noteOne);
    assert.deepEqual(content, [{ type: 'text', text: 'N-1: ask (address) about the anvil' }]);
  });

  await check('what a mutation makes of a request is decided again', { interceptors: [swapTool] }, async (client) => {
    assert.equal(await codeOf(client.callTool(noteOne)), 'approval.required');
  });

  await check('an interceptor that throws denies', { interceptors: [outOfOrder] }, async (client) => {
    assert.equal(await codeOf(client.callTool(noteOne)), 'interceptor.failed');
  });

  const tasks = guideDecisions(await loadPolicy(join(import.meta.dirname, 'tasks.yaml')));
  for (const [what, { code }, expected] of tasks) assert.equal(code, expected, what);
  console.log(`ok  the policy of the guide decides ${tasks.length} calls as the guide says`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
