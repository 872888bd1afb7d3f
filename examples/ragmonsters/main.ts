/**
 * A real PostgreSQL behind a tool that runs whatever SQL it is given. The agent's reads pass; the `ALTER TABLE` that would lose
 * a column is denied with what would pass; and the same policy is tested and compared with a candidate.
 *
 * The database runs in the server's own process, or is the one at `DATABASE_URL` (in temporary tables).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { parseSuite, runSuite } from '@callgate/policy';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createGate, loadPolicy, readDenial } from 'callgate';

const folder = fileURLToPath(new URL('.', import.meta.url));
const policy = await loadPolicy(`${folder}callgate.yaml`);

console.log('the tests beside the policy');
const suite = parseSuite(await readFile(`${folder}callgate.test.yaml`, 'utf8'), { file: 'callgate.test.yaml' });
for (const { case: one, decision, problems } of runSuite(suite, policy)) {
  console.log(`  ${problems.length === 0 ? 'ok  ' : 'FAIL'} ${one.name}: ${decision.effect}`);
  assert.deepEqual(problems, [], one.name);
}

const gate = await createGate({ policy });
const client = new Client({ name: 'ragmonsters', version: '1.0.0' });

/** Runs a statement as the agent, prints what became of it and checks the code. Returns the text that the model gets. */
async function query(sql: string, expected: string): Promise<string> {
  const result = await gate.as({ agent: 'agent:bestiary' }, { run: 'bestiary-1' }, () =>
    client.callTool({ name: 'query', arguments: { sql } }),
  );
  const [first] = result.content as readonly { readonly text: string }[];
  const denial = readDenial(result);
  console.log(`${denial === undefined ? 'ALLOW' : 'DENY '} ${sql}`);
  console.log(`      ${(first?.text ?? '').slice(0, 160)}`);
  assert.equal(denial?.code ?? 'allowed', expected, sql);
  return first?.text ?? '';
}

try {
  const env = { ...process.env } as Record<string, string>;
  const start = { command: 'node', args: ['ragmonsters-server.ts'], cwd: folder, env, stderr: 'ignore' as const };
  await client.connect(gate.wrap(() => new StdioClientTransport(start), { server: 'warehouse' }));

  console.log('\nreads pass');
  assert.match(await query("SELECT name FROM monsters WHERE weakness = 'water' LIMIT 10", 'allowed'), /Flameburst/u);
  await query('SELECT m.name, h.climate FROM monsters m JOIN habitats h ON h.name = m.habitat LIMIT 20', 'allowed');

  console.log('\nwhat would change or lose data does not, however it is dressed');
  const denied = await query('ALTER TABLE monsters DROP COLUMN weakness', 'arguments.envelope');
  assert.match(denied, /one SELECT statement/u);
  await query('WITH gone AS (DELETE FROM monsters RETURNING *) SELECT * FROM gone LIMIT 5', 'arguments.envelope');
  await query('SELECT name INTO stolen FROM monsters LIMIT 5', 'arguments.envelope');
  await query('SELECT 1 FROM monsters LIMIT 1; DROP TABLE monsters', 'arguments.envelope');
  await query('EXPLAIN ANALYZE DELETE FROM monsters', 'arguments.envelope');

  console.log('\nnor what reads too much, or what is nobody’s business');
  await query('SELECT name FROM monsters', 'arguments.envelope');
  await query('SELECT name, phone FROM keepers LIMIT 5', 'rule.denied');

  console.log('\nnothing was lost');
  assert.match(await query("SELECT weakness FROM monsters WHERE name = 'Murk' LIMIT 1", 'allowed'), /light/u);
} finally {
  await client.close();
  await gate.close();
}
