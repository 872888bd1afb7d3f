import { afterAll, describe, expect, it } from 'vitest';

import { GOOD_POLICY } from './support/policies.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const policy = folder.write('policy.yaml', GOOD_POLICY);
const base = ['explain', '--policy', policy];
const lookup = [...base, '--server', 'inventory', '--tool', 'inventory.lookup'];

describe('callgate explain', () => {
  it('allows a call that passes, with exit code 0', async () => {
    const { code, out, err } = await runCommand([...lookup, '--arguments', '{"region":"us-west","limit":3}']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('ALLOW inventory.lookup: ');
  });

  it('shows controls over many calls, with their lines and how far they have come', async () => {
    const metered = folder.write(
      'metered.yaml',
      `${GOOD_POLICY}meters:\n  - { id: none, count: calls, per: [run], max: 0, message: closed }\n`,
    );
    const one = ['explain', '-p', metered, '-s', 'inventory', '-t', 'inventory.lookup', '--run', 'r'];
    const { code, out } = await runCommand([...one, '-a', '{"region":"us-west","limit":3}']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /Controls over many calls\n {2}none meter · meter\.exceeded · \S+metered\.yaml:\d+:5 · stage enforce\n {4}closed\n {4}✗ /u,
    );
    const { out: json } = await runCommand([...one, '-a', '{"region":"us-west","limit":3}', '--format=json']);
    expect(JSON.parse(json)).toMatchObject({
      code: 'meter.exceeded',
      controls: [{ id: 'none', effect: 'deny', max: 0 }],
    });
  });

  it('says that it knows nothing of earlier calls, and which controls count them', async () => {
    const metered = folder.write(
      'counted.yaml',
      `${GOOD_POLICY}meters:\n  - { id: hourly, count: calls, per: [run], within: 1h, max: 9 }\n  - { id: by-team, count: calls, per: [principal.team], max: 9 }\n`,
    );
    const one = ['explain', '-p', metered, '-s', 'inventory', '-t', 'inventory.lookup', '--run', 'r'];
    const passing = await runCommand([...one, '-a', '{"region":"us-west","limit":3}', '--team', 'red']);
    expect(passing.code).toBe(0);
    expect(passing.out).toContain(
      '\nLooked at as the first call of all\n  these count what came before: by-team, hourly\n  what came before: `callgate run show <run> <ledger>`\n',
    );
    const teamless = await runCommand([...one, '-a', '{"region":"us-west","limit":3}']);
    expect(teamless.out).toContain('got one that cannot be judged: expected a known team to keep count by, got none\n');
    expect(teamless.out).toContain('was found; the controls above are in the way\n');
    const uncounted = await runCommand([...lookup, '-a', '{"region":"us-west","limit":3}']);
    expect(uncounted.out).not.toContain('Looked at');
  });

  it('shows every violation, the rule with its place, and a call that passes', async () => {
    const { code, out } = await runCommand([
      ...lookup,
      '-a',
      '{"region":"*","limit":4000}',
      '--user',
      'u-17',
      '--role',
      'a',
      '--role',
      'b',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('DENY inventory.lookup: wildcard region is forbidden\n');
    expect(out).toContain('user u-17, roles a, b');
    expect(out).toContain(`/region: wildcard region is forbidden; expected one of \`us-east\`, \`us-west\``);
    expect(out).toContain(`enum · ${policy}:12:`);
    expect(out).toContain('owner support-engineering');
    expect(out).toContain(`/servers/inventory/tools/inventory.lookup ${policy}:9:7`);
    expect(out).toContain('What would pass (verified; each line needs all its changes)');
    expect(out).toContain(
      '  allowed: set `limit` to `100`; set `region` to `us-east`\n    {"limit":100,"region":"us-east"}',
    );
    expect(out).toContain('Next fix arguments');
  });

  it('tells the model which way to go, and no more', async () => {
    const args = [...lookup, '-a', '{"region":"us-west","limit":0}', '--visibility', 'model'];
    const { code, out } = await runCommand(args);
    expect(code).toBe(1);
    expect(out).toContain('/limit: expected an integer from 1 to 100, got a number');
    expect(out).toContain('  allowed: set `limit` to `1`\n');
    expect(out).not.toMatch(/support-engineering|policy\.yaml|risk-ops/u);
    const json = JSON.parse((await runCommand([...args, '--format', 'json'])).out);
    expect(Object.keys(json).toSorted()).toEqual([
      'code',
      'effect',
      'hints',
      'message',
      'next',
      'retryable',
      'violations',
      'ways',
    ]);
  });

  it('gives every way as a call that can be explained again', async () => {
    const args = ['-s', 'inventory', '-t', 'inventory.adjsut', '-a', '{"sku":"S-1","delta":99}', '--format', 'json'];
    const { ways } = JSON.parse((await runCommand([...base, ...args])).out);
    expect(ways.length).toBeGreaterThan(0);
    for (const { effect, call, approvers } of ways) {
      const again = JSON.parse((await runCommand([...base, '--call', JSON.stringify(call), '--format', 'json'])).out);
      expect([again.effect, again.approvers]).toEqual([effect, approvers]);
    }
  });

  it('offers as passing only what the policy then allows', async () => {
    const first = await runCommand([...lookup, '-a', '{"region":"us-esat","limit":0,"foo":1}', '--format', 'json']);
    const { passing, passingEffect } = JSON.parse(first.out);
    expect(passingEffect).toBe('allow');
    expect((await runCommand([...lookup, '-a', JSON.stringify(passing)])).code).toBe(0);
  });

  it('says who may approve a call that is held, and who owns approvals', async () => {
    const args = ['-s', 'inventory', '-t', 'inventory.adjust', '-a', '{"sku":"S-1","delta":1}', '--user', 'u-17'];
    const { code, out } = await runCommand([...base, ...args]);
    expect(code).toBe(1);
    expect(out).toContain('HOLD inventory.adjust');
    expect(out).toContain('may approve: role:stock-lead (owner risk-ops)');
  });

  it('gives the same as one JSON object', async () => {
    const { code, out } = await runCommand([
      ...lookup,
      '-a',
      '{"region":"*"}',
      '--agent',
      'a',
      '--tenant',
      't',
      '--workload',
      'w',
      '--run',
      'r',
      '--format=json',
    ]);
    expect(code).toBe(1);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      effect: 'deny',
      code: 'arguments.envelope',
      rule: [{ rule: '/servers/inventory/tools/inventory.lookup', line: 9 }],
      call: {
        server: 'inventory',
        method: 'tools/call',
        name: 'inventory.lookup',
        principal: { agent: 'a', tenant: 't', workload: 'w' },
        run: 'r',
      },
      policy: { name: 'support-desk', version: '7' },
      approvalOwner: 'risk-ops',
      passingEffect: 'allow',
    });
  });

  it('takes the call from --call, from a file and from standard input alike', async () => {
    const call = JSON.stringify({
      server: 'inventory',
      tool: 'inventory.lookup',
      arguments: { region: '*', limit: 1 },
    });
    const file = folder.write('call.json', call);
    const ran = await Promise.all([
      runCommand([...base, '--call', call]),
      runCommand([...base, '--call', `@${file}`]),
      runCommand([...base, '--call', '-'], { stdin: call }),
      runCommand(base, { stdin: call }),
      runCommand([...lookup, '-a', '-'], { stdin: '{"region":"*","limit":1}' }),
      runCommand([...lookup, '-a', `@${folder.write('arguments.json', '{"region":"*","limit":1}')}`]),
    ]);
    for (const { code, out } of ran) expect({ code, out }).toEqual({ code: 1, out: ran[0].out });
  });

  it('lets flags say who acts in a call that is given whole', async () => {
    const call = JSON.stringify({ server: 'inventory', tool: 'x', principal: { user: 'a', tenant: 't' } });
    const { out } = await runCommand([...base, '--call', call, '--user', 'b', '--format', 'json']);
    expect(JSON.parse(out).call.principal).toEqual({ user: 'b', tenant: 't' });
  });

  it.each([
    [[...base, '--server', 'x'], 'expected `--server` and `--tool`'],
    [[...lookup, '--call', '{}'], 'not both'],
    [['explain', '-s', 'x', '-t', 'y'], 'expected `--policy <file>`'],
    [[...lookup, '-a', '{'], 'expected JSON'],
    [[...lookup, '-a', '[]'], 'expected an object at `/arguments`, got an array'],
    [[...lookup, '-a', '@/nowhere/at-all.json'], 'cannot read `/nowhere/at-all.json`: ENOENT'],
    [[...base, '--call', '{"server":"x","tol":"y"}'], 'unknown key `tol`; did you mean `tool`?'],
    [[...base, '--call', '7'], 'expected the call to be an object'],
  ])('%j is refused with exit code 2', async (argv, message) => {
    const { code, out, err } = await runCommand(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('asks for a call instead of waiting at a terminal', async () => {
    const { code, err } = await runCommand(base, { stdinIsTerminal: true });
    expect(code).toBe(2);
    expect(err).toContain('expected a call');
  });

  it('never lets a call steer the terminal', async () => {
    const call = JSON.stringify({ server: 'inven\u001B[2Jtory', tool: '\u202Elookup\u009B1m', run: '\u0007' });
    const { out } = await runCommand([...base, '--call', call]);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});
