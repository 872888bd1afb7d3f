import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createGate,
  decide,
  digestDecision,
  generateTraceKey,
  openTrace,
  parsePolicy,
  type Call,
  type TracedCall,
  type TraceRecord,
  type TraceSink,
} from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

import { govern, POLICY, settled, type GovernSetup } from './support.ts';

const KEYS = generateTraceKey();
const CANARY = 'canary-9d41e0';
const folder = await mkdtemp(join(tmpdir(), 'callgate-trace-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `${files}.cgtrace`);
};

async function recordsOf(file: string): Promise<TraceRecord[]> {
  const reader = await openTrace(file, { key: KEYS.secretKey });
  const records: TraceRecord[] = [];
  for await (const record of reader) records.push(record);
  expect(reader.ending).toEqual({ kind: 'complete' });
  return records;
}

/** Governs with a trace in a file, does something, and reads the trace. */
async function traced(
  setup: GovernSetup,
  body: (governed: Awaited<ReturnType<typeof govern>>) => Promise<void>,
  options: { readonly results?: boolean } = {},
): Promise<{ readonly file: string; readonly records: readonly TraceRecord[]; readonly calls: readonly TracedCall[] }> {
  const file = newFile();
  const governed = await govern({
    ...setup,
    gate: { ...setup.gate, trace: { file, key: KEYS.publicKey, ...options } },
  });
  await body(governed);
  await governed.gate.close();
  const records = await recordsOf(file);
  return { file, records, calls: records.filter((record) => record.kind === 'call') };
}

const outcomesOf = (records: readonly TraceRecord[]): TraceRecord[] =>
  records.filter((record) => record.kind === 'outcome');

describe('a gate with a trace', () => {
  it('traces calls as they were decided on, and answers as the client got them', async () => {
    const { records, calls } = await traced(
      { server: { handlers: { 'tools/call': () => ({ content: [], _meta: { 'callgate/decision': 1, other: 2 } }) } } },
      async ({ call }) => {
        await call('lookup', { region: 'us-east' });
        await call('lookup', { region: '*' });
      },
    );
    expect(records[0]).toMatchObject({ kind: 'begin', policy: { name: 'test', version: '1' } });
    expect(calls).toMatchObject([
      {
        server: 'inventory',
        run: 'run-1',
        principal: { user: 'u-1' },
        method: 'tools/call',
        params: { name: 'lookup', arguments: { region: 'us-east' } },
        decision: { effect: 'allow', code: 'allowed' },
        verdict: { effect: 'allow', code: 'allowed' },
      },
      {
        params: { name: 'lookup', arguments: { region: '*' } },
        decision: { effect: 'deny', code: 'arguments.envelope' },
      },
    ]);
    expect(outcomesOf(records)).toMatchObject([
      { request: calls[0]?.request, outcome: 'ok', answer: { result: { content: [], _meta: { other: 2 } } } },
    ]);
    expect(JSON.stringify(records)).not.toContain('callgate/decision');
    expect(records.at(-1)).toMatchObject({ kind: 'end', calls: 2, outcomes: 1, dropped: 0 });
  });

  it('keeps the file to its owner, and no argument, result or name in the clear', async () => {
    const { file, records } = await traced(
      { server: { handlers: { 'tools/call': () => ({ content: [{ type: 'text', text: `r-${CANARY}` }] }) } } },
      async ({ call }) => {
        await call('open', { secret: `a-${CANARY}` });
        await call(`tool-${CANARY}`, {});
      },
    );
    expect(JSON.stringify(records)).toContain(`a-${CANARY}`);
    expect(JSON.stringify(records)).toContain(`r-${CANARY}`);
    const bytes = await readFile(file);
    for (const text of [CANARY, 'inventory', 'tools/call', 'u-1', KEYS.secretKey])
      expect(bytes.includes(text)).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('leaves answers out where the host says so', async () => {
    const { records } = await traced({}, async ({ call }) => void (await call('open')), { results: false });
    expect(outcomesOf(records)).toMatchObject([{ outcome: 'ok', answer: null, omitted: 'option' }]);
  });

  it('traces what a server asks as it asked, with what came of it', async () => {
    const { calls } = await traced({}, async ({ server }) => {
      server.emit({ jsonrpc: '2.0', id: 7, method: 'sampling/createMessage', params: { messages: [], maxTokens: 5 } });
      server.emit({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } });
      await settled();
    });
    expect(calls).toMatchObject([
      { direction: 'server-to-client', message: 'request', method: 'sampling/createMessage', params: { maxTokens: 5 } },
      { direction: 'server-to-client', message: 'notification', method: 'notifications/message' },
    ]);
  });

  it('traces what an interceptor refused with what policy said of it', async () => {
    const { calls } = await traced(
      {
        gate: {
          interceptors: [
            {
              name: 'no',
              type: 'validation',
              hooks: [{ events: ['tools/call'], phase: 'request' }],
              intercept: () => ({ valid: false }),
            },
          ],
        },
      },
      async ({ call }) => void (await call('open')),
    );
    expect(calls).toMatchObject([
      { decision: { effect: 'allow', code: 'allowed' }, verdict: { effect: 'deny', code: 'interceptor.refused' } },
    ]);
  });

  it('holds what decides each call again to the same decision, to the last detail [replay]', async () => {
    const { calls } = await traced({}, async ({ call, request }) => {
      await call('lookup', { region: 'us-east', limit: 3 });
      await call('lookup', { region: 'mars', limit: 1e9, more: [] });
      await call('adjust', { delta: 3 });
      await call('nothing');
      await request('resources/read', { uri: 'docs://a' });
      await request('resources/read', { uri: 'file:///etc/passwd' });
    });
    expect(calls.length).toBeGreaterThan(5);
    // Another file, as another checkout of the policy would be.
    const policy = parsePolicy(POLICY, { file: 'elsewhere.yaml' });
    for (const traceCall of calls) {
      const { server, direction, method, principal, identity, run, at } = traceCall;
      const call: Call = {
        server,
        direction,
        method,
        principal,
        params: traceCall.params ?? {},
        ...(identity === null ? {} : { identity }),
        ...(run === null ? {} : { run }),
      };
      expect(digestDecision(decide(policy, call, { now: at }))).toBe(traceCall.decision?.digest);
    }
  });

  it('makes each gate a file of its own in a folder, and takes no other trace’s place', async () => {
    const directory = await mkdtemp(join(folder, 'many-'));
    const options = { policy: parsePolicy(POLICY), trace: { file: directory, key: KEYS.publicKey } };
    for (let run = 0; run < 2; run += 1) await (await createGate(options)).close();
    const names = await readdir(directory);
    expect(names).toHaveLength(2);
    const file = join(directory, names[0] as string);
    await expect(createGate({ ...options, trace: { ...options.trace, file } })).rejects.toMatchObject({
      code: 'CALLGATE_TRACE_UNWRITABLE',
    });
    await expect(recordsOf(file)).resolves.toMatchObject([{ kind: 'begin' }, { kind: 'end' }]);
  });

  it('says which policy decides from where on', async () => {
    const { records } = await traced({}, async ({ gate, call }) => {
      await call('open');
      const next = POLICY.replace('version: "1"', 'version: "2"').replace('      open: { ring: 0 }\n', '');
      expect(gate.reload(parsePolicy(next, { file: 'next.yaml' })).applied).toBe(true);
      await call('open');
    });
    const told = records.flatMap((record) => {
      if (record.kind === 'begin') return [record.policy.version];
      return record.kind === 'call' ? [record.decision?.effect] : [];
    });
    expect(told).toEqual(['1', 'allow', '2', 'deny']);
  });

  it('can be read while it is written', async () => {
    const file = newFile();
    const { gate, call } = await govern({ gate: { trace: { file, key: KEYS.publicKey } } });
    await call('open', { n: 1 });
    await gate.flush();
    const reader = await openTrace(file, { key: KEYS.secretKey });
    const kinds: string[] = [];
    for await (const record of reader) kinds.push(record.kind);
    expect(kinds).toEqual(['begin', 'call', 'outcome']);
    expect(reader.ending).toEqual({ kind: 'cut', tornBytes: 0 });
    await gate.close();
  });
});

describe('a trace that cannot be kept', () => {
  function sinkThat(write: TraceSink['write']): TraceSink {
    return { write, close: async () => undefined };
  }

  it('never delays, denies or fails a call, and is an event', async () => {
    const events: unknown[] = [];
    const failing: readonly TraceSink['write'][] = [
      () => Promise.reject(new Error('ENOSPC')),
      () => {
        throw new Error('sync');
      },
      () => new Promise<void>(() => undefined),
    ];
    for (const write of failing) {
      const { gate, call } = await govern({ gate: { trace: { sink: sinkThat(write), key: KEYS.publicKey } } });
      gate.on('trace-ended', ({ reason }) => events.push(reason));
      const first = await call('open');
      await settled();
      const second = await call('adjust', { delta: 1 });
      for (const answer of [first, second]) expect(JSON.stringify(answer.result)).toContain('called');
    }
    expect(events).toEqual(['failed', 'failed']);
  });

  it('ends at its bound, and calls go on untraced', async () => {
    const file = newFile();
    const { gate, call } = await govern({ gate: { trace: { file, key: KEYS.publicKey, maxBytes: 64 * 1024 } } });
    const events: unknown[] = [];
    gate.on('trace-ended', (event) => events.push(event));
    for (let index = 0; index < 100; index += 1) await call('open', { text: 'x'.repeat(1_000) });
    await settled();
    expect(events).toEqual([{ reason: 'full' }]);
    expect(gate.trace).toMatchObject({ state: 'ended' });
    expect(gate.trace?.dropped).toBeGreaterThan(50);
    await gate.close();
    expect((await stat(file)).size).toBeLessThanOrEqual(64 * 1024);
    expect((await recordsOf(file)).at(-2)).toMatchObject({ kind: 'gap', reason: 'full' });
  });

  it.each([
    [{ key: KEYS.publicKey }, 'expected `file` or `sink`'],
    [{ file: 'a', key: 7 }, 'trace.key'],
    [{ file: 'a', key: KEYS.publicKey, maxBytes: 10 }, 'trace.maxBytes'],
    [{ file: 'a', key: KEYS.publicKey, results: 'yes' }, 'trace.results'],
    [{ file: 'a', key: KEYS.publicKey, compress: true }, 'expected only'],
    [{ sink: {}, key: KEYS.publicKey }, 'trace.sink'],
    [{ file: '/no/such/folder/x', key: KEYS.publicKey }, 'ENOENT'],
    [{ file: 'a', key: 'callgate-trace-public-AAAA' }, 'trace key'],
  ])('is refused when the gate is made: %j', async (trace, message) => {
    await expect(createGate({ policy: parsePolicy(POLICY), trace: trace as never })).rejects.toThrow(message);
  });
});
