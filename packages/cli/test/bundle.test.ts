import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { openBundle } from 'callgate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';

const POLICY =
  'callgate: 1\nname: desk\nversion: "1"\nservers: { files: { tools: { read: { ring: 1, arguments: any } } } }\n';
const EXCEPTIONS = 'callgate: 1\nexceptions: []\n';
const AT = ['--at', '2026-11-25T08:00:00Z'] as const;

const folder = createFolder();
afterAll(() => folder.clean());
const at = (name: string): string => join(folder.path, name);
const policy = folder.write('callgate.yaml', POLICY);
const exceptions = folder.write('exceptions.yaml', EXCEPTIONS);

async function keygen(name: string): Promise<string> {
  const { out } = await runCommand(['bundle', 'keygen', at(`${name}.key`)]);
  folder.write(`${name}.pub`, out);
  return out;
}

function sign(...args: readonly string[]): ReturnType<typeof runCommand> {
  return runCommand(['bundle', 'sign', '-k', at('a.key'), '-n', '42', '-o', at('desk.json'), ...AT, ...args, policy]);
}

function verify(...args: readonly string[]): ReturnType<typeof runCommand> {
  return runCommand(['bundle', 'verify', '-k', at('a.pub'), ...AT, ...args, at('desk.json')]);
}

beforeAll(async () => {
  await keygen('a');
  await keygen('b');
  expect((await sign('--exceptions', exceptions)).code).toBe(0);
});

describe('callgate bundle keygen', () => {
  it('keeps the private key in a new file of its owner, and prints the public one', async () => {
    const printed = await keygen('c');
    expect(statSync(at('c.key')).mode & 0o777).toBe(0o600);
    const secret = readFileSync(at('c.key'), 'utf8');
    expect(secret).toContain('BEGIN PRIVATE KEY');
    expect(printed).toContain('BEGIN PUBLIC KEY');
    for (const line of secret.split('\n').filter((text) => /^[A-Za-z0-9+/=]{20,}$/u.test(text)))
      expect(printed).not.toContain(line);
  });

  it('overwrites no key', async () => {
    const before = readFileSync(at('a.key'), 'utf8');
    const { code, err } = await runCommand(['bundle', 'keygen', at('a.key')]);
    expect([code, readFileSync(at('a.key'), 'utf8')]).toEqual([2, before]);
    expect(err).toContain('got one that is there');
  });

  it('as JSON has the key, its id and the file', async () => {
    const { out } = await runCommand(['bundle', 'keygen', '--format', 'json', at('d.key')]);
    expect(JSON.parse(out)).toEqual({
      publicKey: expect.stringContaining('BEGIN PUBLIC KEY') as unknown,
      keyId: expect.stringMatching(/^[0-9a-f]{16}$/u) as unknown,
      file: at('d.key'),
    });
  });
});

describe('callgate bundle sign', () => {
  it('makes a bundle that gates open', async () => {
    const bundle = await openBundle(readFileSync(at('desk.json')), {
      keys: [readFileSync(at('a.pub'), 'utf8')],
      now: Date.UTC(2026, 10, 26),
    });
    const times = { issued: Date.UTC(2026, 10, 25, 8), expires: Date.UTC(2026, 11, 25, 8) };
    expect(bundle.contents).toEqual({ name: 'desk', sequence: 42, ...times, policy: POLICY, exceptions: EXCEPTIONS });
  });

  it('says what it made, and leaves nothing else behind', async () => {
    const { out } = await sign('--exceptions', exceptions, '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      file: at('desk.json'),
      name: 'desk',
      sequence: 42,
      expires: '2026-12-25T08:00:00.000Z',
      parts: { policy: { bytes: POLICY.length }, exceptions: { bytes: EXCEPTIONS.length } },
      signedBy: [expect.stringMatching(/^[0-9a-f]{16}$/u)],
    });
    expect((await sign('--exceptions', exceptions)).out).toMatch(/^desk 42: policy .*\n {2}issued 2026-11-25 08:00/u);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['no sequence', ['bundle', 'sign', '-k', 'a.key', '-o', 'x', 'callgate.yaml']],
    ['no key', ['bundle', 'sign', '-n', '1', '-o', 'x', 'callgate.yaml']],
    ['a sequence of none', ['bundle', 'sign', '-k', 'a.key', '-n', '0', '-o', 'x', 'callgate.yaml']],
    ['a sequence that is no number', ['bundle', 'sign', '-k', 'a.key', '-n', '1e3', '-o', 'x', 'callgate.yaml']],
    ['a public key', ['bundle', 'sign', '-k', 'a.pub', '-n', '1', '-o', 'x', 'callgate.yaml']],
    ['a missing policy', ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'x', 'gone.yaml']],
    ['a policy that does not compile', ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'x', 'exceptions.yaml']],
    [
      'an expiry that is none',
      ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'x', '--expires', 'soon', 'callgate.yaml'],
    ],
    [
      'an expiry in the past',
      ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'x', '--expires', '2020-01-01', 'callgate.yaml'],
    ],
    ['a name that is none', ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'x', '--name', '../x', 'callgate.yaml']],
    ['a place that cannot be written', ['bundle', 'sign', '-k', 'a.key', '-n', '1', '-o', 'gone/x', 'callgate.yaml']],
  ])('%s is an error, and nothing is written', async (_what, args) => {
    const files = ['a.key', 'a.pub', 'callgate.yaml', 'exceptions.yaml', 'gone.yaml', 'x', 'gone/x'];
    const { code, out, err } = await runCommand(args.map((text) => (files.includes(text) ? at(text) : text)));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^callgate: /u);
    expect(readdirSync(folder.path)).not.toContain('x');
  });
});

describe('callgate bundle verify', () => {
  it('says who signed', async () => {
    const { code, out } = await verify();
    expect(code).toBe(0);
    expect(out).toMatch(/verified: signed by [0-9a-f]{16}\n$/u);
    const json = JSON.parse((await verify('--format', 'json')).out) as unknown;
    expect(json).toMatchObject({
      ok: true,
      code: null,
      bundle: { sequence: 42, policy: { name: 'desk', version: '1' } },
    });
  });

  it.each([
    ['expired', ['--at', '2027-01-01'], 'CALLGATE_BUNDLE_EXPIRED'],
    ['from the future', ['--at', '2026-01-01'], 'CALLGATE_BUNDLE_NOT_YET'],
    ['too old', [...AT, '--minimum-sequence', '43'], 'CALLGATE_BUNDLE_ROLLED_BACK'],
    ['another one', [...AT, '--name', 'lab'], 'CALLGATE_BUNDLE_OTHER_NAME'],
    ['signed by too few', [...AT, '-k', 'b.pub', '--threshold', '2'], 'CALLGATE_BUNDLE_SIGNATURE'],
  ])('refuses one that is %s', async (_what, args, refusal) => {
    const options = args.map((text) => (text === 'b.pub' ? at(text) : text));
    const { code, out } = await runCommand(['bundle', 'verify', '-k', at('a.pub'), ...options, at('desk.json')]);
    expect(code).toBe(1);
    expect(out).toContain(`(${refusal})`);
    const json = await runCommand([
      'bundle',
      'verify',
      '-k',
      at('a.pub'),
      '--format',
      'json',
      ...options,
      at('desk.json'),
    ]);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, code: refusal, bundle: null });
  });

  it.each([
    ['no key', []],
    ['a private key', ['-k', 'a.key']],
    ['a threshold beyond the keys', ['-k', 'a.pub', '--threshold', '2']],
    ['a key file that is not there', ['-k', 'gone.pub']],
  ])('%s is an error', async (_what, args) => {
    const options = args.map((text) => (/\./u.test(text) ? at(text) : text));
    const { code, err } = await runCommand(['bundle', 'verify', ...options, at('desk.json')]);
    expect(code).toBe(2);
    expect(err).not.toContain('internal error');
  });
});

describe('callgate bundle cosign', () => {
  it('adds a signature to those that are there', async () => {
    const both = ['bundle', 'verify', '-k', at('a.pub'), '-k', at('b.pub'), ...AT, '--threshold', '2', at('pair.json')];
    await runCommand(['bundle', 'sign', '-k', at('a.key'), '-n', '1', '-o', at('pair.json'), ...AT, policy]);
    expect((await runCommand(both)).code).toBe(1);
    const cosigned = await runCommand(['bundle', 'cosign', '--format', 'json', '-k', at('b.key'), at('pair.json')]);
    expect((JSON.parse(cosigned.out) as { claimedKeys: unknown[] }).claimedKeys).toHaveLength(2);
    expect((await runCommand(both)).code).toBe(0);
    const again = await runCommand(['bundle', 'cosign', '-k', at('b.key'), at('pair.json')]);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('each once')]);
    await keygen('e');
    expect((await runCommand(['bundle', 'cosign', '-k', at('e.key'), at('pair.json')])).out).toMatch(
      /signed by \w+, \w+, \w+\n$/u,
    );
  });
});

describe('callgate bundle show', () => {
  it('says that nothing is proven', async () => {
    const { code, out } = await runCommand(['bundle', 'show', at('desk.json')]);
    expect(code).toBe(0);
    expect(out).toContain('not verified');
    const json = await runCommand(['bundle', 'show', '--format', 'json', at('desk.json')]);
    expect(JSON.parse(json.out)).toMatchObject({ name: 'desk', sequence: 42, claimedKeys: [expect.any(String)] });
  });

  it('prints a part as it is', async () => {
    expect((await runCommand(['bundle', 'show', '--part', 'policy', at('desk.json')])).out).toBe(POLICY);
    expect((await runCommand(['bundle', 'show', '--part', 'exceptions', at('desk.json')])).out).toBe(EXCEPTIONS);
  });

  it('what is no bundle is an error', async () => {
    for (const path of [policy, at('gone.json'), folder.path]) {
      const { code, err } = await runCommand(['bundle', 'show', path]);
      expect([code, err.startsWith('callgate: ')]).toEqual([2, true]);
    }
  });
});
