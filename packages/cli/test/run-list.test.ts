import { join } from 'node:path';

import type { AuditRecord } from '@callgate/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MAX_RUNS, RunTally } from '../src/runs/run-tally.ts';
import { decisionEntry, RUN_ENTRIES, writeLedger } from './support/ledger.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const ledger = join(folder.path, 'ledger');
beforeAll(() => writeLedger(ledger, [...RUN_ENTRIES, decisionEntry({ request: 'n' })]));

describe('callgate run list', () => {
  it('lists runs with counts, times, principal and cost, the newest last', async () => {
    const { code, out, err } = await runCommand(['run', 'list', ledger]);
    expect({ code, err }).toEqual({ code: 0, err: '1 call of no run\n' });
    expect(out.trimEnd().split('\n')).toEqual([
      'first                     last                      run    within  principal                             calls  denied  failed  in doubt  cost',
      '2026-11-20 10:00:00.000Z  2026-11-20 10:00:07.000Z  outer          u-17, helper, tenant acme and others      4       1       1         1   0.1',
      '2026-11-20 10:00:02.000Z  2026-11-20 10:00:03.000Z  inner  outer   u-17                                      1                             0.2',
      '2026-11-20 10:00:02.500Z  2026-11-20 10:00:03.800Z  alone          u-17                                      1                               3',
    ]);
  });

  it('gives a run a line as JSON', async () => {
    const { out } = await runCommand(['run', 'list', ledger, '--format', 'json']);
    const runs = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(runs).toHaveLength(3);
    expect(runs[0]).toMatchObject({ run: 'outer', calls: 4, allowed: 3, denied: 1, inDoubt: 1, failed: 1, cost: 0.1 });
    expect(runs[1]).toMatchObject({ run: 'inner', within: 'outer' });
  });

  it('lists those of which something was stopped, or the newest', async () => {
    const runsOf = async (...args: string[]): Promise<readonly string[]> => {
      const { out } = await runCommand(['run', 'list', ledger, '--format', 'json', ...args]);
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).run as string);
    };
    expect(await runsOf('--effect', 'deny')).toEqual(['outer']);
    expect(await runsOf('--effect', 'hold')).toEqual([]);
    expect(await runsOf('--limit', '1')).toEqual(['alone']);
    expect(await runsOf('--to', '2026-11-20T10:00:02Z')).toEqual(['outer', 'inner']);
    const { err } = await runCommand(['run', 'list', ledger, '-n', '1']);
    expect(err).toContain('2 older runs not listed');
  });

  it('keeps the runs with the newest records, and counts the others', () => {
    const tally = new RunTally();
    const take = (run: string, seq: number): void =>
      tally.take({
        v: 1,
        ledger: 'l',
        prev: null,
        seq,
        ...decisionEntry({ run, request: run, time: seq }),
      } as AuditRecord);
    for (let seq = 0; seq < MAX_RUNS; seq += 1) take(`r${seq}`, seq);
    take('r0', MAX_RUNS);
    take('new', MAX_RUNS + 1);
    expect(tally.forgotten).toBe(1);
    const names = tally.runs.map(({ run }) => run);
    expect(names).toHaveLength(MAX_RUNS);
    expect(names).toContain('r0');
    expect(names).not.toContain('r1');
  });
});
