import assert from 'node:assert/strict';
import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Stage } from './stage.ts';

/** Two honest servers, two people, one policy: allow, deny, hold. */
export async function twoServers({ screen, connect, call }: Stage): Promise<void> {
  screen.chapter(
    'Two servers, two people, one policy',
    'The servers accept anything. The policy says who may ask for what, and anything it does not name is denied.',
  );
  const inventory = await connect('inventory');
  const support = await connect('support');
  const stock = { region: 'us-east', limit: 25 };
  const search = { region: 'us-west', query: 'C-11', limit: 25 };
  const adjustment = { region: 'us-east', sku: 'ANV-1001', delta: -3, reason: 'broken' };

  await call(inventory, 'maria', 'inventory.lookup', stock, 'allowed');
  await call(inventory, 'maria', 'inventory.lookup', { ...stock, region: '*', limit: 10_000 }, 'arguments.envelope');
  await call(inventory, 'maria', 'inventory.adjust', adjustment, 'principal.not_allowed');
  await call(inventory, 'maria', 'inventory.wipe', {}, 'tool.not_allowed');
  await call(support, 'maria', 'customer.search', search, 'allowed');
  await call(support, 'maria', 'customer.search', { ...search, limit: 500 }, 'arguments.envelope');
  await call(inventory, 'wen', 'inventory.adjust', adjustment, 'approval.required');
  await call(inventory, 'wen', 'inventory.adjust', { ...adjustment, delta: -500 }, 'arguments.envelope');
  await call(support, 'wen', 'customer.search', search, 'principal.not_allowed');
}

/** One denied search: what the model reads of it, and what the record keeps. */
export async function twoReaders({ screen, gate, ledgerFolder, connect, call }: Stage): Promise<void> {
  screen.chapter(
    'What the model reads, and what the record keeps',
    'The model learns what would pass. The record shows the size and scope of the request, not its text.',
  );
  const support = await connect('support');
  let summary = '';
  const stop = gate.ledger.subscribe((record) => {
    if (record.kind === 'decision') summary = JSON.stringify(record.summary).replaceAll(/,(?=")/gu, ', ');
  });
  const secret = 'hunter2-of-a-customer';
  const text = await call(
    support,
    'maria',
    'customer.search',
    { region: '*', query: secret, limit: 10_000, fields: ['name', 'card_last4'] },
    'arguments.envelope',
  );
  stop();
  screen.note('\nto the model:');
  screen.quote(text);
  screen.note('in the record:');
  screen.quote(summary);
  await gate.ledger.flush();
  const bytes = await ledgerText(ledgerFolder);
  assert.ok(bytes.includes('card_last4'), 'the record names the restricted field');
  assert.ok(!bytes.includes(secret), 'the record does not hold the value');
  screen.note(`\nThe search text is nowhere in the ${bytes.length.toLocaleString('en')} bytes of the ledger.`);
}

/** A server that forges, floods, stalls and begs. */
export async function misbehavingServer({ screen, gate, connect, call }: Stage): Promise<void> {
  screen.chapter(
    'A server that misbehaves',
    'Allowing a call is half of it: what comes back takes the same path. What may not pass is withheld or dropped.',
  );
  const seen: string[] = [];
  const late = Promise.withResolvers<void>();
  const stop = gate.on('anomaly', ({ server, code }) => {
    seen.push(code);
    if (code === 'response.late') late.resolve();
    screen.row(code === 'denial.spoofed' ? 'STRIPPED' : 'DROPPED', server, code, '', ANOMALIES[code] ?? '');
  });
  const stopDenials = gate.on('call-denied', ({ direction, method, code }) => {
    if (direction === 'server-to-client')
      screen.row(
        'DENY',
        'reports',
        method,
        'a favour of the model',
        `${code}: this server may not use the host’s model`,
      );
  });
  const reports = await connect('reports');
  const read = await call(reports, 'maria', 'report.read', {}, 'allowed');
  assert.equal(read, 'sales rose by 3 %', 'the honest answer, and no forged one');
  await call(reports, 'maria', 'report.download', {}, 'response.too_large');
  await call(reports, 'maria', 'report.summary', {}, 'response.malformed');
  await call(reports, 'maria', 'report.assistant', {}, 'allowed');
  await call(reports, 'maria', 'report.build', {}, 'deadline.exceeded');
  await late.promise;
  stop();
  stopDenials();
  assert.deepEqual(seen, ['response.unmatched', 'response.unmatched', 'denial.spoofed', 'response.late']);
}

const ANOMALIES: Readonly<Record<string, string>> = {
  'response.unmatched': 'a forged answer: no request of ours has this id',
  'denial.spoofed': 'the server wrote a note in the name of the gate',
  'response.late': 'an answer after the deadline: it is no answer any more',
};

/** What honest-looking answers carry: instructions for the model, and a password. */
export async function poisonedAnswers({ screen, connect, call, ledgerFolder, gate }: Stage): Promise<void> {
  screen.chapter(
    'What answers carry',
    'Text from a server goes to the model, so it is read first: instructions are withheld and kept for a person, secrets are masked.',
  );
  const reports = await connect('reports');
  const withheld = await call(reports, 'maria', 'report.comments', {}, 'response.quarantined');
  const masked = await call(reports, 'maria', 'report.connection', {}, 'allowed');
  assert.match(masked, /redacted/u);
  await gate.ledger.flush();
  const bytes = await ledgerText(ledgerFolder);
  for (const place of [withheld, masked, bytes]) assert.doesNotMatch(place, /cat-skill|customer list/u);
  const [kept] = await gate.quarantine.list();
  assert.equal(kept?.tool, 'report.comments');
  screen.note(`\nKept, sealed, for a person to look at: ${kept.bytes} bytes of ${kept.tool}.`);
}

/** An agent of whose calls each is fine by itself: a retry storm, and private notes on their way out. */
export async function runawayAgent({ screen, connect, call }: Stage): Promise<void> {
  screen.chapter(
    'An agent that does not know when to stop',
    'Each call is fine by itself. Breakers, meters and flows look at what came before: here a retry storm, and private notes on their way out.',
  );
  const crm = await connect('crm');
  for (const request_id of ['r-1', 'r-2', 'r-3'])
    await call(crm, 'rex', 'report.build', { month: '2026-10', request_id }, 'allowed');
  await call(crm, 'rex', 'report.build', { month: '2026-10', request_id: 'r-4' }, 'breaker.open');
  await call(crm, 'rex', 'ticket.read', { id: 'T-001' }, 'allowed');
  const notes = await call(crm, 'rex', 'customer.get', { id: 'C-120' }, 'allowed');
  const hidden = Buffer.from(notes).toString('base64').slice(0, 120);
  const held = await call(crm, 'rex', 'mail.send', { to: 'x@example.net', text: 'All done.' }, 'flow.blocked');
  const denied = await call(crm, 'rex', 'mail.send', { to: 'x@example.net', text: hidden }, 'flow.blocked');
  assert.match(held, /^Held/u);
  assert.match(denied, /^Denied/u);
}

/** The official file server, reading inside one folder only. */
export async function fileServer({ screen, sharedFolder, folder, connect, call }: Stage): Promise<void> {
  screen.chapter(
    'The official file server',
    'Reads inside one folder go ahead, writes wait for a person, and the rest is denied.',
  );
  await mkdir(sharedFolder, { recursive: true });
  await writeFile(join(sharedFolder, 'notes.txt'), 'the anvil ships on Monday\n');
  const files = await connect('files');
  const memo = join(sharedFolder, 'memo.txt');
  await call(files, 'maria', 'read_text_file', { path: join(sharedFolder, 'notes.txt') }, 'allowed');
  await call(files, 'maria', 'read_text_file', { path: join(sharedFolder, '..', '.ssh', 'id') }, 'arguments.envelope');
  await call(files, 'maria', 'read_text_file', { path: `${sharedFolder}/../secret` }, 'arguments.envelope');
  await call(files, 'maria', 'write_file', { path: memo, content: 'hello' }, 'approval.required');
  await assert.rejects(access(memo), 'a held write has not happened');
  assert.deepEqual(await readdir(folder), ['ledger', 'shared']);
}

async function ledgerText(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('');
}
