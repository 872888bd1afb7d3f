import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';
import { GOOD_POLICY } from './support/policies.ts';

const folder = createFolder();
let old = '';
let wider = '';
let narrower = '';

beforeAll(() => {
  old = folder.write('old.yaml', GOOD_POLICY);
  wider = folder.write('wider.yaml', GOOD_POLICY.replace('maximum: 100', 'maximum: 101').replace('"7"', '"8"'));
  narrower = folder.write('narrower.yaml', GOOD_POLICY.replace('maximum: 100', 'maximum: 99'));
});
afterAll(() => folder.clean());

describe('callgate diff', () => {
  it('says what is newly allowed, with a call, and exits with 4', async () => {
    const { code, out, err } = await runCommand(['diff', old, wider]);
    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(out).toContain('Widened (1)');
    expect(out).toContain('tool inventory.lookup on inventory, modified');
    expect(out).toContain('wider.yaml:9');
    expect(out).toContain('newly allowed (deny → allow) arguments.envelope → allowed');
    expect(out).toContain('"limit":101');
    expect(out).toContain('arguments.limit: an integer from 1 to 100 → an integer from 1 to 101');
    expect(out).toContain('support-desk 7 → 8: something widened');
  });

  it('exits with 0 only where it is proved that nothing widens', async () => {
    const { code, out } = await runCommand(['diff', old, narrower]);
    expect(code).toBe(0);
    expect(out).toContain('newly denied (allow → deny)');
    expect(out).toContain('nothing widened (proved)');
    expect((await runCommand(['diff', '--fail-on', 'any', old, narrower])).code).toBe(1);
    expect(await runCommand(['diff', '--fail-on', 'any', old, old])).toMatchObject({ code: 0 });
    expect((await runCommand(['diff', old, old])).out).toContain('nothing differs');
  });

  it('exits with 1 for what is unknown, and says why', async () => {
    const one = folder.write('one.yaml', GOOD_POLICY.replace('^S-[0-9]+$', '(?i)^é$'));
    const other = folder.write('other.yaml', GOOD_POLICY.replace('^S-[0-9]+$', '(?i)^É$'));
    const { code, out } = await runCommand(['diff', one, other]);
    expect(code).toBe(1);
    expect(out).toContain('Unknown: may widen (1)');
    expect(out).toContain('not proved: ');
    expect(out).toContain('it is not proved that nothing does');
  });

  it('gives a program everything, both decisions included', async () => {
    const { code, out } = await runCommand(['diff', '--format', 'json', old, wider]);
    expect(code).toBe(4);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      verdict: 'widened',
      before: { name: 'support-desk', version: '7', file: old },
      after: { version: '8', file: wider },
    });
    expect(report.items[0]).toMatchObject({
      subject: 'tool',
      server: 'inventory',
      name: 'inventory.lookup',
      status: 'modified',
      direction: 'widened',
      widens: 'yes',
      narrows: 'no',
      flips: [
        {
          kind: 'newly-allowed',
          from: 'deny',
          to: 'allow',
          witness: { server: 'inventory', params: { name: 'inventory.lookup', arguments: { limit: 101 } } },
          at: null,
          before: { effect: 'deny', code: 'arguments.envelope' },
          after: { effect: 'allow', code: 'allowed' },
        },
      ],
    });
  });

  it('gives Markdown that nothing in a policy can break out of', async () => {
    const hostile = GOOD_POLICY.replace(
      '    tools:\n',
      '    tools:\n      "@everyone `` <img src=x> [a](javascript:b) | ``": { ring: 0 }\n      "a`": { ring: 0 }\n',
    );
    const { code, out } = await runCommand([
      'diff',
      '--format',
      'markdown',
      old,
      folder.write('hostile.yaml', hostile),
    ]);
    expect(code).toBe(4);
    expect(out).toContain('### Policy `support-desk`: something widened');
    expect(out).toContain('#### Widened (2)');
    expect(out).toContain(
      '- **tool** ``` @everyone `` <img src=x> [a](javascript:b) | `` ```  on `inventory`, added'.replace(
        '  on',
        ' on',
      ),
    );
    const outside = out.replaceAll(/(`+)(?!`)[^]*?(?<!`)\1(?!`)/gu, '');
    expect(outside).not.toMatch(/[@<[\]]/u);
  });

  it('Markdown fits a comment, and says how much it left out', async () => {
    const many = Array.from({ length: 900 }, (_, index) => `      tool.${index}: { ring: 0 }\n`).join('');
    const large = folder.write('large.yaml', GOOD_POLICY.replace('    tools:\n', `    tools:\n${many}`));
    const { out } = await runCommand(['diff', '--format', 'markdown', old, large]);
    expect(out.length).toBeLessThan(61_000);
    expect(out).toMatch(/…and \d+ more\.\n$/u);
  });

  it('never lets a policy steer the terminal', async () => {
    const hostile = folder.write(
      'steer.yaml',
      GOOD_POLICY.replace('    tools:\n', '    tools:\n      "ev\\u202eil": { ring: 0 }\n'),
    );
    for (const format of ['pretty', 'markdown']) {
      const { out } = await runCommand(['diff', '--format', format, old, hostile]);
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });

  it('exits with 2 where a policy does not load, or is not given', async () => {
    expect((await runCommand(['diff', old, folder.write('bad.yaml', 'servers: 1\n')])).code).toBe(2);
    expect((await runCommand(['diff', old])).code).toBe(2);
    expect((await runCommand(['diff', '--fail-on', 'nothing', old, old])).code).toBe(2);
  });
});

const EXCEPTION = `{ id: big, owner: o, reason: r, server: inventory, tool: inventory.lookup, approver: a, created: 2026-01-01, expires: 2026-02-01,
    arguments: { region: { enum: [eu-west] }, limit: { type: integer, maximum: 5 } } }`;

describe('callgate diff of exceptions', () => {
  const none = folder.write('none.yaml', 'callgate: 1\nexceptions: []\n');
  const some = folder.write('some.yaml', `callgate: 1\nexceptions:\n  - ${EXCEPTION}\n`);
  const policy = folder.write('policy.yaml', GOOD_POLICY);
  const at = ['--at', '2026-01-15'];

  it.each<[string, readonly string[]]>([
    ['beside two policies', ['diff', policy, policy, '--exceptions-old', none, '--exceptions-new', some, ...at]],
    ['in place of policies, with the policy', ['diff', none, some, '--policy', policy, ...at]],
    ['in place of policies, by themselves', ['diff', none, some, ...at]],
  ])('%s, tells what one newly lets pass and exits with 4', async (_, argv) => {
    const { code, out, err } = await runCommand([...argv]);
    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(out).toContain('exception big on inventory, added');
    expect(out).toContain('some.yaml:3');
    expect(out).toContain('newly allowed (deny → allow)');
    expect(out).toContain('"region":"eu-west"');
    expect(out).toContain('"at":"2026-01-15T00:00:00.000Z"');
    const markdown = await runCommand([...argv, '--format', 'markdown']);
    expect(markdown.out).toContain('- **exception** `big` on `inventory`, added');
    const json = JSON.parse((await runCommand([...argv, '--format', 'json'])).out);
    expect(json).toMatchObject({ at: Date.UTC(2026, 0, 15), items: [{ subject: 'exception', name: 'big' }] });
  });

  it('exits with 0 for one that is removed, or has expired', async () => {
    expect((await runCommand(['diff', some, none, ...at])).code).toBe(0);
    const { code, out } = await runCommand(['diff', none, some, '--at', '2026-03-01', '-p', policy]);
    expect(code).toBe(0);
    expect(out).toContain('state: nothing → expired');
  });

  it.each<[readonly string[], string]>([
    [['diff', none, policy], 'one of each'],
    [['diff', none, some, '--exceptions-old', none], 'only where two policies are compared'],
    [['diff', policy, policy, '--policy', policy], 'only where two registers'],
    [['diff', none, some, '--at', 'noon'], 'expected `--at`'],
  ])('%j is refused with exit code 2', async (argv, message) => {
    const { code, err } = await runCommand([...argv]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
