import { parsePolicy } from '@callgate/policy';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createGate, type Gate } from '../src/index.ts';

const policy = parsePolicy('{ callgate: 1, name: test, version: "1", servers: { notes: { tools: {} } } }');

/** What plain JavaScript can pass, whatever the types say. */
type Loose = (...values: unknown[]) => unknown;

async function openGate(): Promise<Gate> {
  const gate = await createGate({ policy });
  onTestFinished(() => gate.close());
  return gate;
}

function transport(): unknown {
  const done = async (): Promise<void> => await Promise.resolve();
  return { start: done, send: done, close: done };
}

describe('createGate refuses', () => {
  const create = createGate as unknown as (options?: unknown) => Promise<Gate>;

  it.each([
    ['no options', undefined, 'options: expected an object with a `policy`'],
    ['no policy', {}, 'policy: expected a compiled policy (loadPolicy, parsePolicy, compilePolicy)'],
    ['a policy that was not awaited', { policy: Promise.resolve(policy) }, 'got a promise: await it first'],
    ['a misspelt option', { policy, legder: './ledger' }, 'unknown option `legder`, expected one of policy, ledger'],
  ])('%s', async (_name, options, message) => {
    const error: unknown = await create(options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CALLGATE_GATE_OPTIONS' });
    expect(String(error)).toContain(message);
  });
});

describe('wrap refuses', () => {
  it.each([
    ['no options', [transport()], 'options: expected an object with `server`'],
    ['no server', [transport(), {}], 'server: expected the registered name'],
    ['a misspelt option', [transport(), { server: 'notes', principle: {} }], 'unknown option `principle`'],
    ['a URL', ['http://localhost', { server: 'notes' }], 'transport: expected a transport'],
    ['a factory of nothing', [() => undefined, { server: 'notes' }], 'transport: expected a transport'],
    [
      'an async factory',
      [async () => await Promise.resolve(transport()), { server: 'notes' }],
      'got a promise: await it',
    ],
  ])('%s', async (_name, values, message) => {
    const gate = await openGate();
    const wrap = gate.wrap.bind(gate) as unknown as Loose;
    expect(() => wrap(...values)).toThrow(message);
  });
});

describe('the gate refuses', () => {
  it('to govern a client that is connected already', async () => {
    const gate = await openGate();
    const client = { connect: () => Promise.resolve(), transport: {} };
    expect(() => gate.governClient(client, { server: 'notes' })).toThrow('not connected yet');
  });

  it('a body of `as` that is none, before anything runs', async () => {
    const gate = await openGate();
    const as = gate.as.bind(gate) as unknown as Loose;
    expect(() => as({ user: 'u-1' }, () => 'ran')).toThrow('expected as(principal, { run }, body)');
    expect(() => as({ user: 'u-1' }, undefined, () => 'ran')).toThrow('expected as(principal, { run }, body)');
  });

  it('a misspelt member of a principal, by name', async () => {
    const gate = await openGate();
    const as = gate.as.bind(gate) as unknown as Loose;
    expect(() => as({ role: 'support' }, {}, () => 'ran')).toThrow('unknown member `role`, expected one of user');
  });

  it('an event that never happens, and a listener that is none', async () => {
    const gate = await openGate();
    const on = gate.on.bind(gate) as unknown as Loose;
    expect(() => on('call-deny', () => undefined)).toThrow('got `call-deny`');
    expect(() => on('call-denied', undefined)).toThrow('listener: expected a function');
  });
});
