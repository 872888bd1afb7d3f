import { createFailingSink } from '@callgate/testing';
import { ManualClock } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { openLedger } from 'callgate';

import { denialIn, govern, settled } from './support.ts';

async function withFailingLedger(
  gate: object = {},
): Promise<Awaited<ReturnType<typeof govern>> & { readonly sink: ReturnType<typeof createFailingSink> }> {
  const sink = createFailingSink();
  const ledger = await openLedger({ sink, clock: new ManualClock(0), id: 'failing' });
  return { ...(await govern({ gate: { ledger, ...gate } })), sink };
}

describe('evidence first', () => {
  it('a ring 2 call is not sent before its decision record is durable [evidence.durable]', async () => {
    const { call, server, sink } = await withFailingLedger();
    await settled();
    const release = sink.stall();
    const answer = call('adjust', { delta: 1 });
    await settled();
    expect(server.received).toHaveLength(0);
    release();
    expect((await answer).result).toBeDefined();
    expect(server.received).toHaveLength(1);
  });

  it('a ring 1 call does not wait for the disk', async () => {
    const { call, server, sink } = await withFailingLedger();
    await settled();
    const release = sink.stall();
    await call('lookup', { region: 'us-east' });
    expect(server.received).toHaveLength(1);
    release();
  });

  it('a ring 2 call whose record fails is denied and never sent [evidence.durable]', async () => {
    const { call, server, sink } = await withFailingLedger({ whenLedgerFails: 'allow-reads' });
    await settled();
    sink.fail();
    expect(denialIn(await call('adjust', { delta: 1 }))).toMatchObject({ code: 'audit.unavailable' });
    expect(server.received).toHaveLength(0);
  });

  it('with a failed ledger reads are denied too, unless the host chose otherwise [evidence.fail-closed]', async () => {
    const strict = await withFailingLedger();
    strict.sink.fail();
    await settled();
    await strict.call('lookup', { region: 'us-east' });
    await settled();
    expect(denialIn(await strict.call('lookup', { region: 'us-east' })).code).toBe('audit.unavailable');
    const loose = await withFailingLedger({ whenLedgerFails: 'allow-reads' });
    loose.sink.fail();
    await loose.call('lookup', { region: 'us-east' });
    await settled();
    expect((await loose.call('lookup', { region: 'us-east' })).result).not.toHaveProperty('isError');
  });

  it('a caller that cancels while the record becomes durable leaves nothing sent', async () => {
    const { transport, server, sink } = await withFailingLedger();
    await settled();
    const release = sink.stall();
    const sent = transport.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'adjust', arguments: { delta: 1 } },
    });
    await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    release();
    await sent;
    await settled();
    expect(server.received).toHaveLength(0);
  });

  it('no argument, result, credential or token text reaches records, events, errors or inspect output [secrets.canary]', async () => {
    // Not the shape of a name: what looks like one (a tool, an argument) is shown as one.
    const CANARY = 'c4n4ry 5ecret!';
    const { inspect } = await import('node:util');
    const seen: unknown[] = [];
    const { gate, call, request, server, records, transport, errors } = await govern();
    for (const name of [
      'call-decided',
      'call-denied',
      'call-held',
      'call-settled',
      'anomaly',
      'definition-listed',
    ] as const) {
      gate.on(name, (event) => seen.push(event));
    }
    server.handle('tools/call', () => ({
      content: [{ type: 'text', text: CANARY }],
      structuredContent: { key: CANARY },
    }));
    await call('open', { token: CANARY, [CANARY]: 1 });
    await call('lookup', { region: CANARY, [CANARY]: CANARY });
    await call(CANARY, {});
    await call('adjust', { delta: CANARY });
    await call('open', { toJSON: () => CANARY });
    await request('resources/read', { uri: `docs://${CANARY}?k=${CANARY}` });
    await request(
      'tools/call',
      { name: 'open', arguments: {}, _meta: { [CANARY]: CANARY } },
      { headers: { [CANARY]: CANARY } },
    );
    server.emit({ jsonrpc: '2.0', id: 9, method: 'sampling/createMessage', params: { messages: [CANARY] } });
    server.emit({ jsonrpc: '2.0', method: 'notifications/message', params: { data: CANARY } });
    server.emit(CANARY);
    await settled();
    const output = [
      records(),
      seen,
      inspect(transport, { depth: 20, showHidden: true }),
      inspect(gate, { depth: 6 }),
      errors.map(String),
    ];
    expect(JSON.stringify(output)).not.toContain(CANARY);
  });
});

describe('closing', () => {
  it('close refuses new calls, waits for open ones and then closes everything', async () => {
    const { gate, call, server } = await govern();
    let release: (value: never) => void = () => undefined;
    server.handle(
      'tools/call',
      () =>
        new Promise<never>((resolve) => {
          release = resolve;
        }),
    );
    const open = call('open');
    await settled();
    const closing = gate.close();
    expect(denialIn(await call('open')).code).toBe('gate.closed');
    release({ content: [] } as never);
    expect((await open).result).toEqual({ content: [] });
    await closing;
    await gate.close();
  });

  it('close gives up on a server that hangs, and records an unknown outcome', async () => {
    const { gate, transport, server, records } = await govern({ gate: { drainMs: 20 } });
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    await gate.close();
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({ outcome: 'unknown' });
  });

  it('close ends at once when its signal aborts', async () => {
    const { gate, transport, server } = await govern({ gate: { drainMs: 60_000 } });
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    await gate.close({ signal: AbortSignal.abort() });
  });
});
