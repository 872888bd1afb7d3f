import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileExceptions } from '@callgate/policy';
import { parsePolicy, watchPolicy, withExceptions, type PolicyChange, type PolicyWidening } from 'callgate';
import { afterEach, expect, test } from 'vitest';

import { POLICY, govern } from './support.ts';

const NARROWER = POLICY.replace('[us-east, us-west]', '[us-east]');
const WIDER = POLICY.replace('[us-east, us-west]', '[us-east, us-west, eu-west]');
const EXCEPTION = {
  id: 'EX-1',
  owner: 'o',
  reason: 'r',
  server: 'inventory',
  tool: 'lookup',
  approver: 'a',
  created: '2020-01-01',
  expires: '2030-01-01',
  arguments: { region: { const: 'eu-west' } },
};

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callgate-reload-'));
  folders.push(folder);
  const file = join(folder, 'callgate.yaml');
  await writeFile(file, text);
  return file;
}

function codeOf(answer: { readonly result?: unknown }): string {
  const meta = (answer.result as any)?._meta?.['callgate/decision'];
  return meta?.code ?? 'allowed';
}

test('a policy that narrows applies at once, on connections that are open, and is recorded', async () => {
  const { gate, call, records } = await govern();
  expect(codeOf(await call('lookup', { region: 'us-west' }))).toBe('allowed');
  expect(gate.reload(parsePolicy(NARROWER))).toMatchObject({ applied: true, diff: { verdict: 'narrowed' } });
  expect(codeOf(await call('lookup', { region: 'us-west' }))).toBe('arguments.envelope');
  const changes = records().filter((record) => record.kind === 'lifecycle' && record.event === 'policy');
  expect(changes.at(-1)).toMatchObject({ detail: { applied: true, change: 'narrowed', digest: gate.policy.digest } });
  const last = records().findLast((record) => record.kind === 'decision');
  expect(last).toMatchObject({ policy: { digest: gate.policy.digest } });
});

test('a policy that widens needs to be accepted, and says with what call it widens', async () => {
  const { gate, call, records } = await govern();
  const events: unknown[] = [];
  gate.on('policy-refused', (event) => events.push(event));
  const refused = gate.reload(parsePolicy(WIDER));
  expect(refused).toMatchObject({ applied: false, diff: { verdict: 'widened' } });
  expect(refused.diff.items.flatMap((item) => item.flips)[0]).toMatchObject({ from: 'deny', to: 'allow' });
  expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('arguments.envelope');
  expect(events).toMatchObject([{ change: 'widened' }]);
  expect(records().findLast((record) => record.kind === 'lifecycle')).toMatchObject({ detail: { applied: false } });
  expect(gate.reload(parsePolicy(WIDER), { acceptWidening: true }).applied).toBe(true);
  expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('allowed');
});

test('who is asked whether to widen sees the difference, and only `true` accepts', async () => {
  const { gate, records } = await govern();
  const asked: unknown[] = [];
  const answer = (value: unknown) => (change: PolicyWidening) => {
    asked.push([change.diff.verdict, change.exceptions]);
    return value as boolean;
  };
  expect(gate.reload(parsePolicy(NARROWER), { acceptWidening: answer(false) }).applied).toBe(true);
  for (const value of [false, 1, Promise.resolve(true)])
    expect(gate.reload(parsePolicy(WIDER), { acceptWidening: answer(value) }).applied).toBe(false);
  expect(gate.reload(parsePolicy(WIDER), { acceptWidening: answer(true) }).applied).toBe(true);
  expect(asked).toEqual(Array.from({ length: 4 }, () => ['widened', []]));
  const last = records().findLast(({ kind }) => kind === 'lifecycle');
  expect(last).toMatchObject({ detail: { applied: true, acceptedWidening: true } });
});

test('an exception widens; taking it back does not', async () => {
  const { gate, call } = await govern();
  const policy = withExceptions(parsePolicy(POLICY), compileExceptions({ callgate: 1, exceptions: [EXCEPTION] }));
  expect(gate.reload(policy)).toMatchObject({ applied: false, exceptions: ['EX-1'] });
  expect(gate.reload(policy, { acceptWidening: true }).applied).toBe(true);
  expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('allowed');
  expect(gate.reload(parsePolicy(POLICY))).toMatchObject({ applied: true, exceptions: [] });
  expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('arguments.envelope');
});

test('a watched file applies what narrows, refuses what widens, and keeps the last good policy', async () => {
  const { gate, call, records } = await govern();
  const file = await fileWith(POLICY);
  const changes: PolicyChange[] = [];
  const failures: string[] = [];
  gate.on('policy-failed', ({ code }) => failures.push(code));
  using watch = watchPolicy(gate, file, { intervalMs: 3_600_000, onChange: (change) => changes.push(change) });
  await watch.check();
  await writeFile(file, NARROWER);
  await watch.check();
  expect(codeOf(await call('lookup', { region: 'us-west' }))).toBe('arguments.envelope');
  await writeFile(file, WIDER);
  await watch.check();
  await writeFile(file, 'callgate: 1\nname: [\n');
  await watch.check();
  await watch.check();
  expect(codeOf(await call('lookup', { region: 'us-east' }))).toBe('allowed');
  expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
  expect(changes.map((change) => (change.kind === 'reloaded' ? change.result.applied : change.kind))).toEqual([
    true,
    true,
    false,
    'invalid',
  ]);
  expect(failures).toEqual(['CALLGATE_POLICY_SYNTAX']);
  expect(records().findLast(({ kind }) => kind === 'lifecycle')).toMatchObject({ detail: { failed: failures[0] } });
});

test('past its maximum age the last good policy serves reads only, until the file loads again', async () => {
  const { gate, call } = await govern();
  const file = await fileWith(POLICY);
  const changes: PolicyChange[] = [];
  using watch = watchPolicy(gate, file, {
    intervalMs: 3_600_000,
    maxAgeMs: 0,
    onChange: (change) => changes.push(change),
  });
  await watch.check();
  await rm(file);
  await watch.check();
  await watch.check();
  expect(changes.map(({ kind }) => kind)).toEqual(['reloaded', 'invalid', 'stale']);
  expect(codeOf(await call('lookup', { region: 'us-east' }))).toBe('allowed');
  expect(codeOf(await call('adjust', { delta: 1 }))).toBe('rule.denied');
  await writeFile(file, POLICY);
  await watch.check();
  expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
});

test('an interval or an age outside its range is refused', async () => {
  const { gate } = await govern();
  expect(() => watchPolicy(gate, 'x', { intervalMs: 1 })).toThrow(RangeError);
  expect(() => watchPolicy(gate, 'x', { maxAgeMs: -1 })).toThrow(RangeError);
});

const RULED = `${POLICY}
rules:
  - { id: far, match: { tool: lookup, who: { users: ['*'] } }, deny: "arguments.region == 'us-west'" }
`;

test('a rule that takes the place of another widens where an exception waives it', async () => {
  const { gate } = await govern();
  const waiving = compileExceptions({
    callgate: 1,
    exceptions: [{ ...EXCEPTION, arguments: { region: { type: 'string' } }, waives: { rules: ['near'] } }],
  });
  gate.reload(withExceptions(parsePolicy(RULED), waiving), { acceptWidening: true });
  expect(gate.reload(withExceptions(parsePolicy(RULED.replace('far', 'near')), waiving)).applied).toBe(false);
  // what is not waived may have another name
  expect(gate.reload(withExceptions(parsePolicy(RULED.replace('far', 'other')), waiving)).applied).toBe(true);
});

test('an entry that accepts nothing is open where an exception accepts more', async () => {
  const { gate } = await govern();
  const accepting = compileExceptions({ callgate: 1, exceptions: [{ ...EXCEPTION, tool: 'later' }] });
  gate.reload(withExceptions(parsePolicy(POLICY), accepting), { acceptWidening: true });
  const more = POLICY.replace(/^(\s*)lookup:/mu, '$1later: { ring: 1 }\n$1lookup:');
  expect(parsePolicy(more).servers.get('inventory')).toBeDefined();
  expect(gate.reload(withExceptions(parsePolicy(more), accepting)).applied).toBe(false);
  expect(gate.reload(parsePolicy(more)).applied).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'a pipe in the place of the policy is refused and not waited for',
  async () => {
    const { gate } = await govern();
    const file = await fileWith(POLICY);
    const changes: PolicyChange[] = [];
    using watch = watchPolicy(gate, file, {
      intervalMs: 3_600_000,
      maxAgeMs: 0,
      onChange: (change) => changes.push(change),
    });
    await watch.check();
    await rm(file);
    execFileSync('/usr/bin/env', ['mkfifo', file]);
    await watch.check();
    expect(changes.map(({ kind }) => kind)).toEqual(['reloaded', 'invalid', 'stale']);
  },
);

test('a policy with a rule of the name that ours has when it is stale denies writes all the same', async () => {
  const { gate } = await govern();
  const file = await fileWith(`${POLICY}\nrules: [{ id: callgate-stale-policy, match: { tool: none }, deny: true }]\n`);
  const changes: PolicyChange[] = [];
  using watch = watchPolicy(gate, file, {
    intervalMs: 3_600_000,
    maxAgeMs: 0,
    onChange: (change) => changes.push(change),
  });
  await watch.check();
  await writeFile(file, 'nothing');
  await watch.check();
  expect(changes.map(({ kind }) => kind)).toEqual(['reloaded', 'invalid', 'stale']);
  expect(changes[0]).toMatchObject({ result: { applied: true } });
  expect(gate.policy.document.rules?.map(({ id }) => id)).toEqual(['callgate-stale-policy', 'callgate-stale-policy-x']);
});

test('a watched policy that narrows applies although nobody listens', async () => {
  const { gate, call } = await govern();
  const file = await fileWith(NARROWER);
  using watch = watchPolicy(gate, file, { intervalMs: 3_600_000 });
  await watch.check();
  expect(codeOf(await call('lookup', { region: 'us-west' }))).toBe('arguments.envelope');
});
