import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { clonePlain } from '@callgate/canonical';
import fc from 'fast-check';
import { createGate, generateTraceKey, loadPolicy } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

import { readLoggedCall } from '../src/replay/replay-call.ts';
import { GOOD_POLICY } from './support/policies.ts';
import { createFolder, runCommand, type Ran } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const KEYS = generateTraceKey();
const key = folder.write('trace.key', KEYS.secretKey);
const policy = folder.write('policy.yaml', GOOD_POLICY);
const wider = folder.write('wider.yaml', GOOD_POLICY.replace('[us-east, us-west]', "[us-east, us-west, '*']"));
const narrower = folder.write('narrower.yaml', GOOD_POLICY.replace('maximum: 100', 'maximum: 5'));
const ungated = folder.write(
  'ungated.yaml',
  GOOD_POLICY.replace('        approval: { by: ["role:stock-lead"] }\n', ''),
);

const lookup = (region: unknown, limit: unknown, more: object = {}): object => ({
  server: 'inventory',
  tool: 'inventory.lookup',
  arguments: { region, limit },
  ...more,
});
const adjust = {
  server: 'inventory',
  tool: 'inventory.adjust',
  arguments: { sku: 'S-1', delta: 1 },
  principal: { user: 'u-1' },
};
const CALLS = [lookup('us-east', 3), lookup('us-west', 50), lookup('*', 1), adjust];

const jsonLines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
let logs = 0;
function log(values: readonly unknown[] | string): string {
  logs += 1;
  return folder.write(`log-${logs}.jsonl`, typeof values === 'string' ? values : jsonLines(values));
}

interface Report {
  readonly calls: number;
  readonly uncompared: number;
  readonly effects: Record<string, number>;
  readonly changes: Record<string, number>;
  readonly groups: readonly {
    readonly change: string;
    readonly target: string;
    readonly count: number;
    readonly examples: readonly { readonly place: number; readonly arguments: unknown }[];
  }[];
  readonly malformed: { readonly count: number; readonly places: readonly { readonly place: number }[] };
  readonly lost: number;
  readonly notices: readonly { readonly message: string }[];
}

async function replay(...args: readonly string[]): Promise<Ran & { readonly report: Report }> {
  const ran = await runCommand(['replay', '--format', 'json', ...args]);
  return { ...ran, report: JSON.parse(ran.out === '' ? '{}' : ran.out) as Report };
}

const flipsOf = ({ changes }: Report): Record<string, number> =>
  Object.fromEntries(Object.entries(changes).filter(([, count]) => count > 0));

describe('callgate replay between two policies', () => {
  it('finds nothing between a policy and itself', async () => {
    const { code, report } = await replay('-p', policy, '--against', policy, log(CALLS));
    expect(code).toBe(0);
    expect(flipsOf(report)).toEqual({});
    expect(report).toMatchObject({ calls: 4, uncompared: 0, effects: { allow: 2, deny: 1, hold: 1 } });
  });

  it.each([
    [wider, policy, { 'deny-allow': 1 }, 4],
    [policy, wider, { 'allow-deny': 1 }, 1],
    [narrower, policy, { 'allow-deny': 1 }, 1],
    [ungated, policy, { 'hold-allow': 1 }, 4],
    [policy, ungated, { 'allow-hold': 1 }, 1],
  ])('classes flips and tells them by its exit code: %s against %s', async (candidate, baseline, flips, exit) => {
    const { code, report } = await replay('-p', candidate, '--against', baseline, log(CALLS));
    expect(flipsOf(report)).toEqual(flips);
    expect(code).toBe(exit);
  });

  it('lets the exit code tell only what is asked for', async () => {
    const file = log(CALLS);
    const codes = async (candidate: string, ...failOn: string[]): Promise<number> => {
      const options = failOn.flatMap((name) => ['--fail-on', name]);
      return (await replay('-p', candidate, '--against', policy, ...options, file)).code;
    };
    expect(await codes(wider, 'narrowing')).toBe(0);
    expect(await codes(wider, 'widening')).toBe(4);
    expect(await codes(wider, 'none')).toBe(0);
    expect(await codes(narrower, 'widening')).toBe(0);
    expect(await codes(narrower, 'deny-hold', 'allow-deny')).toBe(1);
    expect((await runCommand(['replay', '-p', policy, '--fail-on', 'denyallow', file])).err).toContain('deny-allow');
  });

  it('shows shapes, and arguments only where asked', async () => {
    const file = log([lookup('*', 77_777)]);
    const quiet = await replay('-p', folder.write('any.yaml', LOOSE), '--against', policy, file);
    expect(quiet.report.groups[0]?.examples[0]?.arguments).toEqual({ region: 'string of 1', limit: 'number' });
    expect(quiet.out).not.toContain('77777');
    const shown = await replay('-p', folder.write('any.yaml', LOOSE), '--against', policy, '--show-arguments', file);
    expect(shown.report.groups[0]?.examples[0]?.arguments).toEqual({ region: '*', limit: 77_777 });
  });

  it('bounds examples and groups whatever the calls are', async () => {
    const strange = Array.from({ length: 2_500 }, (_, index) => ({
      server: 'inventory',
      tool: `t${index}`,
      arguments: {},
    }));
    const { report } = await replay(
      '-p',
      folder.write('any.yaml', LOOSE),
      '--against',
      policy,
      '--examples',
      '1',
      log(strange),
    );
    expect(flipsOf(report)).toEqual({ 'deny-allow': 2_500 });
    expect(report.groups).toHaveLength(2_000);
    expect(report).toMatchObject({ ungrouped: 500 });
  });
});

const LOOSE = `callgate: 1
name: loose
version: "1"
servers:
  inventory: { tools: { "*": { ring: 1, arguments: any } } }
`;

describe('callgate replay against recorded decisions', () => {
  it('compares where a decision is noted, and says where none is', async () => {
    const file = log([
      lookup('us-east', 3, { decision: { effect: 'deny', code: 'arguments.envelope' } }),
      lookup('us-east', 3, { decision: { effect: 'allow' }, result: { content: [] }, outcome: 'ok' }),
      lookup('*', 3, { decision: { effect: 'deny', code: 'tool.not_allowed' } }),
      lookup('us-east', 3),
    ]);
    const { code, report } = await replay('-p', policy, file);
    expect(flipsOf(report)).toEqual({ 'deny-allow': 1, reason: 1 });
    expect(report.uncompared).toBe(1);
    expect(code).toBe(4);
  });

  it('compares what enforcement would do, where that is asked for', async () => {
    const observed = folder.write('observed.yaml', GOOD_POLICY.replace('servers:\n', 'stage: observe\nservers:\n'));
    const file = log([
      lookup('*', 3, { decision: { effect: 'allow', would: 'deny', wouldCode: 'arguments.envelope' } }),
    ]);
    expect(flipsOf((await replay('-p', policy, file)).report)).toEqual({ 'allow-deny': 1 });
    expect(flipsOf((await replay('-p', policy, '--as-enforced', file)).report)).toEqual({});
    expect(flipsOf((await replay('-p', observed, '--as-enforced', file)).report)).toEqual({});
    expect(flipsOf((await replay('-p', observed, file)).report)).toEqual({});
  });

  it('decides each call at its own time', async () => {
    const hours = folder.write(
      'hours.yaml',
      `${GOOD_POLICY}rules:\n  - id: office-hours\n    match: { tool: inventory.lookup }\n    deny: "!now.window('Mon-Fri 09:00-17:00', 'UTC')"\n`,
    );
    const at = (time: unknown): object => lookup('us-east', 3, { at: time, decision: { effect: 'allow' } });
    const noon = '2026-11-25T12:00:00Z';
    const file = log([at(noon), at(Date.parse(noon)), at('2026-11-25T20:00:00Z'), at(undefined)]);
    // Without a time, what reads it cannot be evaluated, and an error never allows.
    expect(flipsOf((await replay('-p', hours, file)).report)).toEqual({ 'allow-deny': 2 });
    expect(flipsOf((await replay('-p', hours, '--at', noon, file)).report)).toEqual({ 'allow-deny': 1 });
  });

  it('reads when each call was decided', async () => {
    const compiled = await loadPolicy(policy);
    const time = Date.parse('2026-11-25T10:00:00Z');
    const atOf = (at: unknown): number | undefined =>
      readLoggedCall(clonePlain(lookup('us-east', 3, { at })), compiled).at;
    for (const at of ['2026-11-25T10:00:00Z', '2026-11-25T11:00:00.000+01:00', '2026-11-25 10:00', time])
      expect(atOf(at)).toBe(time);
    expect(readLoggedCall(clonePlain(lookup('us-east', 3)), compiled).at).toBeUndefined();
    for (const at of ['now', '2026-13-01', '', null, true, {}])
      expect(() => atOf(at)).toThrow('expected a time at `/at`');
    expect((await runCommand(['replay', '-p', policy, '--at', 'today', log(CALLS)])).code).toBe(2);
  });
});

describe('what callgate replay reads', () => {
  it('counts and names lines that are no calls, and goes on', async () => {
    const good = JSON.stringify(lookup('us-east', 3));
    const file = log(
      [
        good,
        '{"server":"inventory"',
        '',
        '{"server":"inventory","tool":"a","tool":"b"}',
        '{"server":"inventory","tool":"a","argument":{}}',
        `${good.slice(0, -1)},"at":"yesterday"}`,
        `${good.slice(0, -1)},"decision":{"effect":"maybe"}}`,
        '[]',
        good,
      ].join('\n'),
    );
    const { code, report, err } = await replay('-p', policy, '--against', policy, file);
    expect(report.calls).toBe(2);
    expect(report.malformed.count).toBe(6);
    expect(report.malformed.places.map(({ place }) => place)).toEqual([2, 4, 5, 6, 7, 8]);
    expect(err).toContain(`${file}:2: expected JSON`);
    expect(err).toContain('did you mean `arguments`');
    expect(code).toBe(1);
    expect((await replay('-p', policy, '--against', policy, '--fail-on', 'widening', file)).code).toBe(0);
  });

  it('names every one of them in JSON Lines, and bounds what it says of them elsewhere', async () => {
    const file = log('x\n'.repeat(1_000));
    const lines = await runCommand(['replay', '-p', policy, '--format', 'jsonl', file]);
    expect(lines.out.trim().split('\n')).toHaveLength(1_000);
    expect(JSON.parse(lines.out.split('\n')[999] ?? '')).toMatchObject({
      place: 1_000,
      error: { code: 'input.malformed' },
    });
    expect(lines.err.split('\n').length).toBeLessThan(30);
    expect(lines.err).toContain('1,000 malformed');
  });

  it('reads several logs, gzipped ones and standard input', async () => {
    const gz = `${folder.path}/calls.gz`;
    writeFileSync(gz, Buffer.concat([gzipSync(jsonLines(CALLS)), gzipSync(jsonLines(CALLS))]));
    const world = { stdin: jsonLines(CALLS) };
    const ran = await runCommand(['replay', '-p', policy, '--format', 'json', gz, log(CALLS), '-'], world);
    expect(JSON.parse(ran.out)).toMatchObject({ calls: 16 });
    const onlyInput = await runCommand(['replay', '-p', policy, '--format', 'json'], {
      stdin: [gzipSync(jsonLines(CALLS))],
    });
    expect(JSON.parse(onlyInput.out)).toMatchObject({ calls: 4 });
  });

  it('says what it cannot read', async () => {
    const cut = `${folder.path}/cut.gz`;
    writeFileSync(cut, gzipSync(jsonLines(CALLS)).subarray(0, 30));
    for (const [file, message] of [
      [`${folder.path}/none`, 'ENOENT'],
      [folder.path, 'EISDIR'],
      [cut, 'to its end'],
    ] as const) {
      const { code, err } = await replay('-p', policy, file);
      expect(code).toBe(2);
      expect(err).toContain(message);
    }
    expect((await runCommand(['replay', '-p', policy], { stdinIsTerminal: true })).err).toContain('expected a log');
  });

  it('reads methods other than tools/call, and what was observed of a server', async () => {
    const file = log([
      { server: 'inventory', method: 'resources/read', params: { uri: 'docs://a' } },
      { server: 'inventory', method: 'sampling/createMessage', direction: 'server-to-client' },
      lookup('us-east', 3, { identity: { command: 'node', args: [] } }),
      lookup('us-east', 3, { identity: null }),
      lookup('us-east', 3),
    ]);
    expect((await replay('-p', policy, file)).report.effects).toEqual({ allow: 1, deny: 4, hold: 0 });
    expect((await replay('-p', policy, '--assume-identity', file)).report.effects).toEqual({
      allow: 3,
      deny: 2,
      hold: 0,
    });
  });

  it('prints a decision a line, a report for a person, and tables for a comment', async () => {
    const file = log(CALLS);
    const args = ['replay', '-p', wider, '--against', policy, file];
    const lines = await runCommand([...args, '--format', 'jsonl', '--only-changes']);
    expect(JSON.parse(lines.out)).toMatchObject({
      place: 3,
      change: 'deny-allow',
      before: { effect: 'deny' },
      effect: 'allow',
    });
    const pretty = await runCommand(args);
    expect(pretty.out).toContain('DENY→ALLOW inventory.lookup on inventory: 1 call');
    expect(pretty.out).toContain(`${file}:3`);
    const markdown = await runCommand([...args, '--format', 'markdown']);
    expect(markdown.out).toContain('| DENY→ALLOW | `inventory` | `inventory.lookup` | 1 |');
    expect((await runCommand([...args, '--only-changes'])).code).toBe(2);
  });

  it('lets no name of a policy be markup in a comment', async () => {
    const baseline = folder.write('named.yaml', LOOSE.replace(/^name: .*$/mu, 'name: "<img src=x> @team"'));
    const { out } = await runCommand([
      'replay',
      '-p',
      policy,
      '--against',
      baseline,
      '--format',
      'markdown',
      log(CALLS),
    ]);
    expect(out.split('\n')[0]).toContain('against `<img src=x> @team`');
  });

  it('lets no name of a tool break out of a table', async () => {
    const file = log([{ server: 'inventory', tool: '`x` | <img src=x>\u202E\n| y', arguments: { 'a|b`': 1 } }]);
    const { out } = await runCommand([
      'replay',
      '-p',
      folder.write('any.yaml', LOOSE),
      '--against',
      policy,
      '--format',
      'markdown',
      file,
    ]);
    const row = out.split('\n').find((line) => line.includes('<img')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(8);
    expect(row).not.toContain('\u202E');
    expect(row.match(/`/gu)?.length).toBe(10);
  });
});

describe('replay of an unchanged policy', () => {
  const value = fc.oneof(
    fc.constantFrom('us-east', 'us-west', '*', '', 3, 3.5, 101, null, true, '__proto__'),
    fc.jsonValue({ maxDepth: 2 }).map((item) => item as never),
    fc.string({ unit: 'binary' }),
  );
  const call = fc.record({
    tool: fc.constantFrom('inventory.lookup', 'inventory.adjust', 'inventory.other', '*'),
    arguments: fc.oneof(
      fc.record({ region: value, limit: value }),
      fc.dictionary(fc.constantFrom('region', 'limit', 'sku', 'delta', 'toString', 'x y'), value),
    ),
    principal: fc.record(
      { user: fc.string({ minLength: 1 }), roles: fc.array(fc.constantFrom('support', 'lead')) },
      { requiredKeys: [] },
    ),
  });

  it('flips nothing: JSON Lines with the decisions of `decide`, and against itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60 }), async (calls) => {
        const lines = calls.map((item) => JSON.stringify({ server: 'inventory', ...item }));
        const { out } = await runCommand(['decide', '-p', policy], { stdin: `${lines.join('\n')}\n` });
        const decisions = out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { readonly effect: string; readonly code: string });
        const decided = lines.map((line, index) => {
          const { effect, code } = decisions[index] ?? {};
          return `${line.slice(0, -1)},"decision":${JSON.stringify({ effect, code })}}`;
        });
        const stdin = `${decided.join('\n')}\n`;
        for (const against of [[], ['--against', policy]]) {
          const ran = await runCommand(['replay', '-p', policy, ...against, '--format', 'json'], { stdin });
          expect(ran.err).toBe('');
          const report = JSON.parse(ran.out) as Report;
          expect(flipsOf(report)).toEqual({});
          expect(report.calls).toBe(calls.length);
          expect(ran.code).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('flips nothing: a trace of a gate, to the last detail, and its export', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
        run += 1;
        const file = `${folder.path}/gate-${run}.cgtrace`;
        await traceCalls(file, calls);
        const exact = await replay('-p', policy, '--key-file', key, '--exact', file);
        expect(flipsOf(exact.report)).toEqual({});
        expect(exact.code).toBe(0);
        expect(exact.report.calls).toBe(calls.length);
        const exported = await runCommand(['trace', 'export', '--key-file', key, file]);
        expect(exported.code).toBe(0);
        const again = await runCommand(['replay', '-p', policy, '--exact', '--format', 'json'], {
          stdin: exported.out,
        });
        expect(flipsOf(JSON.parse(again.out) as Report)).toEqual({});
        expect(JSON.parse(again.out)).toMatchObject({ calls: calls.length, uncompared: 0 });
      }),
      { numRuns: 40 },
    );
  });
});

/** Sends calls through a gate with a trace to a server that answers nothing. */
async function traceCalls(
  file: string,
  calls: readonly { readonly tool: string; readonly arguments: object }[],
): Promise<void> {
  const gate = await createGate({
    policy: await loadPolicy(policy),
    trace: { file, key: KEYS.publicKey },
    drainMs: 0,
  });
  const inner = { start: async () => undefined, send: async () => undefined, close: async () => undefined };
  const transport = gate.wrap(inner, {
    server: 'inventory',
    identity: { command: 'npx', args: ['-y', 'inventory@1.0.0'] },
  });
  await transport.start();
  for (const [index, { tool, arguments: args }] of calls.entries()) {
    await transport.send({ jsonrpc: '2.0', id: index, method: 'tools/call', params: { name: tool, arguments: args } });
  }
  await gate.close();
}

describe('a trace', () => {
  it('needs its key, from a file or the environment', async () => {
    const file = `${folder.path}/keyed.cgtrace`;
    await traceCalls(file, [{ tool: 'inventory.lookup', arguments: { region: 'us-east', limit: 1 } }]);
    const without = await replay('-p', policy, file);
    expect(without.code).toBe(2);
    expect(without.err).toContain('--key-file');
    const ran = await runCommand(['replay', '-p', policy, file], { env: { CALLGATE_TRACE_KEY: KEYS.secretKey } });
    expect(ran.out).toContain('1 call: 1 allowed');
    const other = folder.write('other.key', generateTraceKey().secretKey);
    const wrong = await replay('-p', policy, '--key-file', other, file);
    expect(wrong.err).toContain('expected the key that the trace is sealed for');
    expect(wrong.code).toBe(2);
  });

  it('that was cut gives what is there and says so; one that is broken is a finding', async () => {
    const file = `${folder.path}/whole.cgtrace`;
    await traceCalls(
      file,
      Array.from({ length: 50 }, () => ({ tool: 'inventory.lookup', arguments: { region: 'x'.repeat(3_000) } })),
    );
    const bytes = readFileSync(file);
    const cut = `${folder.path}/cut.cgtrace`;
    writeFileSync(cut, bytes.subarray(0, -200));
    const short = await replay('-p', policy, '-k', key, cut);
    expect(short.code).toBe(0);
    expect(short.report.notices[0]?.message).toContain('without its last record');
    const broken = `${folder.path}/broken.cgtrace`;
    const changed = Buffer.from(bytes);
    changed[80_000] = (changed[80_000] ?? 0) ^ 1;
    writeFileSync(broken, changed);
    const bad = await replay('-p', policy, '-k', key, broken);
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('broken');
    expect((await runCommand(['trace', 'info', '-k', key, cut])).code).toBe(1);
    expect((await runCommand(['trace', 'info', '-k', key, broken])).out).toContain('broken from frame 1');
    expect((await runCommand(['trace', 'export', '-k', key, broken])).code).toBe(1);
  });
});
