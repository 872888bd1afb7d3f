// Runs in a folder where the packed packages are installed: `node smoke.mjs <package>…`. Plain JavaScript, because the
// oldest Node that the packages support runs no TypeScript.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const names = process.argv.slice(2);
assert.ok(names.length > 0, 'no package named');

const require = createRequire(import.meta.url);
for (const name of names) {
  const imported = await import(name);
  assert.deepEqual(
    Object.keys(require(name)).toSorted(),
    Object.keys(imported).toSorted(),
    `${name}: require and import`,
  );
}

const { clonePlain, digestJson } = await import('@callgate/canonical');
const digest = digestJson(clonePlain({ b: [1, -0, 'é'], a: { __proto__: null, z: true } }));
assert.equal(digest, 'sha256:bcc3d1f6fe918e7aae58860e161ff503efc8a8dec76dae76271eb7f77434059a');

// One governed call of each kind, from the packed packages alone: what is allowed arrives, what is denied does not, and
// the ledger on disk verifies.
const { createGate, parsePolicy, verifyLedger } = await import('callgate');
const { createFakeServer } = await import('@callgate/testing');
const folder = mkdtempSync(join(tmpdir(), 'callgate-smoke-ledger-'));
try {
  const policy = parsePolicy(
    'callgate: 1\nname: smoke\nversion: "1"\nservers:\n  inventory:\n    tools:\n      lookup: { ring: 1, arguments: { limit: { type: integer, maximum: 25 } } }\n',
    { file: 'callgate.yaml' },
  );
  const gate = await createGate({ policy, ledger: folder });
  const server = createFakeServer({
    handlers: { 'tools/call': () => ({ content: [{ type: 'text', text: 'found' }] }) },
  });
  const transport = gate.wrap(server.transport, { server: 'inventory', identity: { command: 'inventory', args: [] } });
  const answers = new Map();
  transport.onmessage = (message) => answers.set(message.id, message);
  await transport.start();
  const call = (id, limit) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'lookup', arguments: { limit } },
  });
  await transport.send(call(1, 25));
  await transport.send(call(2, 26));
  while (answers.size < 2) await setTimeout(5);
  assert.equal(answers.get(1).result.content[0].text, 'found');
  assert.equal(answers.get(2).result.isError, true);
  assert.deepEqual(server.received.filter(({ method }) => method === 'tools/call').length, 1);
  await gate.close();
  const verified = await verifyLedger(folder);
  assert.equal(verified.ok, true);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// The command, as npm links it.
const help = execFileSync(process.execPath, ['node_modules/@callgate/cli/dist/main.js', '--help'], {
  encoding: 'utf8',
});
assert.match(help, /callgate/u);

console.log(`${names.length} packages`);
