import { afterAll, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

const POLICY = `callgate: 1
name: tested
version: '1'
servers:
  shop:
    tools:
      search: { ring: 1, arguments: { region: { enum: [us-east] }, limit: { type: integer, maximum: 25 } } }
`;
const SUITE = `callgate: 1
server: shop
tests:
  - name: one region passes
    calls: { tool: search, arguments: { region: us-east, limit: 5 } }
    expect: allow
  - name: a wildcard does not
    calls: { tool: search, arguments: { region: '*', limit: 5 } }
    expect: { effect: deny, hint: us-east }
`;
folder.write('shop.yaml', POLICY);
const good = folder.write('shop.test.yaml', SUITE);
const wrong = folder.write('wrong.test.yaml', `${SUITE.replace('expect: allow', 'expect: hold')}policy: shop.yaml\n`);

describe('callgate test', () => {
  it('passes a suite beside its policy, and says what is covered', async () => {
    const { code, out } = await runCommand(['test', good]);
    expect(code).toBe(0);
    expect(out).toContain('2 passed, 0 failed · 2 of 3 covered (66 %)');
  });

  it('says so where it is given the policy', async () => {
    const { code, err } = await runCommand(['test', folder.write('alone.yaml', POLICY)]);
    expect(code).toBe(2);
    expect(err).toContain('alone.yaml` is a policy: expected a suite');
  });

  it('fails a case with what differs and its line', async () => {
    const { code, out } = await runCommand(['test', wrong]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /✗ one region passes .*wrong\.test\.yaml:6 allow, allowed\n {6}expected effect `hold`, got `allow`/u,
    );
  });

  it('fails below the coverage that is asked for, and shows what is missing', async () => {
    const { code, out } = await runCommand(['test', '--coverage', '90', good]);
    expect(code).toBe(1);
    expect(out).toContain('no test in which a value of `limit` is refused for `search`');
  });

  it('shows weakenings that no test notices', async () => {
    const { code, out } = await runCommand(['test', '--mutate', '--format', 'json', good]);
    expect(code).toBe(1);
    const [suite] = JSON.parse(out).suites;
    expect(suite.mutation.survivors).toContainEqual({
      pointer: '/servers/shop/tools/search/arguments/limit/maximum',
      what: 'bound removed',
      line: 7,
    });
  });

  it.each([
    [['test', good, '--filter', 'nothing has this'], /whose name contains/u],
    [['test', good, '--coverage', '101'], /a percentage/u],
    [['test', folder.write('lost.yaml', 'callgate: 1\ntests: []\n')], /at least one test/u],
    [['test', folder.write('odd.yaml', SUITE)], /expected `policy` in/u],
    [['test', 'none.test.yaml'], /cannot read/u],
  ])('exits with 2 for %j', async (argv, message) => {
    const { code, err } = await runCommand(argv);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(message) });
  });
});

const REGISTER = `callgate: 1
exceptions:
  - id: EX-1
    owner: o
    reason: the audit
    server: shop
    tool: search
    approver: jane
    created: 2026-01-01
    expires: 2026-02-01
    who: { users: [ada] }
    arguments: { region: { enum: [us-west] }, limit: { type: integer } }
  - id: EX-2
    owner: o
    reason: forever
    server: shop
    tool: refund
    approver: jane
    created: 2026-01-01
    expires: 2027-01-01
    waives: { rules: [gone] }
    renewals: [{ at: 2026-03-01, by: jane }, { at: 2026-04-01, by: jane }]
`;
const register = folder.write('exceptions.yaml', REGISTER);

describe('callgate exceptions', () => {
  it('lists each with its state', async () => {
    const { code, out } = await runCommand(['exceptions', 'list', register, '--at', '2026-06-01', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).exceptions.map((row: any) => [row.id, row.state, row.renewals, row.hits])).toEqual([
      ['EX-1', 'expired', 0, null],
      ['EX-2', 'in force', 2, null],
    ]);
    expect((await runCommand(['exceptions', 'list', register])).out).toContain('owner o · approved by jane');
  });

  it('finds those that do nothing, and those that may do too much', async () => {
    const policy = folder.write('for-lint.yaml', POLICY);
    const argv = ['exceptions', 'lint', register, '--policy', policy, '--at', '2026-06-01'];
    const { code, out } = await runCommand([...argv, '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out).findings.map((one: any) => [one.exception, one.id])).toEqual([
      ['EX-1', 'exception-expired'],
      ['EX-2', 'exception-long-lived'],
      ['EX-2', 'exception-often-renewed'],
      ['EX-2', 'exception-for-everybody'],
      ['EX-2', 'exception-unknown-tool'],
      ['EX-2', 'exception-unknown-rule'],
    ]);
    expect((await runCommand(argv)).out).toContain('2 exceptions, 6 findings');
  });

  it('reports findings, and what keeps a register from loading, for other programs', async () => {
    const argv = ['exceptions', 'lint', register, '--at', '2026-06-01', '--format'];
    const github = await runCommand([...argv, 'github']);
    expect(github.code).toBe(1);
    expect(github.out).toMatch(
      /^::warning file=.*exceptions\.yaml,line=3,col=5,title=callgate exception-expired::`EX-1`: /mu,
    );
    const junit = await runCommand([...argv, 'junit']);
    expect(junit.out).toContain('<testsuites name="callgate exceptions lint" tests="5" failures="1"');
    const sarif = JSON.parse((await runCommand([...argv, 'sarif'])).out);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'exception-expired', level: 'warning', ruleIndex: 0 });
    const broken = folder.write('broken-exceptions.yaml', 'callgate: 1\nexceptions: [{ id: 1 }]\n');
    const report = await runCommand(['exceptions', 'lint', broken, '--format', 'github']);
    expect(report.code).toBe(2);
    expect(report.out).toMatch(/^::error file=.*,line=2,.*CALLGATE_POLICY_INVALID/mu);
    expect((await runCommand(['exceptions', 'lint', broken])).code).toBe(2);
  });

  it('decides with a register as of a time', async () => {
    const policy = folder.write('for-decide.yaml', POLICY);
    const stdin =
      '{"server":"shop","tool":"search","arguments":{"region":"us-west","limit":500},"principal":{"user":"ada"}}\n';
    const at = (time: string): Promise<{ readonly out: string }> =>
      runCommand(['decide', '-p', policy, '--exceptions', register, '--at', time], { stdin });
    expect(JSON.parse((await at('2026-01-15')).out)).toMatchObject({ effect: 'allow', exceptions: ['EX-1'] });
    expect(JSON.parse((await at('2026-02-01')).out)).toMatchObject({ effect: 'deny' });
  });
});
