import { describe, expect, test } from 'vitest';

import { denialIn, govern, settled, type Governed } from './support.ts';

const TOKEN = `ghp_${'A1b2C3d4E5'.repeat(4).slice(0, 36)}`;

/** A policy with what it says of secrets, at the top and in the entry of `keep`. */
const policy = (secrets?: string, more = ''): string => `
callgate: 1
name: outgoing
version: "1"
${secrets === undefined ? '' : `outgoing: { secrets: ${secrets} }`}
servers:
  inventory:
    prompts: { greet: any }
    resources: { allow: ["docs://**"] }
    tools:
      post: { ring: 0 }
      keep: { ring: 0, outgoing: { secrets: pass } }
      act:
        ring: 0
        dispatch: { tool: /tool, arguments: /input }
${more}`;

const governed = (secrets?: string, more?: string): Promise<Governed> => govern({ policy: policy(secrets, more) });

const decisionOf = ({ records }: Governed): unknown => records().findLast((record) => record.kind === 'decision');

const sent = ({ server }: Governed): number => server.received.filter(({ method }) => method === 'tools/call').length;

describe('a secret in the arguments of a call', () => {
  test('is denied where policy says so: not sent, and told by place and rule alone', async () => {
    const gate = await governed('deny');
    const answer = await gate.call('post', { note: { text: `use ${TOKEN}, please` }, to: 'x' });
    expect(denialIn(answer)).toMatchObject({
      code: 'arguments.secret',
      next: 'fix_arguments',
      retryable: false,
      violations: [{ code: 'secrets.github-token', pointer: '/note/text' }],
    });
    expect(sent(gate)).toBe(0);
    expect(decisionOf(gate)).toMatchObject({
      effect: 'deny',
      code: 'arguments.secret',
      violations: [{ code: 'secrets.github-token', pointer: '/note/text' }],
    });
    expect(JSON.stringify([answer, gate.records()])).not.toContain(TOKEN.slice(4));
  });

  test('is held where policy says so', async () => {
    const gate = await governed('hold');
    expect(denialIn(await gate.call('post', { note: TOKEN }))).toMatchObject({
      code: 'arguments.secret',
      next: 'request_approval',
      retryable: true,
    });
    expect(sent(gate)).toBe(0);
    expect(decisionOf(gate)).toMatchObject({ effect: 'hold', code: 'arguments.secret' });
  });

  test('goes on, and its record says so, where policy says nothing', async () => {
    const gate = await governed();
    expect((await gate.call('post', { note: TOKEN })).result).toBeDefined();
    expect(sent(gate)).toBe(1);
    expect(decisionOf(gate)).toMatchObject({
      effect: 'allow',
      code: 'allowed',
      would: 'deny',
      wouldCode: 'arguments.secret',
      violations: [{ code: 'secrets.github-token', pointer: '/note' }],
    });
  });

  test('is not looked for where policy lets secrets pass', async () => {
    const gate = await governed('deny');
    await gate.call('keep', { value: TOKEN });
    expect(sent(gate)).toBe(1);
    expect(decisionOf(gate)).toMatchObject({ effect: 'allow', would: null, violations: [] });
  });

  test('is only observed below `enforce`, and not looked for at stage `off`', async () => {
    const gate = await govern({
      policy: policy('hold').replace('post: { ring: 0 }', 'post: { ring: 0, stage: observe }'),
    });
    await gate.call('post', { note: TOKEN });
    expect(decisionOf(gate)).toMatchObject({ effect: 'allow', would: 'hold', wouldCode: 'arguments.secret' });
    const off = await govern({ policy: policy('deny').replace('post: { ring: 0 }', 'post: { ring: 0, stage: off }') });
    await off.call('post', { note: TOKEN });
    expect(decisionOf(off)).toMatchObject({ effect: 'allow', would: null });
    expect([sent(gate), sent(off)]).toEqual([1, 1]);
  });

  test('does not hide what policy says of the call otherwise', async () => {
    const gate = await governed('hold', '      held: { ring: 0, approval: required }');
    expect(denialIn(await gate.call('unknown', { note: TOKEN })).code).toBe('tool.not_allowed');
    expect(denialIn(await gate.call('held', { note: 'plain' })).code).toBe('approval.required');
    expect(denialIn(await gate.call('held', { note: TOKEN })).code).toBe('arguments.secret');
  });

  test.each([
    ['by the name of its member', { password: 'kf83-Jw0s_vQ29' }, '/password'],
    ['encoded', { note: btoa(`token ${TOKEN}`) }, '/note'],
    ['in the arguments of an inner call', { tool: 'keep', input: { value: TOKEN } }, '/input/value'],
    ['as the name of a member', { deep: { [TOKEN]: 1 } }, '/deep'],
    ['below a name that is one', { deep: { [TOKEN]: { again: TOKEN } } }, '/deep'],
  ])('is found %s', async (_, args, pointer) => {
    const gate = await governed('deny');
    const answer = await gate.call('act', { tool: 'post', input: {}, ...args });
    expect(denialIn(answer)).toMatchObject({ code: 'arguments.secret', violations: [{ pointer }] });
    expect(JSON.stringify([answer, gate.records()])).not.toContain(TOKEN.slice(4));
  });
});

describe('a secret in anything else that the client sends', () => {
  test.each([
    ['prompts/get', { name: 'greet', arguments: { name: TOKEN } }, '/name'],
    ['resources/read', { uri: `docs://a/${TOKEN}` }, '/uri'],
  ])('is denied in `%s`', async (method, params, pointer) => {
    const { request } = await governed('deny');
    expect(denialIn(await request(method, params))).toMatchObject({
      code: 'arguments.secret',
      violations: [{ code: 'secrets.github-token', pointer }],
    });
  });

  test('keeps a notification from being sent', async () => {
    const gate = await governed(
      'deny',
      '    methods: { notifications/note: { direction: client-to-server, ring: 0 } }\n',
    );
    await gate.transport.send({ jsonrpc: '2.0', method: 'notifications/note', params: { text: TOKEN } });
    await gate.transport.send({ jsonrpc: '2.0', method: 'notifications/note', params: { text: 'plain' } });
    await settled();
    expect(gate.server.received.filter(({ method }) => method === 'notifications/note')).toMatchObject([
      { params: { text: 'plain' } },
    ]);
  });
});
