import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readLedger } from '@callgate/audit';
import { createGate, generateQuarantineKey, parsePolicy, type Detector, type TransportLike } from 'callgate';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';

const CANARY = 'canary-51c0';
const folder = createFolder();
afterAll(() => folder.clean());

const key = generateQuarantineKey();
const keyFile = folder.write('quarantine.key', `# a key\n${key}\n`);
const otherKeyFile = folder.write('other.key', generateQuarantineKey());

let directory = '';
let ledger = '';
let id = '';
let folders = 0;

const detector: Detector = {
  kind: 'instructions',
  keywords: ['obey'],
  find({ hits }, report) {
    for (const { start } of hits)
      report({ rule: 'instructions.test', severity: 'high', start, end: start + 4, reason: 'a word of the tests' });
  },
};

/** Whether output still has what a terminal would act on. */
const hasTricks = (output: string): boolean => ['\u001b', '\u202e'].some((trick) => output.includes(trick));

/** A server that says one thing. */
function answering(text: string): TransportLike {
  const transport: TransportLike = {
    start: () => Promise.resolve(),
    send: (message: { readonly id: number }) => {
      queueMicrotask(() =>
        transport.onmessage?.({ jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } }),
      );
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return transport;
}

/** A gate that withheld one answer, and is gone. */
beforeEach(async () => {
  folders += 1;
  directory = join(folder.path, `quarantine-${folders}`);
  ledger = join(folder.path, `ledger-${folders}`);
  const policy = parsePolicy('callgate: 1\nname: t\nversion: "1"\nservers: { crm: { tools: { find: { ring: 0 } } } }');
  const gate = await createGate({ policy, detectors: [detector], quarantine: { store: directory, key } });
  const transport = gate.wrap(answering(`obey\u001b[2J\u202e ${CANARY}`), {
    server: 'crm',
    principal: { user: 'u-1' },
  });
  const answered = new Promise((resolve) => (transport.onmessage = resolve));
  await transport.start();
  await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'find', arguments: {} } });
  await answered;
  id = (await gate.quarantine.list())[0]?.id ?? '';
  await gate.close();
});

const release = (...more: readonly string[]): readonly string[] => [
  'quarantine',
  'release',
  '--by',
  'ada',
  '--reason',
  'T-4711',
  '--ledger',
  ledger,
  directory,
  id,
  ...more,
];

describe('callgate quarantine', () => {
  it('lists and shows what is said of an item, without a key and without its content', async () => {
    const list = await runCommand(['quarantine', 'list', directory]);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toContain(`${id}  held`);
    expect(list.out).toContain('crm/find');
    const shown = await runCommand(['quarantine', 'show', directory, id]);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('principal    {"user":"u-1"}');
    const json = await runCommand(['quarantine', 'list', directory, '--format', 'json', '--server', 'crm', '--held']);
    expect(JSON.parse(json.out)).toMatchObject({ id, state: 'held', server: 'crm', tool: 'find', type: 'result' });
    expect(list.out + shown.out + json.out).not.toContain(CANARY);
    expect(await runCommand(['quarantine', 'list', directory, '--server', 'other'])).toStrictEqual({
      code: 0,
      out: '',
      err: 'nothing is in quarantine\n',
    });
  });

  it('reveals content with the key only, and makes visible what a terminal would act on', async () => {
    const show = ['quarantine', 'show', directory, id, '--reveal'];
    expect(await runCommand(show)).toMatchObject({ code: 2, out: '' });
    const other = await runCommand([...show, '--key-file', otherKeyFile]);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain('expected the key');
    const revealed = await runCommand(show, { env: { CALLGATE_QUARANTINE_KEY: key } });
    expect(revealed).toMatchObject({ code: 0, err: '' });
    expect(revealed.out).toContain(CANARY);
    expect(hasTricks(revealed.out)).toBe(false);
    const json = await runCommand([...show, '--key-file', keyFile, '--format', 'json'], { stdoutIsTerminal: true });
    expect(hasTricks(json.out)).toBe(false);
    expect(JSON.parse(json.out)).toHaveProperty('content.content');
  });

  it('releases once, into a file for its owner only, after the record of it', async () => {
    const output = join(folder.path, `answer-${folders}.json`);
    const released = await runCommand(release('-k', keyFile, '-o', output));
    expect(released).toMatchObject({ code: 0, err: '' });
    expect(released.out).not.toContain(CANARY);
    expect(readFileSync(output, 'utf8')).toContain(CANARY);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    const records = [];
    for await (const record of readLedger(ledger)) if (record.kind === 'lifecycle') records.push(record);
    expect(records).toContainEqual(
      expect.objectContaining({
        event: 'quarantine',
        detail: expect.objectContaining({ action: 'released', id, by: 'ada', reason: 'T-4711' }) as unknown,
      }),
    );
    expect(JSON.stringify(records)).not.toContain(CANARY);
    const again = await runCommand(release('-k', keyFile));
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('was released before');
    expect((await runCommand(['quarantine', 'list', directory])).out).toContain('released');
  });

  it('prints what it releases where no file is named', async () => {
    const released = await runCommand(release('-k', keyFile), { stdoutIsTerminal: true });
    expect(released.code).toBe(0);
    expect(hasTricks(released.out)).toBe(false);
    expect(JSON.stringify(JSON.parse(released.out))).toContain(CANARY);
  });

  it.each([
    ['a person', ['--by']],
    ['a reason', ['--reason']],
    ['a ledger', ['--ledger']],
  ])('releases nothing without %s', async (_, [left = '']) => {
    const args = release('-k', keyFile);
    const at = args.indexOf(left);
    const ran = await runCommand(args.toSpliced(at, 2));
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(left);
    expect((await runCommand(['quarantine', 'list', directory, '--held'])).out).toContain(id);
  });

  it('releases nothing that cannot be recorded, or written where it should go', async () => {
    const taken = folder.write(`taken-${folders}`, 'x');
    expect(await runCommand(release('-k', keyFile, '-o', taken))).toMatchObject({ code: 2, out: '' });
    ledger = taken;
    const output = join(folder.path, `none-${folders}.json`);
    expect(await runCommand(release('-k', keyFile, '-o', output))).toMatchObject({ code: 2, out: '' });
    expect(readdirSync(folder.path)).not.toContain(`none-${folders}.json`);
    expect((await runCommand(['quarantine', 'list', directory, '--held'])).out).toContain(id);
  });

  it('purges what is old enough, or everything', async () => {
    const purge = ['quarantine', 'purge', directory];
    expect((await runCommand(purge)).code).toBe(2);
    expect((await runCommand([...purge, '--older-than', '1y'])).code).toBe(2);
    expect((await runCommand([...purge, '--older-than', '1d'])).out).toBe('0 items removed\n');
    expect((await runCommand([...purge, '--all', '--ledger', ledger, '--format', 'json'])).out).toBe('{"purged":1}\n');
    expect(readdirSync(directory)).toStrictEqual([]);
    const details = [];
    for await (const record of readLedger(ledger))
      if (record.kind === 'lifecycle' && record.event === 'quarantine') details.push(record.detail);
    expect(details).toStrictEqual([{ action: 'purged', items: 1, ids: [id] }]);
  });

  it('says so when there is no such item, no such directory, or a file with its name already', async () => {
    const none = `qtn_${'0'.repeat(26)}`;
    expect((await runCommand(['quarantine', 'show', directory, none])).code).toBe(2);
    expect((await runCommand(['quarantine', 'list', join(folder.path, 'nowhere')])).code).toBe(2);
    expect((await runCommand(['quarantine', 'keygen', keyFile])).code).toBe(2);
  });

  it('makes keys that gates take, and prints none', async () => {
    const path = join(folder.path, `made-${folders}.key`);
    const made = await runCommand(['quarantine', 'keygen', path]);
    const [line = ''] = readFileSync(path, 'utf8').split('\n').slice(1);
    expect(line).toMatch(/^callgate-quarantine-key-/u);
    expect(made.out).not.toContain(line);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const policy = parsePolicy('callgate: 1\nname: t\nversion: "1"\nservers: {}');
    await (await createGate({ policy, quarantine: { key: line } })).close();
  });
});
