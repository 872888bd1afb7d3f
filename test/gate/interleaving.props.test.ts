import { ManualClock, clonePlain, digestJson } from '@callgate/canonical';
import { createFakeServer, type FakeMessage } from '@callgate/testing';
import { createGate, createMemorySink, openLedger, parsePolicy, type AuditRecord } from 'callgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { POLICY } from './support.ts';

/** One step of a run: the client, the server or the world does something. */
type Step =
  | { readonly do: 'call'; readonly id: number; readonly tool: string; readonly valid: boolean }
  | { readonly do: 'list'; readonly id: number; readonly cursor: boolean }
  | { readonly do: 'cancel'; readonly id: number }
  | { readonly do: 'answer'; readonly id: number | string; readonly kind: 'result' | 'error' | 'tools' | 'hollow' }
  | { readonly do: 'server-request'; readonly id: number; readonly method: string }
  | { readonly do: 'reply'; readonly id: number }
  | { readonly do: 'notify'; readonly method: string }
  | { readonly do: 'garbage' }
  | { readonly do: 'wait' }
  | { readonly do: 'disconnect' };

const ids = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      id: ids,
      tool: fc.constantFrom('lookup', 'adjust', 'remove', 'open', 'other'),
      valid: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), id: ids, cursor: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), id: ids }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      id: fc.oneof(ids, fc.constantFrom('1', '2', ' 1.0 ')),
      kind: fc.constantFrom('result', 'error', 'tools', 'hollow'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('server-request' as const),
      id: ids,
      method: fc.constantFrom('ping', 'sampling/createMessage', 'roots/list'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reply' as const), id: ids }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('notify' as const),
      method: fc.constantFrom('notifications/tools/list_changed', 'notifications/progress', 'x/y'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garbage' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const) }) },
);

const policy = parsePolicy(POLICY, { file: 'test.yaml' });

interface Run {
  readonly received: readonly FakeMessage[];
  readonly delivered: readonly FakeMessage[];
  readonly records: readonly AuditRecord[];
}

async function play(steps: readonly Step[], slow: boolean): Promise<Run> {
  const sink = createMemorySink();
  const ledger = await openLedger({ sink, clock: new ManualClock(0), id: 'run' });
  const gate = await createGate({
    policy,
    ledger,
    drainMs: 0,
    interceptors: slow
      ? [
          {
            name: 'slow',
            type: 'validation',
            hooks: [{ events: ['tools/call'], phase: 'request' }],
            intercept: () => Promise.resolve({ valid: true }),
          },
        ]
      : [],
  });
  const server = createFakeServer();
  for (const method of ['tools/call', 'tools/list']) server.handle(method, () => undefined);
  const transport = gate.wrap(server.transport, { server: 'inventory', principal: { user: 'u' } });
  const delivered: FakeMessage[] = [];
  transport.onmessage = (message: FakeMessage) => delivered.push(message);
  await transport.start();
  for (const next of steps) await perform(next, server, transport);
  await nextTick();
  await gate.close();
  await ledger.close();
  return { received: server.received, delivered, records: sink.records() };
}

async function perform(
  next: Step,
  server: ReturnType<typeof createFakeServer>,
  transport: { send(message: unknown): Promise<void> },
): Promise<void> {
  const send = (message: object): void => {
    transport.send({ jsonrpc: '2.0', ...message }).catch(() => undefined);
  };
  switch (next.do) {
    case 'call':
      return send({
        id: next.id,
        method: 'tools/call',
        params: { name: next.tool, arguments: argumentsFor(next.tool, next.valid) },
      });
    case 'list':
      return send({ id: next.id, method: 'tools/list', params: next.cursor ? { cursor: 'c' } : {} });
    case 'cancel':
      return send({ method: 'notifications/cancelled', params: { requestId: next.id } });
    case 'answer':
      return server.emit({ jsonrpc: '2.0', id: next.id, ...ANSWERS[next.kind] });
    case 'server-request':
      return server.emit({ jsonrpc: '2.0', id: next.id, method: next.method, params: {} });
    case 'reply':
      return send({ id: next.id, result: {} });
    case 'notify':
      return server.emit({ jsonrpc: '2.0', method: next.method, params: { progressToken: 1 } });
    case 'garbage':
      return server.emit({ nonsense: true });
    case 'wait':
      return nextTick();
    case 'disconnect':
      return server.disconnect();
  }
}

function argumentsFor(tool: string, valid: boolean): object {
  if (tool === 'lookup') return { region: valid ? 'us-east' : '*' };
  return tool === 'adjust' ? { delta: valid ? 1 : 11 } : {};
}

const ANSWERS = {
  result: { result: { content: [] } },
  error: { error: { code: 1, message: 'no' } },
  tools: { result: { tools: [{ name: 'open', description: 'a', inputSchema: {} }], nextCursor: 'c' } },
  hollow: { result: {} },
};

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('random interleavings of client, server and world', () => {
  it('the server never receives a request without an allow record of exactly its params [bypass.interleaving]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.boolean(), async (steps, slow) => {
        const { received, delivered, records } = await play(steps, slow);
        const allowed = new Map<string, number>();
        for (const record of records) {
          if (record.kind !== 'decision' || record.effect !== 'allow' || record.direction !== 'client-to-server')
            continue;
          const key = `${record.method} ${record.params}`;
          allowed.set(key, (allowed.get(key) ?? 0) + 1);
        }
        for (const message of received) {
          if (message.method === undefined) continue;
          const key = `${message.method} ${digestJson(clonePlain(message.params ?? {}))}`;
          const left = allowed.get(key) ?? 0;
          expect(left, `an allow record for ${key}`).toBeGreaterThan(0);
          allowed.set(key, left - 1);
        }
        expectAnswersOnce(steps, delivered);
        expectOutcomes(records);
      }),
      { numRuns: process.env['CALLGATE_SOAK'] === '1' ? 100_000 : 2_000 },
    );
  }, 900_000);
});

/** No more answers per id than requests with that id, and none under an id of another type. */
function expectAnswersOnce(steps: readonly Step[], delivered: readonly FakeMessage[]): void {
  const asked = new Map<number, number>();
  for (const next of steps) {
    if (next.do === 'call' || next.do === 'list') asked.set(next.id, (asked.get(next.id) ?? 0) + 1);
  }
  for (const message of delivered) {
    if (message.method !== undefined) continue;
    expect(typeof message.id).toBe('number');
    const left = asked.get(message.id as number) ?? 0;
    expect(left).toBeGreaterThan(0);
    asked.set(message.id as number, left - 1);
  }
}

/** Once the gate is closed, every allowed request of the client has exactly one outcome. */
function expectOutcomes(records: readonly AuditRecord[]): void {
  const outcomes = new Map<string, number>();
  for (const record of records)
    if (record.kind === 'outcome') outcomes.set(record.request, (outcomes.get(record.request) ?? 0) + 1);
  for (const record of records) {
    if (record.kind !== 'decision' || record.message !== 'request' || record.direction !== 'client-to-server') continue;
    expect(outcomes.get(record.request) ?? 0).toBe(record.effect === 'allow' ? 1 : 0);
  }
}
