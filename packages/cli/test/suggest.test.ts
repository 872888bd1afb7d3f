import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { createGate, generateTraceKey, loadPolicy } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

import { GOOD_POLICY } from './support/policies.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

const call = (index: number, more: object = {}): object => ({
  server: 'inventory',
  tool: 'inventory.lookup',
  arguments: { region: index % 2 === 0 ? 'us-east' : 'us-west', limit: 1 + (index % 10) },
  principal: { user: 'u-1', roles: ['support'] },
  run: `r-${index % 10}`,
  at: `2026-11-20T10:00:${String(index % 60).padStart(2, '0')}Z`,
  ...more,
});
const linesOf = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const CALLS = Array.from({ length: 60 }, (_, index) => call(index));
const log = folder.write('calls.jsonl', linesOf(CALLS));

interface Report {
  readonly policy: { readonly servers: Record<string, { readonly tools: Record<string, unknown> }> };
  readonly calls: number;
  readonly runs: number;
  readonly notes: readonly { readonly pointer: string; readonly seen?: number; readonly of?: number }[];
  readonly rates: readonly object[];
  readonly heldOut: { readonly by: string; readonly calls: number; readonly allowed: number };
  readonly skipped: readonly object[];
  readonly malformed: number;
}

async function report(...args: readonly string[]): Promise<Report & { readonly exit: number }> {
  const { out, code } = await runCommand(['suggest', '--format', 'json', ...args]);
  return { ...(JSON.parse(out) as Report), exit: code };
}

describe('callgate suggest', () => {
  it('writes a policy that loads, that replay finds to allow all of it, and that check finds nothing wrong with', async () => {
    const file = `${folder.path}/suggested.yaml`;
    const { code, out, err } = await runCommand(['suggest', '--holdout', '0', '--name', 'desk', '-o', file, log]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('suggested from 60 calls in 10 runs');
    expect((await loadPolicy(file)).name).toBe('desk');
    expect(readFileSync(file, 'utf8')).toContain('# few values, each seen often enough (60 seen, 2 different)');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('count: calls, per: [ run ], max: 10 }');
    expect(text).toContain('# The most calls seen: the meters let pass a little more:\n');
    const few = await runCommand(['suggest', folder.write('few.jsonl', linesOf(CALLS.slice(0, 2)))]);
    expect(few.out).toContain('# The most calls seen:\n');
    expect(few.out).not.toContain('meters');
    // replay judges each call alone, which no meter can
    const single = folder.write('single.yaml', text.replace(/^meters:\n(?: .*\n)+/mu, ''));
    const replayed = await runCommand(['replay', '-p', single, '--format', 'json', log]);
    expect(JSON.parse(replayed.out)).toMatchObject({ effects: { allow: 60, deny: 0, hold: 0 } });
    expect((await runCommand(['check', file])).code).toBe(0);
  });

  it('says how it does on held-out calls, in YAML, in JSON and by its exit code', async () => {
    const strange = folder.write(
      'strange.jsonl',
      linesOf([
        ...CALLS,
        ...Array.from({ length: 10 }, (_, index) => call(index, { arguments: { region: 'eu' }, run: `s-${index}` })),
      ]),
    );
    const fine = await report(log);
    expect(fine).toMatchObject({ exit: 0, heldOut: { by: 'run' } });
    expect(fine.heldOut.calls).toBeGreaterThan(0);
    expect(fine.heldOut.allowed).toBe(fine.heldOut.calls);
    expect(fine.calls + fine.heldOut.calls).toBe(60);
    const single = await report(
      folder.write('one-run.jsonl', linesOf(CALLS.map((value) => ({ ...value, run: 'only' })))),
    );
    expect(single.heldOut.by).toBe('call');
    const outliers = [];
    for (let index = 0; index < 10; index += 1) {
      const file = folder.write(
        'outlier.jsonl',
        linesOf([...CALLS, call(0, { arguments: { region: 'eu', limit: 99 }, run: `s-${index}` })]),
      );
      outliers.push(await runCommand(['suggest', '--holdout', '0.5', file]));
    }
    expect(outliers.map(({ code }) => code)).toContain(1);
    expect(outliers.find(({ code }) => code === 1)?.out).toContain(
      '#   - 1 × deny `inventory.lookup` on `inventory`: /limit: expected',
    );
    expect((await report(strange)).policy.servers).toHaveProperty('inventory');
  });

  it('reads sealed traces, gzipped logs and standard input alike', async () => {
    const keys = generateTraceKey();
    const key = folder.write('trace.key', keys.secretKey);
    const trace = `${folder.path}/calls.cgtrace`;
    const gate = await createGate({
      policy: await loadPolicy(folder.write('policy.yaml', GOOD_POLICY)),
      trace: { file: trace, key: keys.publicKey },
    });
    await gate.close();
    expect(await report('-k', key, trace)).toMatchObject({ exit: 1, calls: 0, policy: { servers: {} } });
    const zipped = `${folder.path}/calls.jsonl.gz`;
    writeFileSync(zipped, gzipSync(linesOf(CALLS)));
    const { policy } = await report(log);
    expect((await report(zipped)).policy).toEqual(policy);
    const piped = await runCommand(['suggest', '--format', 'json'], { stdin: linesOf(CALLS) });
    expect((JSON.parse(piped.out) as Report).policy).toEqual(policy);
  });

  it('names what it did not learn from', async () => {
    const file = folder.write(
      'mixed.jsonl',
      `${linesOf([...CALLS, call(0, { tool: 'inventory.adjust', decision: { effect: 'deny' } }), { server: 'inventory', method: 'resources/read', params: { uri: 'a://b' } }])}not json\n`,
    );
    const found = await report(file);
    expect(found).toMatchObject({ exit: 1, malformed: 1 });
    expect(found.skipped).toEqual([
      { server: 'inventory', target: 'inventory.adjust', reason: 'it was denied or held when it was made', calls: 1 },
      { server: 'inventory', target: 'resources/read', reason: 'no tool call: allow it by hand', calls: 1 },
    ]);
    const all = await report('--include-refused', '--holdout', '0', file);
    expect(Object.keys(all.policy.servers['inventory']?.tools ?? {})).toEqual(['inventory.adjust', 'inventory.lookup']);
    const { out, err } = await runCommand(['suggest', file]);
    expect(out).toContain('# Not learned from:');
    expect(err).toContain('mixed.jsonl:63');
  });

  it('uses what a server says of its tools, of the server that is named', async () => {
    const tools = folder.write(
      'tools.json',
      JSON.stringify({ tools: [{ name: 'inventory.lookup', annotations: { destructiveHint: true } }] }),
    );
    const effect = async (value: string): Promise<unknown> => {
      const { policy } = await report('--from-tools', value, log);
      return policy.servers['inventory']?.tools['inventory.lookup'];
    };
    expect(await effect(tools)).toMatchObject({ effect: 'destructive', ring: 2 });
    expect(await effect(`inventory=${tools}`)).toMatchObject({ effect: 'destructive' });
    expect(await effect(`other=${tools}`)).toMatchObject({ effect: 'read', ring: 1 });
  });

  it('replaces no file without being told to', async () => {
    const file = folder.write('there.yaml', 'mine\n');
    const refused = await runCommand(['suggest', '-o', file, log]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    expect((await runCommand(['suggest', '-o', file, '--force', log])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('callgate: 1');
  });

  it.each([
    [['--holdout', '1', log], 'share'],
    [['--min-support', '0', log], 'whole number'],
    [['--from-tools', `${folder.path}/none.json`, log], 'none.json'],
    [['--from-tools', log, log], 'expected JSON'],
    [[`${folder.path}/none.jsonl`], 'none.jsonl'],
  ])('%j is an error of usage', async (args, words) => {
    const { code, err } = await runCommand(['suggest', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(existsSync(`${folder.path}/none.json`)).toBe(false);
  });
});
