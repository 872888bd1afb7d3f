import { join } from 'node:path';

import type { AuditRecord } from '@callgate/audit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CompensatedSum } from '../src/cost/compensated-sum.ts';
import { CostTally, MAX_COST_GROUPS } from '../src/cost/cost-tally.ts';
import { decisionEntry, outcomeEntry, RUN_ENTRIES, writeLedger } from './support/ledger.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const ledger = join(folder.path, 'ledger');
beforeAll(() => writeLedger(ledger, RUN_ENTRIES));

async function cost(...args: string[]): Promise<string> {
  const { code, out, err } = await runCommand(['cost', ledger, ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

describe('callgate cost', () => {
  it('adds up by server and tool, the costliest first, and tells what is not stated', async () => {
    expect((await cost()).trimEnd().split('\n')).toEqual([
      'server     tool              calls  cost  share  not stated',
      'inventory  sum                   1     3  90.9%',
      'web        page.fetch            1   0.2   6.1%',
      'inventory  inventory.lookup      1   0.1   3.0%',
      'inventory  mail.list             1     0   0.0%      100.0%',
      '',
      '4 calls: cost 3.3; not stated for 1 of them (25.0%); 1 more call in doubt',
    ]);
  });

  it.each([
    ['user', [['u-17', 4, 3.3]]],
    [
      'agent',
      [
        [null, 3, 3.2],
        ['helper', 1, 0.1],
      ],
    ],
    [
      'team',
      [
        [null, 3, 3.2],
        ['red', 1, 0.1],
      ],
    ],
    [
      'tenant',
      [
        [null, 3, 3.2],
        ['acme', 1, 0.1],
      ],
    ],
    [
      'server',
      [
        ['inventory', 3, 3.1],
        ['web', 1, 0.2],
      ],
    ],
    [
      'run',
      [
        ['alone', 1, 3],
        ['inner', 1, 0.2],
        ['outer', 2, 0.1],
      ],
    ],
    ['day', [['2026-11-20', 4, 3.3]]],
  ])('tells costs apart by %s', async (by, groups) => {
    const report = JSON.parse(await cost('--by', by, '--format', 'json'));
    expect(report.groups.map((group: Record<string, unknown>) => [group[by], group['calls'], group['cost']])).toEqual(
      groups,
    );
    expect(report.total).toEqual({ calls: 4, stated: 3, cost: 3.3 });
    expect(report.inDoubt).toBe(1);
  });

  it('tells combinations apart, in the order that they were asked for in', async () => {
    const report = JSON.parse(await cost('-b', 'run', '-b', 'server', '--format', 'json'));
    expect(report.by).toEqual(['run', 'server']);
    expect(report.groups).toHaveLength(3);
    expect(report.groups[1]).toMatchObject({ run: 'inner', server: 'web', cost: 0.2 });
  });

  it('shows the first so many, and the others in one line, so that lines add up', async () => {
    const lines = (await cost('--top', '1')).split('\n');
    expect(lines[2]).toBe('(3 more groups)            3   0.3   9.1%       33.3%');
    const report = JSON.parse(await cost('--top', '1', '--format', 'json'));
    expect(report).toMatchObject({ more: 3, total: { cost: 3.3 } });
    expect(report.groups).toHaveLength(1);
  });

  it('is a table in Markdown, and one for a spreadsheet', async () => {
    expect(await cost('--by', 'tenant', '--format', 'markdown')).toBe(
      [
        '4 calls: cost 3.3; not stated for 1 of them (25.0%); 1 more call in doubt.',
        '',
        '| tenant | calls | cost | share | not stated |',
        '| --- | ---: | ---: | ---: | ---: |',
        '| – | 3 | 3.2 | 97.0% | 33.3% |',
        '| `acme` | 1 | 0.1 | 3.0% |  |',
        '',
      ].join('\n'),
    );
    expect(await cost('--by', 'tenant', '--format', 'csv')).toBe(
      'tenant,calls,stated,cost\r\n"",3,2,3.2\r\n"acme",1,1,0.1\r\n',
    );
  });

  it('keeps names from being formulas, cells or markup', async () => {
    const hostile = join(folder.path, 'hostile');
    await writeLedger(hostile, [
      decisionEntry({ request: '1', target: '=HYPERLINK("x")\r\n,|`' }),
      outcomeEntry({ request: '1', cost: 1 }),
    ]);
    const csv = await runCommand(['cost', hostile, '--by', 'tool', '--format', 'csv']);
    expect(csv.out).toBe('tool,calls,stated,cost\r\n"\'=HYPERLINK(""x"")\\u{d}\\u{a},|`",1,1,1\r\n');
    const markdown = await runCommand(['cost', hostile, '--by', 'tool', '--format', 'markdown']);
    expect(markdown.out.split('\n').at(-2)).toBe('| `` =HYPERLINK("x")\\u{d}\\u{a},\\|` `` | 1 | 1 | 100.0% |  |');
  });

  it('counts an outcome without its decision in the total, and says so', async () => {
    const { out } = await runCommand(['cost', ledger, '--from', '2026-11-20T10:00:03Z']);
    expect(out).toContain('(decision unknown)');
    expect(out).toContain('2 outcomes with a cost, whose decision is before what was read');
  });

  it('says that there was no call', async () => {
    expect(await cost('--to', '2026-11-19')).toBe('0 calls: cost 0\n');
  });
});

describe('the bounds of a cost report', () => {
  it('puts groups beyond the bound together, and loses no call', () => {
    const tally = new CostTally(['tool']);
    const header = { v: 1, ledger: 'l', prev: null } as const;
    for (let seq = 0; seq < MAX_COST_GROUPS + 3; seq += 1) {
      tally.take({ ...header, seq, ...decisionEntry({ request: 'q', target: `t${seq}` }) } as AuditRecord);
      tally.take({ ...header, seq, ...outcomeEntry({ request: 'q', cost: 0.1 }) } as AuditRecord);
    }
    expect(tally.groups).toHaveLength(MAX_COST_GROUPS);
    expect(tally.other).toMatchObject({ calls: 3 });
    expect(tally.total.cost.value).toBe(10_000.3);
  });

  it('adds up decimals exactly to twelve digits, in any order, and never to no number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 200 }), (cents) => {
        const sum = new CompensatedSum();
        for (const cent of cents) sum.add(cent / 100);
        expect(sum.value).toBe(cents.reduce((total, cent) => total + cent, 0) / 100);
      }),
    );
    const sum = new CompensatedSum();
    for (const value of [Number.MAX_VALUE, Number.MAX_VALUE, 1]) sum.add(value);
    expect(sum.value).toBe(Number.MAX_VALUE);
  });
});
