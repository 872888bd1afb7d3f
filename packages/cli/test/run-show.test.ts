import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AuditRecord } from '@callgate/audit';

import { MAX_OPEN_REQUESTS } from '../src/input/open-requests.ts';
import { RunTimeline } from '../src/runs/run-timeline.ts';
import { decisionEntry, outcomeEntry, RUN_ENTRIES, writeLedger } from './support/ledger.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const ledger = join(folder.path, 'ledger');
beforeAll(() => writeLedger(ledger, RUN_ENTRIES));

const show = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await runCommand(['run', 'show', ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};

describe('callgate run show', () => {
  it('shows a run and the runs inside it as one table, in order', async () => {
    const lines = (await show('outer', ledger)).trimEnd().split('\n');
    expect(lines).toEqual([
      'run outer',
      '  u-17, helper, tenant acme; u-17',
      '  2026-11-20 10:00:00.000Z to 2026-11-20 10:00:08.000Z',
      '  5 calls: 4 allowed, 0 held, 1 denied, 1 in doubt',
      '  cost 0.3, and that of 1 call is not stated',
      '  with 1 run inside it',
      '',
      'time           tool              server     decision           rule                       outcome     duration  cost  labels     notices',
      '10:00:00.000Z  inventory.lookup  inventory  ALLOW              line 9                     ok           12.3 ms   0.1  private',
      '  run inner',
      '10:00:02.000Z    page.fetch      web        ALLOW              line 9                     ok           12.3 ms   0.2  untrusted  daily-cost',
      '10:00:03.500Z  history breaker-opened: control tool-down',
      'run outer',
      '10:00:04.000Z  mail.send         inventory  DENY flow.blocked  lethal-trifecta (line 40)  denied',
      '10:00:05.000Z  mail.draft        inventory  ALLOW              line 9                     in doubt',
      '10:00:06.000Z  mail.list         inventory  ALLOW              line 9                     tool_error   12.3 ms',
      '10:00:08.000Z  anomaly e: response.late',
    ]);
  });

  it('says what a run is part of', async () => {
    expect(await show('inner', ledger)).toContain('run inner, within outer\n');
  });

  it('is a sequence diagram where decisions and answers stand in order', async () => {
    expect((await show('outer', ledger, '--format', 'mermaid')).split('\n')).toEqual([
      'sequenceDiagram',
      '  participant R0 as run outer (u-17, helper, tenant acme)',
      '  participant R1 as run inner',
      '  participant G2 as gate',
      '  participant S3 as inventory',
      '  participant S4 as web',
      '  R0->>S3: inventory.lookup',
      '  S3-->>R0: ok · 12 ms · cost 0.1 · labels private',
      '  R1->>S4: page.fetch',
      '  S4-->>R1: ok · 12 ms · cost 0.2 · labels untrusted',
      '  Note over G2: history breaker-opened#58; control tool-down',
      '  R0-xG2: mail.send',
      '  G2--xR0: DENY flow.blocked',
      '  R0->>S3: mail.draft',
      '  R0->>S3: mail.list',
      '  S3--xR0: tool_error · 12 ms',
      '  Note over G2: anomaly e response.late',
      '  S3--xR0: mail.draft#58; in doubt, no outcome',
      '',
    ]);
  });

  it('is one JSON object', async () => {
    const shown = JSON.parse(await show('outer', ledger, '--format', 'json'));
    expect(shown).toMatchObject({ run: 'outer', calls: 5, allowed: 4, denied: 1, held: 0, inDoubt: 1, cost: 0.3 });
    expect(shown.nested).toEqual([{ run: 'inner', depth: 1, within: 'outer' }]);
    expect(shown.timeline.map((item: { kind: string; request?: string }) => item.request ?? item.kind)).toEqual([
      'a',
      'b',
      'history',
      'c',
      'd',
      'e',
      'e',
    ]);
    expect(shown.timeline[4]).toMatchObject({ target: 'mail.draft', inDoubt: true, outcome: null });
    expect(shown.timeline[2]).toMatchObject({ event: 'breaker-opened', detail: { control: 'tool-down' } });
  });

  it('keeps as many as it is told, and counts the others', async () => {
    expect(await show('outer', ledger, '-n', '2')).toContain('…and 3 more calls: see --limit');
    expect(await show('outer', ledger, '-n', '2', '--format', 'mermaid')).toContain(
      '  Note over R0: …and 3 more calls\n',
    );
    const shown = JSON.parse(await show('outer', ledger, '-n', '2', '--format', 'json'));
    expect(shown).toMatchObject({ calls: 5, inDoubt: 1, cost: 0.3, omitted: 3 });
    expect(shown.timeline).toHaveLength(2);
  });

  it('reads a part of the ledger', async () => {
    expect(await show('outer', ledger, '--from', '2026-11-20T10:00:05Z')).toContain('2 calls: 2 allowed');
  });

  it('exits with 1 where the ledger has no record of the run', async () => {
    const { code, out, err } = await runCommand(['run', 'show', 'none', ledger]);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'callgate: no record of run `none`\n' });
  });

  it('colours only where that is wanted', async () => {
    const escape = '\u001B[';
    const on = await runCommand(['run', 'show', 'outer', ledger], { stdoutIsTerminal: true });
    expect(on.out).toContain(`${escape}31mDENY flow.blocked${escape}39m`);
    const off = await runCommand(['run', 'show', 'outer', ledger], { stdoutIsTerminal: true, env: { NO_COLOR: '1' } });
    expect(off.out).toBe(await show('outer', ledger));
  });

  it('lets no name end a line, move a cursor or become a statement of the diagram', async () => {
    const hostile = join(folder.path, 'hostile');
    const name = 'x\n  participant Z\u001B[2J;%%{init}%%#<b>\u202E';
    await writeLedger(hostile, [
      decisionEntry({ run: 'r', target: name, server: { name, trust: null, identity: null, manifest: null } }),
      outcomeEntry({ labels: [name], code: name }),
      decisionEntry({ run: name, parents: ['r'], request: 'n', effect: 'deny', code: name, principal: { user: name } }),
      { kind: 'lifecycle', time: 0, event: 'history', detail: { event: name, run: 'r', [name]: name } },
    ]);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u;
    const text = await show('r', hostile);
    expect(text).not.toMatch(unprintable);
    expect(text).not.toMatch(/^ {2}participant/mu);
    const diagram = await show('r', hostile, '--format', 'mermaid');
    expect(diagram).not.toMatch(unprintable);
    const line =
      /^(?:sequenceDiagram| {2}(?:participant [RGS]\d+ as|Note over [RG]\d+:|[RGS]\d+-?-(?:>>|x)[RGS]\d+:) (?:[\p{L}\p{N} ._,/()…·-]|#\d+;)*)$/u;
    expect(
      diagram
        .trimEnd()
        .split('\n')
        .filter((one) => !line.test(one)),
    ).toEqual([]);
  });
});

describe('a timeline of a long ledger', () => {
  const header = { v: 1, ledger: 'l', prev: null } as const;

  it('is bounded whatever is open, and says what it could not follow', () => {
    const timeline = new RunTimeline('r', 10);
    for (let seq = 0; seq < MAX_OPEN_REQUESTS + 5; seq += 1) {
      const entry = decisionEntry({ request: `q${seq}`, run: 'r' });
      timeline.take({ ...header, seq, ...entry } as AuditRecord);
    }
    expect(timeline.forgotten).toBe(5);
    expect(timeline.items).toHaveLength(10);
    expect(timeline.omitted).toBe(MAX_OPEN_REQUESTS - 5);
    expect(timeline.counts).toMatchObject({ calls: MAX_OPEN_REQUESTS + 5, inDoubt: MAX_OPEN_REQUESTS + 5 });
  });

  it('keeps only so much of each record', () => {
    const timeline = new RunTimeline('r', 10);
    const long = 'x'.repeat(100_000);
    const rules = Array.from({ length: 1_000 }, () => ({ rule: long, line: 1 }));
    const entry = decisionEntry({ run: 'r', target: long, code: long, rules, notices: rules.map(({ rule }) => rule) });
    timeline.take({ ...header, seq: 0, ...entry } as AuditRecord);
    const detail = { run: 'r', long };
    timeline.take({ ...header, seq: 1, kind: 'lifecycle', time: 0, event: 'history', detail });
    expect(JSON.stringify(timeline.items).length).toBeLessThan(20_000);
  });
});
