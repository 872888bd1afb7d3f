import { EMPTY_LOCK, observeServer, printLock, readManifest } from '@callgate/registry';
import { afterAll, describe, expect, it } from 'vitest';

import { BAD_POLICY, GOOD_POLICY, LOOSE_POLICY } from './support/policies.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const good = folder.write('good.yaml', GOOD_POLICY);
const loose = folder.write('loose.yaml', LOOSE_POLICY);
const bad = folder.write('bad.yaml', BAD_POLICY);

describe('callgate check', () => {
  it('accepts a policy without findings', async () => {
    const { code, out, err } = await runCommand(['check', good]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\S+good\.yaml: ok, support-desk 7, 1 server, 2 tools sha256:[0-9a-f]{64}\n$/u);
  });

  it('reports each issue with its line, the nearest key and a caret under it, and exits with 2', async () => {
    const { code, out } = await runCommand(['check', bad]);
    expect(code).toBe(2);
    expect(out).toContain(
      `${bad}:9:48: error: unknown key \`maximun\`; did you mean \`maximum\`?
    9 |         arguments: { amount: { type: integer, maximun: 3 } }
      |                                               ^
`.replace(':9:48:', ':9:47:'),
    );
    expect(out).toContain('unknown key `rings`; did you mean `ring`?');
    expect(out).toMatch(/bad\.yaml: does not load: \d+ problems\n$/u);
  });

  it('finds what a policy cannot mean, and what it may not mean', async () => {
    const { code, out } = await runCommand(['check', '--format', 'json', loose]);
    expect(code).toBe(1);
    const [file] = JSON.parse(out).files;
    expect(file.findings.map((finding: any) => [finding.id, finding.level, finding.line])).toEqual([
      ['owner-missing', 'note', 1],
      ['identity-missing', 'note', 5],
      ['server-permits-nothing', 'warning', 5],
      ['not-enforced', 'note', 8],
      ['envelope-missing', 'warning', 10],
      ['arguments-any', 'warning', 11],
      ['ring-below-effect', 'warning', 12],
      ['approvers-missing', 'note', 13],
    ]);
  });

  it('exits with 1 for notes only where it is strict', async () => {
    const noted = folder.write('noted.yaml', GOOD_POLICY.replace(/^ {4}identity.*\n/mu, ''));
    expect((await runCommand(['check', noted])).code).toBe(0);
    expect((await runCommand(['check', '--strict', noted])).code).toBe(1);
  });

  it('says which servers the lock does not have, and the policy does not', async () => {
    const lock = folder.write(
      'callgate.lock.json',
      printLock(observeServer(EMPTY_LOCK, { name: 'other', identity: null, manifest: readManifest({ tools: [] }) })),
    );
    const { code, out } = await runCommand(['check', '--lock', lock, good]);
    expect(code).toBe(1);
    expect(out).toContain('[server-not-locked]');
    expect(out).toContain('[locked-not-in-policy]');
    expect((await runCommand(['check', '--lock', `${lock}.none`, good])).code).toBe(2);
  });

  it('finds a policy without servers', async () => {
    const empty = folder.write('no-servers.yaml', 'callgate: 1\nname: a\nversion: "1"\nservers: {}\n');
    const { code, out } = await runCommand(['check', empty]);
    expect(code).toBe(1);
    expect(out).toContain('[no-servers]');
  });

  it('checks every file, and the worst decides the exit code', async () => {
    const { code, out } = await runCommand(['check', bad, loose, good]);
    expect(code).toBe(2);
    expect(out).toContain('does not load');
    expect(out).toContain('4 warnings, 4 notes');
    expect(out).toContain('ok, support-desk');
    expect((await runCommand(['check', good, loose])).code).toBe(1);
  });

  it('gives one JSON document for all files', async () => {
    const { code, out } = await runCommand(['check', '--format', 'json', good, bad]);
    const report = JSON.parse(out);
    expect(code).toBe(2);
    expect(report.ok).toBe(false);
    expect(report.files[0]).toMatchObject({ file: good, loads: true, policy: { name: 'support-desk', version: '7' } });
    expect(report.files[1]).toMatchObject({ file: bad, loads: false, policy: null, findings: [] });
    expect(report.files[1].issues[0]).toMatchObject({ file: bad, line: 9, nearest: 'maximum', got: 'an unknown key' });
  });

  it.each([
    ['empty', '', 'error'],
    ['not an object', '- 1\n', 'an array'],
    ['duplicate key', 'callgate: 1\ncallgate: 1\n', ':2:1:'],
    ['unknown version', 'callgate: 9\nname: a\nversion: "1"\nservers: {}\n', ':1:'],
    [
      'alias bomb',
      'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n',
      'error',
    ],
    ['tabs', 'callgate: 1\nservers:\n\t- x\n', ':3:'],
  ])('a policy that is %s does not load', async (_name, text, expected) => {
    const { code, out, err } = await runCommand(['check', folder.write('odd.yaml', text)]);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out).toContain(expected);
    expect(out).toContain('does not load');
  });

  it('a policy that cannot be read does not load, and says why', async () => {
    const missing = await runCommand(['check', `${folder.path}/missing.yaml`]);
    expect(missing.code).toBe(2);
    expect(missing.out).toContain('ENOENT');
    expect((await runCommand(['check', folder.path])).code).toBe(2);
    const huge = folder.write('huge.yaml', `# ${'x'.repeat(5 * 1024 * 1024)}`);
    expect((await runCommand(['check', huge])).out).toContain('does not load');
  });

  it('never lets a policy steer the terminal', async () => {
    const hostile = folder.write(
      'hostile.yaml',
      'callgate: 1\nname: a\nversion: "1"\nservers: {}\n"ev\\e[31mil\\u202e": 1\n# \u001B[2J\n',
    );
    const { out } = await runCommand(['check', hostile]);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});
