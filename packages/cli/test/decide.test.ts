import { afterAll, describe, expect, it } from 'vitest';

import { GOOD_POLICY, LOOSE_POLICY } from './support/policies.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const policy = folder.write('policy.yaml', GOOD_POLICY);

const allowed = { server: 'inventory', tool: 'inventory.lookup', arguments: { region: 'us-east', limit: 25 } };
const denied = { server: 'inventory', tool: 'inventory.lookup', arguments: { region: '*', limit: 25 } };
const held = {
  server: 'inventory',
  tool: 'inventory.adjust',
  arguments: { sku: 'S-1', delta: 2 },
  principal: { user: 'u-17', roles: ['stock'] },
};

async function decide(lines: readonly unknown[]): Promise<{ code: number; answers: any[]; err: string }> {
  const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { code, out, err } = await runCommand(['decide', '--policy', policy], { stdin });
  return {
    code,
    answers: out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
    err,
  };
}

describe('callgate decide', () => {
  it('gives one decision a line, in the order of the input, with ids echoed', async () => {
    const { code, answers } = await decide([
      { ...allowed, id: 'a' },
      { ...denied, id: 2 },
      { ...held, id: 'c' },
      allowed,
    ]);
    expect(code).toBe(1);
    expect(answers.map(({ id, effect, code: reason, next }) => [id, effect, reason, next])).toEqual([
      ['a', 'allow', 'allowed', 'stop'],
      [2, 'deny', 'arguments.envelope', 'fix_arguments'],
      ['c', 'hold', 'approval.required', 'request_approval'],
      [undefined, 'allow', 'allowed', 'stop'],
    ]);
  });

  it('decides no call that names something twice: a server may keep the other value', async () => {
    const { code, answers } = await decide([
      '{"server":"inventory","tool":"inventory.lookup","arguments":{"region":"*","limit":25,"region":"us-east"}}',
    ]);
    expect(code).toBe(1);
    expect(answers).toEqual([
      { line: 1, error: { code: 'input.malformed', message: 'expected each name of an object once, got one twice' } },
    ]);
  });

  it('exits with 0 only when every call is allowed', async () => {
    expect((await decide([allowed, allowed])).code).toBe(0);
    expect((await decide([])).code).toBe(0);
    expect((await decide([allowed, denied])).code).toBe(1);
    expect((await decide([allowed, held])).code).toBe(1);
    expect((await decide([allowed, 'x'])).code).toBe(1);
  });

  it('says what failed, and the rule with its line', async () => {
    const { answers } = await decide([denied]);
    expect(answers[0]).toMatchObject({
      effect: 'deny',
      stage: 'enforce',
      message: 'wildcard region is forbidden',
      rule: [{ rule: '/servers/inventory/tools/inventory.lookup', line: 9 }],
      errors: [],
      hints: ['set `region` to one of `us-east`, `us-west`'],
    });
    expect(answers[0].violations).toEqual([
      expect.objectContaining({ code: 'enum', pointer: '/region', location: expect.objectContaining({ line: 12 }) }),
    ]);
  });

  it.each([
    ['not JSON', '{"server":', 'expected JSON'],
    ['no object', '[1]', 'expected an object, got an array'],
    ['a misspelt key', { ...allowed, argument: {} }, 'unknown key `argument`; did you mean `arguments`?'],
    ['keys of the other form', { ...allowed, params: {} }, 'unexpected key `params`'],
    ['no server', { tool: 'x' }, 'expected a string that is not empty at `/server`, got nothing'],
    ['neither tool nor method', { server: 'x' }, 'expected `tool` or `method`'],
    ['arguments that are no object', { ...allowed, arguments: [] }, 'expected an object at `/arguments`, got an array'],
    ['null arguments', { ...allowed, arguments: null }, 'expected an object at `/arguments`, got null'],
    ['an unknown direction', { server: 'x', method: 'ping', direction: 'up' }, 'expected `client-to-server` or'],
    [
      'roles that are no strings',
      { ...allowed, principal: { roles: [1] } },
      'an array of strings at `/principal/roles`',
    ],
    [
      'a misspelt principal',
      { ...allowed, principal: { usr: 'x' } },
      'unknown key `usr` at `/principal`; did you mean `user`?',
    ],
    ['a lone surrogate', '{"server":"x","tool":"\\ud800"}', 'expected well-formed Unicode'],
    ['depth beyond the bound', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'expected'],
  ])('a line with %s gives an error, and the stream goes on', async (_name, line, message) => {
    const { code, answers, err } = await decide([allowed, line, allowed]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(answers).toHaveLength(3);
    expect(answers[1]).toMatchObject({ line: 2, error: { code: 'input.malformed' } });
    expect(answers[1].error.message).toContain(message);
    expect(answers[1]).not.toHaveProperty('effect');
    expect(answers[2].effect).toBe('allow');
  });

  it('echoes the id of a malformed line where it has one', async () => {
    const { answers } = await decide([{ id: 'x1', server: 'inventory' }]);
    expect(answers[0]).toMatchObject({ id: 'x1', line: 1 });
  });

  it('skips blank lines, takes carriage returns, and needs no final line feed', async () => {
    const line = JSON.stringify(allowed);
    const { code, out } = await runCommand(['decide', '-p', policy], { stdin: `\n${line}\r\n  \r\n${line}` });
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(2);
  });

  it('decides the same however the input is cut into chunks', async () => {
    const lines = [allowed, denied, { ...allowed, run: 'läuft–🙂' }].map((line) => JSON.stringify(line)).join('\n');
    const bytes = new TextEncoder().encode(lines);
    const whole = await runCommand(['decide', '-p', policy], { stdin: lines });
    const cut = await runCommand(['decide', '-p', policy], { stdin: Array.from(bytes, (byte) => Uint8Array.of(byte)) });
    expect(cut).toEqual(whole);
    expect(whole.out.trim().split('\n')).toHaveLength(3);
  });

  it('throws a line beyond the bound away without holding it', async () => {
    function* flood(): Generator<string> {
      for (let index = 0; index < 20; index += 1) yield 'x'.repeat(1024 * 1024);
      yield `\n${JSON.stringify(allowed)}\n`;
    }
    const { code, out } = await runCommand(['decide', '-p', policy], { stdin: flood() });
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(answers[0]).toMatchObject({ line: 1, error: { message: 'expected a line of at most 16777216 bytes' } });
    expect(answers[1].effect).toBe('allow');
  });

  it('refuses bytes that are not UTF-8', async () => {
    const { code, out } = await runCommand(['decide', '-p', policy], { stdin: [Uint8Array.of(0xff, 0xfe, 0x0a)] });
    expect(code).toBe(1);
    expect(JSON.parse(out).error.message).toBe('expected UTF-8 text');
  });

  it('takes the server for the one the policy declares, unless the line says who it is', async () => {
    const { answers } = await decide([
      allowed,
      { ...allowed, identity: { command: 'npx', args: ['-y', 'inventory@1.0.0'] } },
      { ...allowed, identity: { command: 'npx', args: ['-y', 'evil@6.6.6'] } },
      { ...allowed, identity: { url: 'https://evil.example/' } },
    ]);
    expect(answers.map((answer) => answer.code)).toEqual([
      'allowed',
      'allowed',
      'server.identity_mismatch',
      'server.identity_mismatch',
    ]);
  });

  it('decides other messages in both directions', async () => {
    const { answers } = await decide([
      { server: 'inventory', method: 'tools/list' },
      { server: 'inventory', method: 'tools/call', params: { name: allowed.tool, arguments: allowed.arguments } },
      { server: 'inventory', direction: 'server-to-client', method: 'sampling/createMessage', params: {} },
      { server: 'unknown', tool: 'x' },
    ]);
    expect(answers.map((answer) => answer.code)).toEqual([
      'allowed',
      'allowed',
      'method.not_allowed',
      'server.unregistered',
    ]);
  });

  it('says what enforcement would have done where the stage only observes', async () => {
    const loose = folder.write('loose.yaml', LOOSE_POLICY);
    const stdin = JSON.stringify({ server: 'shop', tool: 'no.envelope' });
    const json = await runCommand(['decide', '-p', loose], { stdin });
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({
      effect: 'allow',
      would: 'deny',
      stage: 'observe',
      code: 'allowed',
    });
    const pretty = await runCommand(['decide', '-p', loose, '--format', 'pretty'], { stdin });
    expect(pretty.out).toContain('ALLOW no.envelope');
    expect(pretty.out).toContain('(would deny; stage observe)');
  });

  it('names of prototype members are ordinary names', async () => {
    const { answers } = await decide([
      '{"server":"__proto__","tool":"x"}',
      '{"server":"constructor","tool":"toString"}',
      '{"server":"inventory","tool":"hasOwnProperty"}',
      '{"server":"inventory","tool":"inventory.lookup","arguments":{"__proto__":{"region":"us-east","limit":1}}}',
      '{"server":"inventory","tool":"inventory.lookup","__proto__":{}}',
    ]);
    expect(answers.map((answer) => answer.code ?? answer.error.code)).toEqual([
      'server.unregistered',
      'server.unregistered',
      'tool.not_allowed',
      'arguments.envelope',
      'input.malformed',
    ]);
  });

  it('never repeats values of a call', async () => {
    const { answers } = await decide([
      { ...allowed, arguments: { region: 'canary-51c', limit: 'canary-51c' } },
      '{"server": "canary-51c" "x"}',
    ]);
    expect(JSON.stringify(answers)).not.toContain('canary');
  });

  it('gives a line to read with --format pretty', async () => {
    const stdin = `${JSON.stringify({ ...denied, id: 7 })}\noops\n`;
    const { out } = await runCommand(['decide', '-p', policy, '--format', 'pretty'], { stdin });
    expect(out).toBe(
      `[7] DENY inventory.lookup: wildcard region is forbidden (arguments.envelope, ${policy}:9)\nERROR line 2: expected JSON\n`,
    );
  });

  it('stops quietly when the reader goes away, and does not claim that all was allowed', async () => {
    const stdin = [`${JSON.stringify(allowed)}\n`, `${JSON.stringify(allowed)}\n`, `${JSON.stringify(allowed)}\n`];
    const ran = await runCommand(['decide', '-p', policy], { stdin, readerLeavesAfter: 1 });
    expect(ran.code).toBe(1);
    expect(ran.err).toBe('');
    expect(ran.out.trim().split('\n')).toHaveLength(1);
  });

  it('answers each line before it reads more', async () => {
    const seen: number[] = [];
    const out: string[] = [];
    function* ask(): Generator<string> {
      for (let index = 0; index < 3; index += 1) {
        seen.push(out.join('').split('\n').length - 1);
        yield `${JSON.stringify(allowed)}\n`;
      }
    }
    const { run } = await import('../src/index.ts');
    const code = await run(['decide', '-p', policy], {
      stdin: (async function* stdin() {
        yield* ask();
      })(),
      stdinIsTerminal: false,
      stdout: { write: (text, callback) => (out.push(text), callback(), true), on: () => undefined },
      stderr: { write: (_text, callback) => (callback(), true), on: () => undefined },
      env: {},
      onInterrupt: () => () => {},
    });
    expect(code).toBe(0);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('says why a policy does not load, on standard error, with exit code 2', async () => {
    const bad = folder.write('bad.yaml', 'callgate: 1\n');
    const { code, out, err } = await runCommand(['decide', '-p', bad], { stdin: JSON.stringify(allowed) });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('bad.yaml:1:');
  });
});
