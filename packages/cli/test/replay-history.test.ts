import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { clonePlain, ManualClock } from '@callgate/canonical';
import { createGate, generateTraceKey, loadPolicy } from 'callgate';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { MAX_OPEN_REQUESTS } from '../src/input/open-requests.ts';
import { PolicyReplay } from '../src/replay/policy-replay.ts';
import { readLoggedCall } from '../src/replay/replay-call.ts';
import { createFolder, runCommand, type Ran } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

const SERVERS = `servers:
  crm:
    trust: internal
    tools:
      customer.get: { ring: 1, arguments: { id: { type: string, maxLength: 20 } }, labels: [private], cost: 2 }
      customer.mask: { ring: 1, arguments: {}, declassifies: [private] }
  web:
    trust: external
    tools:
      page.fetch: { ring: 1, arguments: { url: { type: string, maxLength: 200 } } }
  mail:
    trust: internal
    tools:
      mail.send: { ring: 1, arguments: { to: { type: string }, text: { type: string, optional: true } }, sink: external }
`;
const head = (name: string): string => `callgate: 1\nname: ${name}\nversion: "1"\n`;
const CONTROLS = `meters:
  - { id: enumeration, match: { tool: customer.get }, count: distinct arguments.id, per: [run], within: 1h, max: 3, then: deny }
  - { id: budget, sum: cost, per: [run], soft: 5, max: 50, then: deny }
  - { id: answers, sum: bytes, per: [run], max: 100000, then: deny }
breakers:
  - { id: spiral, on: identical failure, per: [run, tool, arguments], after: 3, open: 5m }
  - { id: stubborn, on: denial, per: [run, tool, arguments], after: 3, open: 5m }
  - { id: stuck, on: same result, per: [run, tool], after: 5, open: 5m }
flows:
  - { id: trifecta, seen: [private, untrusted], sink: external, then: deny }
`;
const plain = folder.write('plain.yaml', `${head('plain')}${SERVERS}`);
const guarded = folder.write('guarded.yaml', `${head('guarded')}${SERVERS}${CONTROLS}`);

const START = Date.parse('2026-11-20T10:00:00Z');
const AT = (seconds: number): { at: number } => ({ at: START + seconds * 1_000 });
const get = (run: string, id: string, more: object = {}): object => ({
  run,
  server: 'crm',
  tool: 'customer.get',
  arguments: { id },
  result: { content: [{ type: 'text', text: `customer ${id}` }] },
  ...more,
});
const fetch = (run: string, more: object = {}): object => ({
  run,
  server: 'web',
  tool: 'page.fetch',
  arguments: { url: 'https://web.example/' },
  result: 'a page',
  ...more,
});
const send = (run: string, more: object = {}): object => ({
  run,
  server: 'mail',
  tool: 'mail.send',
  arguments: { to: 'a@b.example' },
  result: 'sent',
  ...more,
});
/** Each a second after the one before. */
const inTime = (calls: readonly object[]): readonly object[] => calls.map((call, index) => ({ ...AT(index), ...call }));
let logs = 0;
function log(calls: readonly object[]): string {
  logs += 1;
  return folder.write(
    `log-${logs}.jsonl`,
    inTime(calls)
      .map((call) => `${JSON.stringify(call)}\n`)
      .join(''),
  );
}

interface Line {
  readonly effect: string;
  readonly code: string;
  readonly run: string;
  readonly change: string | null;
}

async function decided(file: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCommand(['replay', '-p', guarded, '--format', 'jsonl', ...args, file]);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return lines.map(({ effect, code }) => (effect === 'allow' ? 'allow' : code));
}

async function report(...args: readonly string[]): Promise<Ran & { readonly json: Record<string, unknown> }> {
  const ran = await runCommand(['replay', '--format', 'json', ...args]);
  return { ...ran, json: JSON.parse(ran.out) as Record<string, unknown> };
}

describe('callgate replay of whole runs', () => {
  it('joins labels from recorded results, and stops the call that would carry them out', async () => {
    expect(await decided(log([get('a', '1'), fetch('a'), send('a')]))).toEqual(['allow', 'allow', 'flow.blocked']);
    expect(await decided(log([get('a', '1'), send('a'), fetch('b'), send('b')]))).toEqual(Array(4).fill('allow'));
  });

  it('looks into what a call sends as a gate does, and takes the labels that it carries', async () => {
    const code = 'the code of the safe is 4711-0815, tell nobody of it';
    const hidden = { arguments: { to: 'a@b.example', text: Buffer.from(code).toString('base64') } };
    const carried = folder.write(
      'carried.yaml',
      `${head('carried')}${SERVERS}${CONTROLS.replace('sink: external, then: deny', 'sink: external, then: hold, carried: deny')}`,
    );
    const effects = async (calls: readonly object[]): Promise<readonly string[]> => {
      const { out } = await runCommand(['replay', '-p', carried, '--format', 'jsonl', log(calls)]);
      return out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Line).effect);
    };
    const seen = [get('a', '1', { result: { content: [{ type: 'text', text: code }] } }), fetch('a')];
    expect(await effects([...seen, send('a'), send('a', hidden)])).toEqual(['allow', 'allow', 'hold', 'deny']);
    expect(await effects([fetch('b'), send('b', { carries: ['private'] })])).toEqual(['allow', 'deny']);
  });

  it('leaves out the result of a call that is stopped: it would not have happened', async () => {
    const long = 'x'.repeat(300);
    const calls = [get('a', '1'), fetch('a', { arguments: { url: long } }), send('a'), fetch('a'), send('a')];
    const file = log(calls);
    expect(await decided(file)).toEqual(['allow', 'arguments.envelope', 'allow', 'allow', 'flow.blocked']);
    const { json } = await report('-p', guarded, '--against', plain, file);
    expect(json).toMatchObject({ leftOut: 2, runs: { count: 1, stopped: 1, stoppedRuns: ['a'], untold: 0 } });
    const { out } = await runCommand(['replay', '-p', guarded, file]);
    expect(out).toContain('1 of 1 run had a call stopped; 2 recorded results left out, of calls that are stopped');
  });

  it('takes a call that did not go ahead then, and does now, to succeed with a result that nobody knows', async () => {
    const denied = { decision: { effect: 'deny', code: 'x' }, outcome: 'denied', result: { isError: true } };
    const calls = [...Array.from({ length: 4 }, () => fetch('a', denied)), get('a', '1'), send('a')];
    // no failure of four trips the breaker; the page may have been anything, so that its labels are in the run
    expect(await decided(log(calls))).toEqual([...Array<string>(5).fill('allow'), 'flow.blocked']);
  });

  it('counts failures that the log has, and lets time pass', async () => {
    const failed = { result: { isError: true, content: [] } };
    const spiral = Array.from({ length: 5 }, () => fetch('a', failed));
    const late = fetch('a', AT(400));
    expect(await decided(log([...spiral, late]))).toEqual([
      'allow',
      'allow',
      'allow',
      'breaker.open',
      'breaker.open',
      'allow',
    ]);
    const error = { result: undefined, error: { code: -32000, message: 'gone' } };
    expect(await decided(log(Array.from({ length: 4 }, () => fetch('b', error))))).toContain('breaker.open');
    const outcomes = ['timeout', 'timeout', 'timeout', 'timeout'];
    expect(await decided(log(outcomes.map((outcome) => fetch('c', { outcome }))))).toContain('breaker.open');
  });

  it('charges the runs around a run', async () => {
    const inner = (run: string, id: string): object => get(run, id, { parents: ['outer'] });
    const file = log([inner('a', '1'), inner('b', '2'), inner('a', '3'), inner('c', '4'), get('other', '5')]);
    expect(await decided(file)).toEqual(['allow', 'allow', 'allow', 'meter.exceeded', 'allow']);
  });

  it('keeps one history for each policy', async () => {
    const wider = folder.write('wider.yaml', `${head('wider')}${SERVERS}${CONTROLS.replace('max: 3', 'max: 4')}`);
    const file = log([get('a', '1'), get('a', '2'), get('a', '3'), get('a', '4'), get('a', '5'), get('b', '1')]);
    const { json, code } = await report('-p', wider, '--against', guarded, file);
    expect(json['changes']).toMatchObject({ 'deny-allow': 1, 'allow-deny': 0 });
    expect(json['effects']).toEqual({ allow: 5, deny: 1, hold: 0 });
    expect(json['runs']).toMatchObject({ count: 2, stopped: 1 });
    expect(code).toBe(4);
  });

  it('enforces in its history what it compares as enforced', async () => {
    const observed = folder.write('observed.yaml', `${head('o')}stage: observe\n${SERVERS}${CONTROLS}`);
    const file = log([get('a', '1'), fetch('a', { arguments: { url: 'x'.repeat(300) } }), send('a')]);
    const lines = async (...args: readonly string[]): Promise<unknown> =>
      (await report('-p', observed, '--against', plain, ...args, file)).json['changes'];
    expect(await lines('--as-enforced')).toMatchObject({ 'allow-deny': 0 });
    expect((await report('-p', observed, '--as-enforced', file)).json['runs']).toMatchObject({ stopped: 1 });
    expect((await report('-p', observed, file)).json['runs']).toMatchObject({ stopped: 0 });
  });

  it('knows the environment that it is told', async () => {
    const policy = folder.write(
      'environment.yaml',
      `${head('e')}${SERVERS}meters:\n  - { id: few, count: calls, per: [environment], within: 1h, max: 1, then: deny }\n`,
    );
    const effects = async (...args: readonly string[]): Promise<unknown> =>
      (await report('-p', policy, ...args, log([get('a', '1'), get('a', '2')]))).json['effects'];
    expect(await effects()).toEqual({ allow: 0, deny: 2, hold: 0 });
    expect(await effects('--environment', 'production')).toEqual({ allow: 1, deny: 1, hold: 0 });
  });

  it('takes no line whose end it cannot read', async () => {
    const wrong = [
      { outcome: 'fine' },
      { durationMs: -1 },
      { code: 1 },
      { response: {} },
      { found: 'x' },
      { endedAt: 'x' },
    ];
    const { json } = await report('-p', guarded, log(wrong.map((more) => get('a', '1', more))));
    expect(json['malformed']).toMatchObject({ count: wrong.length });
  });
});

describe('callgate replay --timeline', () => {
  const calls = [
    get('outer', '1', { id: 'call-1' }),
    fetch('inner', { parents: ['outer'], id: 'call-2' }),
    get('other', '1'),
    send('outer', { id: 'call-3' }),
  ];

  it('shows the decisions of one run and of those inside it, in order', async () => {
    const file = log(calls);
    const { out, code } = await runCommand([
      'replay',
      '-p',
      guarded,
      '--against',
      plain,
      '--timeline',
      '--run',
      'outer',
      file,
    ]);
    expect(code).toBe(1);
    const lines = out.split('\n');
    const start = lines.indexOf('run outer');
    const shown = lines.slice(start, start + 8).map((line) => line.replaceAll(`${folder.path}/`, ''));
    expect(shown.map((line) => line.replaceAll(/ {3,}/gu, '  '))).toEqual([
      'run outer',
      'place  time  tool  server  before  now  change  rule  outcome',
      '  1  2026-11-20 10:00:00.000Z  customer.get  crm  ALLOW  ALLOW  guarded.yaml:8  ok',
      '  run inner',
      '  2  2026-11-20 10:00:01.000Z  page.fetch  web  ALLOW  ALLOW  guarded.yaml:13  ok',
      'run outer',
      '  4  2026-11-20 10:00:03.000Z  mail.send  mail  ALLOW  DENY flow.blocked  ALLOW→DENY  trifecta (guarded.yaml:27)  left out: ok',
      '  4: the run has seen `private` and `untrusted`, and this call sends to `external`',
    ]);
    expect(out).toContain('1 of 3 runs had a call stopped');
  });

  it('says when the log has no call of the run', async () => {
    const { out } = await runCommand(['replay', '-p', guarded, '--timeline', '--run', 'none', log(calls)]);
    expect(out).toContain('no call of run none\n');
  });

  it('goes with a run, and is for people', async () => {
    const file = log(calls);
    for (const args of [['--timeline'], ['--run', 'a'], ['--timeline', '--run', 'a', '--format', 'json']])
      expect((await runCommand(['replay', '-p', guarded, ...args, file])).code).toBe(2);
  });
});

describe('the bounds of a replay with history', () => {
  it('follows so many calls under way, and takes the oldest to have an unknown end beyond', async () => {
    const policy = await loadPolicy(
      folder.write(
        'open.yaml',
        `${head('open')}${SERVERS}meters:\n  - { id: open, count: open, per: [server], max: ${MAX_OPEN_REQUESTS + 1}, then: deny }\n`,
      ),
    );
    const replay = new PolicyReplay(policy, { environment: undefined, asEnforced: false });
    const logged = readLoggedCall(clonePlain(get('a', '1')), policy);
    const call = { ...logged, end: 'later' } as const;
    const codes = new Set<string>();
    for (let index = 0; index < MAX_OPEN_REQUESTS + 10; index += 1)
      codes.add(replay.decide(call, `q${index}`, START).decision.code);
    // The place of each that is forgotten comes free, so that the cap is never reached.
    expect([...codes]).toEqual(['allowed']);
  });
});

const KEYS = generateTraceKey();
const key = folder.write('trace.key', KEYS.secretKey);
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** One step of an agent: a call, how long it takes, and what comes of it. */
interface Step {
  readonly call: { readonly server: string; readonly name: string; readonly arguments: object };
  readonly run: string;
  readonly waitMs: number;
  readonly answer: 'result' | 'failure' | 'error' | 'none';
  /** Whether the next call is made before this one is answered. */
  readonly isSlow: boolean;
}

/** Runs the steps through a gate that traces, against servers that answer as told. */
async function govern(file: string, steps: readonly Step[], ledger?: string): Promise<void> {
  const clock = new ManualClock(START);
  const gate = await createGate({
    policy: await loadPolicy(guarded),
    trace: { file, key: KEYS.publicKey },
    clock,
    drainMs: 0,
    ...(ledger === undefined ? {} : { ledger }),
  });
  const later: (() => void)[] = [];
  let step: Step | undefined;
  const transports = new Map<string, ReturnType<typeof gate.wrap>>();
  for (const server of ['crm', 'web', 'mail']) {
    const inner: { onmessage?: (message: unknown) => void } & Record<string, unknown> = {
      start: async () => undefined,
      close: async () => undefined,
      send: async (message: unknown) => {
        const { id } = message as { readonly id: number };
        const { answer = 'none', isSlow = false } = step ?? {};
        const reply = (): void => {
          if (answer === 'error') inner.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32000, message: 'gone' } });
          if (answer === 'result' || answer === 'failure')
            inner.onmessage?.({
              jsonrpc: '2.0',
              id,
              result: { content: [{ type: 'text', text: `answer ${server}` }], isError: answer === 'failure' },
            });
        };
        if (isSlow) later.push(reply);
        else reply();
      },
    };
    const transport = gate.wrap(inner as never, { server });
    transport.onmessage = () => undefined;
    await transport.start();
    transports.set(server, transport);
  }
  for (const [id, next] of steps.entries()) {
    step = next;
    clock.advance(next.waitMs);
    const { server, ...params } = next.call;
    const message = { jsonrpc: '2.0', id, method: 'tools/call', params } as const;
    await gate.as({ user: 'u' }, { run: next.run }, async () => transports.get(server)?.send(message as never));
    if (!next.isSlow) for (const reply of later.splice(0)) reply();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const reply of later) reply();
  await gate.close();
}

/** Replays in a process of its own, and gives the digest of all that it prints. */
function replayElsewhere(file: string, env: Readonly<Record<string, string>>): string {
  const args = ['--conditions=@callgate/source', MAIN];
  const command = ['replay', '-p', guarded, '--exact', '--format', 'jsonl', '--key-file', key, file];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, ...command], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect(stderr).toContain('; 0 flips');
  expect(status).toBe(0);
  return createHash('sha256').update(stdout).digest('hex');
}

describe('replay of a governed run', () => {
  const step = fc.record({
    call: fc.oneof(
      fc.record({
        server: fc.constant('crm'),
        name: fc.constant('customer.get'),
        arguments: fc.record({ id: fc.constantFrom('1', '2', '3', '4', '5', 7) }),
      }),
      fc.constant({ server: 'crm', name: 'customer.mask', arguments: {} }),
      fc.constant({ server: 'web', name: 'page.fetch', arguments: { url: 'https://web.example/' } }),
      fc.record({
        server: fc.constant('mail'),
        name: fc.constant('mail.send'),
        arguments: fc.record({ to: fc.constantFrom('a@b.example', 'c@d.example') }),
      }),
    ),
    run: fc.constantFrom('one', 'two'),
    waitMs: fc.constantFrom(0, 1, 1_000, 60_000, 400_000),
    answer: fc.constantFrom('result' as const, 'failure' as const, 'error' as const, 'none' as const),
    isSlow: fc.boolean(),
  });

  it('[replay.runs] gives every decision to the last detail, with what history refused', async () => {
    let runs = 0;
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        runs += 1;
        const file = `${folder.path}/governed-${runs}.cgtrace`;
        await govern(file, steps);
        const { out, err } = await runCommand([
          'replay',
          '-p',
          guarded,
          '--exact',
          '--format',
          'jsonl',
          '--key-file',
          key,
          file,
        ]);
        const lines = out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Line);
        expect(lines.filter(({ change }) => change !== null)).toEqual([]);
        expect(lines).toHaveLength(steps.length);
        expect(err).toContain('; 0 flips');
        for (const { code } of lines) codes.add(code);
      }),
      { numRuns: 20 },
    );
    // what the test is about did happen
    for (const code of ['flow.blocked', 'breaker.open', 'meter.exceeded']) expect(codes).toContain(code);
  });

  it('[replay.processes] is byte-identical in two processes, under other clocks and languages', async () => {
    const file = `${folder.path}/twice.cgtrace`;
    await govern(file, fc.sample(fc.array(step, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 7 })[0] ?? []);
    const here = replayElsewhere(file, { TZ: 'UTC', LANG: 'C' });
    const there = replayElsewhere(file, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    expect(there).toBe(here);
  });

  it('shows in the ledger as a run: what it cost and brought, and the breaker that opened', async () => {
    const ledger = `${folder.path}/ledger`;
    const base = { run: 'one', waitMs: 1_000, isSlow: false } as const;
    const look = { ...base, call: { server: 'crm', name: 'customer.get', arguments: { id: '1' } } };
    const page = { ...base, call: { server: 'web', name: 'page.fetch', arguments: { url: 'https://web.example/' } } };
    const failing = Array.from({ length: 3 }, () => ({ ...page, answer: 'failure' as const }));
    await govern(`${folder.path}/shown.cgtrace`, [{ ...look, answer: 'result' }, ...failing], ledger);
    const { out } = await runCommand(['run', 'show', 'one', ledger]);
    expect(out.split('\n').map((line) => line.replaceAll(/ {2,}/gu, '  ').replace(/ [\d.,]+ ms/u, ''))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/customer\.get {2}crm {2}ALLOW.* {2}2 {2}private$/u),
        expect.stringMatching(/page\.fetch {2}web {2}ALLOW.* {2}untrusted$/u),
        expect.stringContaining('history breaker-opened: control spiral'),
      ]),
    );
    const { out: costs } = await runCommand(['cost', ledger, '--by', 'run', '--format', 'csv']);
    expect(costs).toBe('run,calls,stated,cost\r\n"one",4,1,2\r\n');
  });
});
