import { describe, expect, it } from 'vitest';

import { denialIn, govern, settled } from './support.ts';

describe('the path of a call', () => {
  it('an allowed call reaches the server with exactly what was asked, and its result comes back', async () => {
    const { call, server } = await govern();
    const answer = await call('lookup', { region: 'us-east', limit: 25 });
    expect(answer.result).toEqual({ content: [{ type: 'text', text: 'called lookup' }] });
    expect(server.requests('tools/call')[0]?.params).toEqual({
      name: 'lookup',
      arguments: { region: 'us-east', limit: 25 },
    });
  });

  it('a denied call never reaches the server and is answered legibly as a tool error [legible.model]', async () => {
    const { call, server } = await govern();
    const answer = await call('lookup', { region: '*', limit: 10_000 });
    const result = answer.result as {
      readonly isError: boolean;
      readonly content: readonly { readonly text: string }[];
    };
    expect(result.isError).toBe(true);
    expect(result).not.toHaveProperty('structuredContent');
    expect(result.content[0]?.text).toContain('arguments.envelope');
    expect(result.content[0]?.text).toContain('wildcard region is forbidden');
    expect(denialIn(answer)).toMatchObject({ code: 'arguments.envelope', next: 'fix_arguments' });
    expect(server.received).toHaveLength(0);
  });

  it('a denial tells every violation with what would pass', async () => {
    const { call } = await govern();
    const denial = denialIn(await call('lookup', { region: '*', limit: 10_000 })) as unknown as {
      readonly violations: readonly { readonly pointer: string }[];
    };
    expect(denial.violations.map((violation) => violation.pointer).toSorted()).toEqual(['/limit', '/region']);
  });

  it('a held call is answered as waiting for an approval, and is not sent', async () => {
    const { call, server } = await govern();
    expect(denialIn(await call('remove', { id: 1 }))).toMatchObject({
      code: 'approval.required',
      next: 'request_approval',
    });
    expect(server.received).toHaveLength(0);
  });

  it('an unknown tool, an unknown method and an unregistered server are denied by different codes [default-deny]', async () => {
    const { call, request } = await govern();
    expect(denialIn(await call('other')).code).toBe('tool.not_allowed');
    expect(denialIn(await request('x/custom', {})).code).toBe('method.not_allowed');
    const elsewhere = await govern({ wrap: { server: 'nowhere' } });
    expect(denialIn(await elsewhere.call('lookup', { region: 'us-east' })).code).toBe('server.unregistered');
    expect(denialIn(await elsewhere.request('initialize', {})).code).toBe('server.unregistered');
    expect(elsewhere.server.received).toHaveLength(0);
  });

  it('with `onDeny: throw` a denied tool call is a protocol error that carries the decision', async () => {
    const { call } = await govern({ gate: { onDeny: 'throw' } });
    const answer = await call('lookup', { region: '*' });
    expect(answer.error?.code).toBe(-31_403);
    expect(denialIn(answer).code).toBe('arguments.envelope');
  });

  it('a denied call of another method is a protocol error outside the reserved codes', async () => {
    const { request } = await govern();
    const answer = await request('resources/read', { uri: 'file:///etc/passwd' });
    expect(answer.error?.code).toBe(-31_403);
    expect(denialIn(answer).code).toBe('resource.not_allowed');
  });

  it('a denied task-augmented call is a protocol error, because SDKs expect a task', async () => {
    const { request } = await govern();
    const answer = await request('tools/call', { name: 'other', arguments: {}, task: { ttl: 1000 } });
    expect(answer.error?.code).toBe(-31_403);
  });

  it('a denial of a request with the 2026 envelope has a result type', async () => {
    const { request } = await govern();
    const answer = await request('tools/call', {
      name: 'other',
      arguments: {},
      _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
    });
    expect(answer.result).toMatchObject({ isError: true, resultType: 'complete' });
  });

  it('every allowed request has a decision and an outcome record, a denied one a decision only', async () => {
    const { call, records } = await govern();
    await call('lookup', { region: 'us-east' });
    await call('lookup', { region: '*' });
    const own = records().filter((record) => record.kind === 'decision' || record.kind === 'outcome');
    expect(own.map((record) => record.kind)).toEqual(['decision', 'outcome', 'decision']);
    expect(own[0]).toMatchObject({
      effect: 'allow',
      target: 'lookup',
      ring: 1,
      run: 'run-1',
      principal: { user: 'u-1' },
    });
    expect(own[1]).toMatchObject({ outcome: 'ok' });
    expect(own[2]).toMatchObject({ effect: 'deny', code: 'arguments.envelope' });
  });

  it('the request id in a denial is that of its record', async () => {
    const { call, records } = await govern();
    const denial = denialIn(await call('lookup', { region: '*' }));
    const decision = records().find((record) => record.kind === 'decision');
    expect(decision).toMatchObject({ request: denial.request });
  });

  it('the caller is whoever `as` says, across awaits and next to each other', async () => {
    const { gate, call, records } = await govern();
    const lookup = async (): Promise<unknown> => {
      await settled();
      return call('lookup', { region: 'us-east' });
    };
    await Promise.all([
      gate.as({ user: 'a' }, { run: 'run-a' }, lookup),
      gate.as({ user: 'b', roles: ['r'] }, { run: 'run-b' }, lookup),
    ]);
    const decisions = records().filter((record) => record.kind === 'decision');
    expect(decisions.map((record) => [record.principal.user, record.run])).toEqual([
      ['a', 'run-a'],
      ['b', 'run-b'],
    ]);
  });

  it('the record of a call in a run inside others names them, innermost first', async () => {
    const { gate, call, records } = await govern();
    const lookup = async (): Promise<unknown> => call('lookup', { region: 'us-east' });
    await gate.as({}, { run: 'outer' }, () =>
      gate.as({}, { run: 'middle' }, () => gate.as({}, { run: 'inner' }, lookup)),
    );
    await gate.as({}, { run: 'alone' }, lookup);
    const [inner, alone] = records().filter((record) => record.kind === 'decision');
    expect(inner).toMatchObject({ run: 'inner', parents: ['middle', 'outer'] });
    expect(alone).not.toHaveProperty('parents');
  });

  it('a misspelt principal member is an error, not an anonymous caller', async () => {
    const { gate } = await govern();
    expect(() => gate.as({ usr: 'a' } as never, {}, () => undefined)).toThrow(TypeError);
  });

  it('a dry run decides without sending or recording', async () => {
    const { gate, server, records } = await govern();
    const before = records().length;
    expect(gate.decide({ server: 'inventory', tool: 'lookup', arguments: { region: 'us-east' } }).effect).toBe('allow');
    expect(gate.decide({ server: 'inventory', tool: 'lookup', arguments: { region: '*' } }).code).toBe(
      'arguments.envelope',
    );
    expect(records()).toHaveLength(before);
    expect(server.received).toHaveLength(0);
  });

  it('in stage observe nothing is blocked, and the record says what enforcement would have done', async () => {
    const { call, server, records, gate } = await govern({ policy: `${POLICY_HEAD('observe')}${POLICY_BODY}` });
    const events: unknown[] = [];
    gate.on('call-denied', (event) => events.push(event));
    expect((await call('lookup', { region: '*' })).result).not.toHaveProperty('isError');
    expect(server.requests('tools/call')).toHaveLength(1);
    expect(records().find((record) => record.kind === 'decision')).toMatchObject({
      effect: 'allow',
      would: 'deny',
      wouldCode: 'arguments.envelope',
      stage: 'observe',
    });
    expect(events).toMatchObject([
      { effect: 'allow', would: 'deny', wouldCode: 'arguments.envelope', code: 'allowed' },
    ]);
  });

  it('tools that this principal could never be allowed are not listed', async () => {
    const tools = ['lookup', 'adjust', 'remove', 'other'].map((name) => ({ name, inputSchema: { type: 'object' } }));
    const { request } = await govern({ server: { tools } });
    const answer = await request('tools/list', {});
    expect(
      (answer.result as { readonly tools: readonly { readonly name: string }[] }).tools.map((tool) => tool.name),
    ).toEqual(['lookup', 'adjust', 'remove']);
  });

  it('resources and prompts outside policy are not listed', async () => {
    const { request } = await govern({
      server: {
        handlers: {
          'resources/list': () => ({
            resources: [
              { uri: 'docs://a', name: 'a' },
              { uri: 'file:///etc/passwd', name: 'b' },
            ],
          }),
          'prompts/list': () => ({ prompts: [{ name: 'greet' }, { name: 'jailbreak' }] }),
        },
      },
    });
    expect((await request('resources/list', {})).result).toEqual({ resources: [{ uri: 'docs://a', name: 'a' }] });
    expect((await request('prompts/list', {})).result).toEqual({ prompts: [{ name: 'greet' }] });
  });

  it('events tell of decisions and outcomes, and a throwing listener disturbs nothing', async () => {
    const { gate, call } = await govern();
    const seen: string[] = [];
    gate.on('call-decided', () => {
      throw new Error('listener');
    });
    gate.on('call-denied', (event) => seen.push(`denied ${event.code}`));
    gate.on('call-settled', (event) => seen.push(`settled ${event.outcome}`));
    gate.on('listener-failed', (event) => seen.push(`failed ${event.event}`));
    await call('lookup', { region: 'us-east' });
    await call('lookup', { region: '*' });
    expect(seen).toEqual([
      'failed call-decided',
      'settled ok',
      'failed call-decided',
      'denied arguments.envelope',
      'settled denied',
    ]);
  });
});

function POLICY_HEAD(stage: string): string {
  return `callgate: 1\nname: test\nversion: "1"\nstage: ${stage}\n`;
}
const POLICY_BODY = `servers:\n  inventory:\n    tools:\n      lookup: { ring: 1, arguments: { region: { enum: [us-east] } } }\n`;
