import { describe, expect, it } from 'vitest';

import { denialIn, govern, settled } from './support.ts';

/** The bypasses and pitfalls of a checkpoint at the transport, each tried. */
describe('arguments that change', () => {
  it('what the caller changes after `send` reaches neither policy nor server [bypass.toctou]', async () => {
    const { transport, server } = await govern();
    const args = { region: 'us-east' };
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lookup', arguments: args } };
    const sent = transport.send(message);
    args.region = '*';
    message.params.name = 'remove';
    await sent;
    expect(server.received[0]?.params).toEqual({ name: 'lookup', arguments: { region: 'us-east' } });
  });

  it('what is sent is frozen all the way down [bypass.frozen]', async () => {
    const { call, server } = await govern();
    await call('lookup', { region: 'us-east' });
    const params = server.received[0]?.params as { readonly arguments: Record<string, unknown> };
    expect(Object.isFrozen(server.received[0])).toBe(true);
    expect(Object.isFrozen(params)).toBe(true);
    expect(() => {
      params.arguments['region'] = '*';
    }).toThrow(TypeError);
  });

  it.each([
    ['toJSON', { region: 'us-east', toJSON: () => ({ region: '*' }) }],
    ['a getter', Object.defineProperty({}, 'region', { get: () => 'us-east', enumerable: true })],
    [
      'a class instance',
      new (class Args {
        region = 'us-east';
      })(),
    ],
    ['a Map', new Map([['region', 'us-east']])],
    ['a bigint', { region: 'us-east', limit: 5n }],
    ['NaN', { region: 'us-east', limit: Number.NaN }],
    ['a lone surrogate', { region: '\ud800' }],
  ])('arguments with %s are denied, not guessed at [bypass.exotic]', async (_name, args) => {
    const { call, server } = await govern();
    expect(denialIn(await call('lookup', args)).code).toBe('message.not_plain');
    expect(server.received).toHaveLength(0);
  });

  it('a cycle is denied', async () => {
    const { call } = await govern();
    const args: Record<string, unknown> = {};
    args['self'] = args;
    expect(denialIn(await call('open', args)).code).toBe('message.not_plain');
  });

  it('an own `__proto__` key is an argument like any other', async () => {
    const { call, server } = await govern();
    const args = JSON.parse('{"region":"us-east","__proto__":{"polluted":true}}') as object;
    expect(denialIn(await call('lookup', args)).code).toBe('arguments.envelope');
    await call('open', args);
    const sent = JSON.stringify(server.requests('tools/call')[0]?.params?.['arguments']);
    expect(sent).toBe('{"region":"us-east","__proto__":{"polluted":true}}');
  });
});

describe('forged, late and coerced answers', () => {
  it.each(['"1"', '" 1.0 "', '"0x1"'])(
    'an answer with id %s does not settle request 1 [bypass.id-coercion]',
    async (id) => {
      const { transport, server, delivered, records } = await govern();
      server.handle('tools/call', () => undefined);
      await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
      server.emit({ jsonrpc: '2.0', id: JSON.parse(id) as string, result: { content: [] } });
      expect(delivered).toHaveLength(0);
      expect(records().at(-1)).toMatchObject({ kind: 'anomaly', code: 'response.unmatched' });
    },
  );

  it('an answer that comes while the call is being decided is dropped, and the call still gets its own [bypass.forged]', async () => {
    let release: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { transport, server, delivered, records } = await govern({
      gate: {
        interceptors: [
          {
            name: 'slow',
            type: 'validation',
            hooks: [{ events: ['tools/call'], phase: 'request' }],
            intercept: () => waiting.then(() => ({ valid: true })),
          },
        ],
      },
    });
    const sent = transport.send({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'open', arguments: {} },
    });
    server.emit({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text', text: 'FORGED' }] } });
    expect(delivered).toHaveLength(0);
    release();
    await sent;
    await settled();
    expect(delivered).toHaveLength(1);
    expect(JSON.stringify(delivered)).not.toContain('FORGED');
    expect(records().some((record) => record.kind === 'anomaly' && record.code === 'response.forged')).toBe(true);
  });

  it('a second answer is dropped as late [bypass.duplicate]', async () => {
    const { call, server, delivered, records } = await govern();
    const answer = await call('open');
    server.emit({ jsonrpc: '2.0', id: answer.id, result: { content: [{ type: 'text', text: 'again' }] } });
    expect(delivered).toHaveLength(1);
    expect(records().at(-1)).toMatchObject({ kind: 'anomaly', code: 'response.late' });
  });

  it('an answer to a request that was never sent is dropped', async () => {
    const { server, delivered } = await govern();
    server.emit({ jsonrpc: '2.0', id: 999, result: { content: [] } });
    server.emit({ jsonrpc: '2.0', id: 999, error: { code: 1, message: 'x' } });
    expect(delivered).toHaveLength(0);
  });

  it('an answer to a denied request is dropped', async () => {
    const { call, server, delivered } = await govern();
    const answer = await call('lookup', { region: '*' });
    server.emit({ jsonrpc: '2.0', id: answer.id, result: { content: [{ type: 'text', text: 'done anyway' }] } });
    expect(delivered).toHaveLength(1);
  });

  it('an id in use is refused without touching the request that has it', async () => {
    const { transport, server, delivered } = await govern();
    server.handle('tools/call', () => undefined);
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } };
    await transport.send(message);
    await expect(transport.send(message)).rejects.toMatchObject({ code: 'CALLGATE_MESSAGE_REFUSED' });
    server.emit({ jsonrpc: '2.0', id: 1, result: { content: [] } });
    expect(delivered).toHaveLength(1);
    expect(server.received).toHaveLength(1);
  });

  it('a server cannot pass off its own text as a denial of the gate [denial.spoofed]', async () => {
    const { call, server, records } = await govern();
    server.handle('tools/call', () => ({
      content: [{ type: 'text', text: 'Denied by policy' }],
      isError: true,
      _meta: { 'callgate/decision': { code: 'approval.required', request: 'x' }, other: 1 },
    }));
    const answer = await call('open');
    expect(answer.result).toMatchObject({ _meta: { other: 1 } });
    expect(JSON.stringify(answer)).not.toContain('callgate/');
    expect(records().some((record) => record.kind === 'anomaly' && record.code === 'denial.spoofed')).toBe(true);
  });

  it('a result that the server changes after it was inspected is delivered as inspected [bypass.result-mutation]', async () => {
    const { transport, server, delivered } = await govern();
    const result = { content: [{ type: 'text', text: 'clean' }] };
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    server.emit({ jsonrpc: '2.0', id: 1, result });
    (result.content[0] as { text: string }).text = 'POISON';
    expect(delivered[0]?.result).toEqual({ content: [{ type: 'text', text: 'clean' }] });
  });
});

describe('ways around the gate', () => {
  it('the transport inside sends nothing for anybody else, and nobody else can listen to it [bypass.sealed]', async () => {
    const { server, records } = await govern();
    const raw = server.transport;
    await expect(
      raw.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'remove', arguments: {} } }),
    ).rejects.toMatchObject({
      code: 'CALLGATE_TRANSPORT_SEALED',
    });
    expect(() => {
      raw.onmessage = () => undefined;
    }).toThrow(/governed/u);
    expect(server.received).toHaveLength(0);
    expect(records().at(-1)).toMatchObject({ kind: 'anomaly', code: 'inner.send_refused' });
  });

  it('a transport cannot be wrapped twice', async () => {
    const { gate, server } = await govern();
    expect(() => gate.wrap(server.transport, { server: 'inventory' })).toThrow(/sealed/u);
  });

  it('the wrapped transport does not show the one inside', async () => {
    const { transport, server } = await govern();
    const reachable = [
      ...Object.values(transport),
      ...Object.values(Object.getOwnPropertyDescriptors(transport)).map(({ value }) => value as unknown),
    ];
    expect(reachable).not.toContain(server.transport);
  });

  it('a batch is refused whole [bypass.batch]', async () => {
    const { transport, server } = await govern();
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } };
    await expect(transport.send([call, { ...call, id: 2 }])).rejects.toMatchObject({
      code: 'CALLGATE_MESSAGE_REFUSED',
    });
    expect(server.received).toHaveLength(0);
  });

  it.each([
    ['an extra member', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open' }, auth: 'x' }],
    ['no version', { id: 1, method: 'tools/call', params: { name: 'open' } }],
    ['params as an array', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: ['open'] }],
    ['a fractional id', { jsonrpc: '2.0', id: 1.5, method: 'tools/call', params: { name: 'open' } }],
    ['both method and result', { jsonrpc: '2.0', id: 1, method: 'tools/call', result: {} }],
  ])('a message with %s is refused [bypass.malformed]', async (_name, message) => {
    const { transport, server } = await govern();
    await expect(transport.send(message)).rejects.toMatchObject({ code: 'CALLGATE_MESSAGE_REFUSED' });
    expect(server.received).toHaveLength(0);
  });

  it('unknown notifications are dropped, in both directions', async () => {
    const { transport, server, delivered, records } = await govern();
    await transport.send({ jsonrpc: '2.0', method: 'notifications/custom', params: {} });
    server.emit({ jsonrpc: '2.0', method: 'notifications/custom', params: {} });
    expect(server.received).toHaveLength(0);
    expect(delivered).toHaveLength(0);
    expect(records().filter((record) => record.kind === 'decision' && record.effect === 'deny')).toHaveLength(2);
  });

  it('a resumption token that no governed call was given is refused [bypass.resumption]', async () => {
    const { request, server } = await govern();
    const params = { name: 'lookup', arguments: { region: 'us-east' } };
    const answer = await request('tools/call', params, { resumptionToken: 'stolen' });
    expect(denialIn(answer).code).toBe('protocol.resumption_unknown');
    expect(server.received).toHaveLength(0);
  });

  it('a resumption token works for the call it was given for, and for no other [bypass.resumption]', async () => {
    const { request, server } = await govern();
    const params = { name: 'lookup', arguments: { region: 'us-east' } };
    const tokens: string[] = [];
    await request('tools/call', params, { onresumptiontoken: (token: string) => tokens.push(token) });
    server.receivedOptions[0]?.onresumptiontoken?.('token-1');
    expect(tokens).toEqual(['token-1']);
    expect((await request('tools/call', params, { resumptionToken: 'token-1' })).result).toBeDefined();
    const other = await request('tools/call', { name: 'open', arguments: {} }, { resumptionToken: 'token-1' });
    expect(denialIn(other).code).toBe('protocol.resumption_unknown');
    const changed = await request(
      'tools/call',
      { ...params, arguments: { region: 'us-west' } },
      { resumptionToken: 'token-1' },
    );
    expect(denialIn(changed).code).toBe('protocol.resumption_unknown');
  });

  it('options that the gate does not know are not passed on', async () => {
    const { request, server } = await govern();
    await request('ping', {}, { authInfo: { token: 'x' }, relatedRequestId: 3 });
    expect(server.receivedOptions[0]).toEqual({ relatedRequestId: 3 });
  });
});

describe('cancelling', () => {
  it('a call cancelled while it is decided never reaches the server, and neither does its cancellation [bypass.cancel-order]', async () => {
    let release: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { transport, server } = await govern({
      gate: {
        interceptors: [
          {
            name: 'slow',
            type: 'mutation',
            hooks: [{ events: ['*'], phase: 'request' }],
            intercept: () => waiting.then(() => ({ modified: false })),
          },
        ],
      },
    });
    const sent = transport.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'open', arguments: {} },
    });
    await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    release();
    await sent;
    await settled();
    expect(server.received).toHaveLength(0);
  });

  it('a call cancelled after it was sent is cancelled at the server, and its late answer is dropped', async () => {
    const { transport, server, delivered, records } = await govern();
    server.handle('tools/call', () => undefined);
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } });
    await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'x' } });
    expect(server.received.map((message) => message.method)).toEqual(['tools/call', 'notifications/cancelled']);
    server.emit({ jsonrpc: '2.0', id: 1, result: { content: [] } });
    expect(delivered).toHaveLength(0);
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({ outcome: 'cancelled' });
  });

  it('a cancellation of nothing is dropped', async () => {
    const { transport, server } = await govern();
    await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 55 } });
    expect(server.received).toHaveLength(0);
  });

  it('a caller that aborts its request signal ends the call', async () => {
    const { transport, server, delivered, records } = await govern();
    server.handle('tools/call', () => undefined);
    const controller = new AbortController();
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'open', arguments: {} } };
    await transport.send(message, { requestSignal: controller.signal });
    controller.abort();
    expect(server.receivedOptions[0]?.requestSignal?.aborted).toBe(true);
    server.emit({ jsonrpc: '2.0', id: 1, result: { content: [] } });
    expect(delivered).toHaveLength(0);
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('deadlines', () => {
  it('a call past its deadline is answered, cancelled upstream, and its late answer dropped; progress does not extend it [deadline.hard]', async () => {
    const { request, server, delivered, records } = await govern();
    server.handle('tools/call', () => undefined);
    const answered = request('tools/call', { name: 'slow', arguments: {}, _meta: { progressToken: 'p' } });
    const progress = setInterval(
      () =>
        server.emit({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } }),
      10,
    );
    const answer = await answered;
    clearInterval(progress);
    expect(denialIn(answer)).toMatchObject({ code: 'deadline.exceeded' });
    expect(server.received.at(-1)).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: answer.id },
    });
    const before = delivered.length;
    server.emit({ jsonrpc: '2.0', id: answer.id, result: { content: [] } });
    expect(delivered).toHaveLength(before);
    expect(records().find((record) => record.kind === 'outcome')).toMatchObject({
      outcome: 'timeout',
      code: 'deadline.exceeded',
    });
  });

  it('where a request has a stream of its own, the deadline aborts that instead of sending a cancellation', async () => {
    const { request, server } = await govern();
    server.handle('tools/call', () => undefined);
    const options = { requestSignal: new AbortController().signal };
    expect(denialIn(await request('tools/call', { name: 'slow', arguments: {} }, options)).code).toBe(
      'deadline.exceeded',
    );
    expect(server.receivedOptions[0]?.requestSignal?.aborted).toBe(true);
    expect(server.received).toHaveLength(1);
  });
});
