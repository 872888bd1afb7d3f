import { ManualClock } from '@callgate/canonical';
import { compileExceptions } from '@callgate/policy';
import { parsePolicy, withExceptions } from 'callgate';
import { expect, test } from 'vitest';

import { POLICY, govern } from './support.ts';

const RULES = `${POLICY}
rules:
  - { id: west-is-closed, match: { resources: { hosts: [us-west] } }, deny: true, message: the west is closed }
  - { id: watched, match: { tool: lookup }, observe: true }
`;

const NOW = 1_793_577_600_000; // 2026-11-02T00:00:00Z

test('a rule denies at the gate, nothing is sent, and the record names it by id', async () => {
  const { call, server, records } = await govern({ policy: RULES });
  expect(await call('lookup', { region: 'us-west' })).toMatchObject({
    result: { isError: true, _meta: { 'callgate/decision': { code: 'rule.denied', message: 'the west is closed' } } },
  });
  expect(server.requests('tools/call')).toHaveLength(0);
  expect(records().find((record) => record.kind === 'decision')).toMatchObject({
    effect: 'deny',
    rules: [{ rule: '/rules/west-is-closed', line: expect.any(Number) }],
    observed: ['watched'],
  });
});

test('what an observing rule marks goes ahead, marked in its record', async () => {
  const { call, gate, server, records } = await govern({ policy: RULES });
  await call('lookup', { region: 'us-east' });
  await gate.flush();
  expect(server.requests('tools/call')).toHaveLength(1);
  expect(records().find((record) => record.kind === 'decision')).toMatchObject({
    effect: 'allow',
    observed: ['watched'],
  });
});

test('an exception is used in its time by the clock of the gate, and recorded', async () => {
  const clock = new ManualClock(NOW);
  const register = compileExceptions({
    callgate: 1,
    exceptions: [
      {
        id: 'EX-9',
        owner: 'o',
        reason: 'r',
        server: 'inventory',
        tool: 'lookup',
        approver: 'a',
        created: '2026-11-02',
        expires: '2026-11-03',
        waives: { rules: ['west-is-closed'] },
      },
    ],
  });
  const policy = withExceptions(parsePolicy(RULES), register);
  const { call, gate, server, records } = await govern({ gate: { policy, clock } });
  await call('lookup', { region: 'us-west' });
  clock.advance(86_400_000);
  await call('lookup', { region: 'us-west' });
  await gate.flush();
  expect(server.requests('tools/call')).toHaveLength(1);
  const decisions = records().filter((record) => record.kind === 'decision');
  expect(decisions).toMatchObject([
    { effect: 'allow', exceptions: ['EX-9'], time: NOW },
    { effect: 'deny', exceptions: [], time: NOW + 86_400_000 },
  ]);
});
