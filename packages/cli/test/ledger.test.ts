import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decisionEntry, SAMPLE_ENTRIES, writeLedger } from './support/ledger.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const sample = join(folder.path, 'sample');
const segmented = join(folder.path, 'segmented');
beforeAll(async () => {
  await writeLedger(sample, SAMPLE_ENTRIES);
  await writeLedger(
    segmented,
    Array.from({ length: 500 }, (_, index) => decisionEntry({ request: `req-${index}`, message: 'notification' })),
    64 * 1024,
  );
});

const segmentOf = (directory: string): string =>
  join(
    directory,
    readdirSync(directory)
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted()[0] ?? '',
  );

describe('callgate ledger verify', () => {
  it('accepts a ledger and says what is in it and in doubt', async () => {
    const { code, out, err } = await runCommand(['ledger', 'verify', sample]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${sample}: verifies: 8 records\n`);
    expect(out).toContain('ledger     ledger-1, records 0 to 7');
    expect(out).toContain('decisions  allow 2, deny 1');
    expect(out).toContain('in doubt   record 6: tools/call inventory.adjust, req-3, has no outcome');
  });

  it('gives the report as one JSON object', async () => {
    const { code, out } = await runCommand(['ledger', 'verify', '--format', 'json', '--deep', sample]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      records: 8,
      problems: [],
      inDoubt: [{ request: 'req-3', seq: 6 }],
    });
  });

  it('finds a changed record, and exits with 1', async () => {
    const copy = join(folder.path, 'changed');
    await writeLedger(copy, SAMPLE_ENTRIES);
    const segment = segmentOf(copy);
    writeFileSync(segment, readFileSync(segment, 'utf8').replace('"ticket-2"', '"ticket-9"'));
    const { code, out } = await runCommand(['ledger', 'verify', copy]);
    expect(code).toBe(1);
    expect(out).toContain('00000000000000000000.jsonl:4: record 3 prev-mismatch:');
    expect(out).toContain('does not verify: 1 problem');
  });

  it('takes an unfinished last line only where the ledger is live', async () => {
    const copy = join(folder.path, 'torn');
    await writeLedger(copy, SAMPLE_ENTRIES);
    appendFileSync(segmentOf(copy), '{"half":');
    expect((await runCommand(['ledger', 'verify', copy])).code).toBe(1);
    expect((await runCommand(['ledger', 'verify', '--live', copy])).code).toBe(0);
  });

  it('exits with 1 for an empty folder and with 2 for none', async () => {
    const empty = join(folder.path, 'empty');
    mkdirSync(empty);
    expect((await runCommand(['ledger', 'verify', empty])).code).toBe(1);
    const missing = await runCommand(['ledger', 'verify', join(folder.path, 'missing')]);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('ENOENT');
  });
});

describe('callgate ledger show', () => {
  const seqs = async (...args: string[]): Promise<number[]> => {
    const { code, out } = await runCommand(['ledger', 'show', sample, '--format', 'json', ...args]);
    expect(code).toBe(0);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).seq as number);
  };

  it('prints the exact lines of the ledger as JSON', async () => {
    const { out } = await runCommand(['ledger', 'show', sample, '--format', 'json']);
    expect(out).toBe(readFileSync(segmentOf(sample), 'utf8'));
  });

  it('prints a table', async () => {
    const { out } = await runCommand(['ledger', 'show', sample]);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +seq {2}time +kind +result +subject +details$/u);
    expect(lines[3]).toBe(
      '      2  2026-11-20 10:00:30.000Z  decision    DENY            inventory › inventory.lookup        arguments.envelope · u-17 · run ticket-2 · line 9 · req-2',
    );
    expect(lines[5]).toBe(
      '      4  2026-11-20 10:01:00.000Z  outcome     ok              req-1                               12.3 ms · 1,234 bytes',
    );
  });

  it('names the control that said no, and why it could not judge', async () => {
    const uncounted = join(folder.path, 'uncounted');
    await writeLedger(uncounted, [
      decisionEntry({
        effect: 'deny',
        code: 'evaluation.error',
        rules: [{ rule: '/rules/daily-cost', line: 68 }],
        violations: [{ code: 'control.history.key', pointer: '' }],
      }),
    ]);
    const { out } = await runCommand(['ledger', 'show', uncounted]);
    expect(out).toContain('  evaluation.error, control.history.key · u-17 · daily-cost (line 68) · req-1\n');
  });

  it('chooses by what records say, and outcomes by what their decision says', async () => {
    expect(await seqs('--kind', 'decision')).toEqual([1, 2, 6]);
    expect(await seqs('--kind', 'anomaly', '--kind', 'lifecycle')).toEqual([0, 5, 7]);
    expect(await seqs('--run', 'ticket-1')).toEqual([1, 4, 6]);
    expect(await seqs('--run', 'ticket-2', '--kind', 'outcome')).toEqual([3]);
    expect(await seqs('--tool', 'inventory.adjust')).toEqual([6]);
    expect(await seqs('--server', 'inventory')).toEqual([1, 2, 3, 4, 6]);
    expect(await seqs('--server', 'other')).toEqual([5]);
    expect(await seqs('--request', 'req-2')).toEqual([2, 3]);
    expect(await seqs('--effect', 'deny')).toEqual([2]);
    expect(await seqs('--code', 'arguments.envelope')).toEqual([2, 3]);
    expect(await seqs('--run', 'ticket-1', '--effect', 'deny')).toEqual([]);
  });

  it('bounds by record number and by time', async () => {
    expect(await seqs('--from', '2', '--to', '4')).toEqual([2, 3, 4]);
    expect(await seqs('--limit', '2')).toEqual([0, 1]);
    expect(await seqs('--from', '2026-11-20T10:01Z', '--to', '2026-11-20T11:01:01+01:00')).toEqual([3, 4, 5]);
    expect(await seqs('--from', '2026-11-21')).toEqual([]);
    expect(await seqs('--to', '2026-11-20 10:00')).toContain(1);
  });

  it('says on standard error when nothing matches', async () => {
    const { code, out, err } = await runCommand(['ledger', 'show', sample, '--run', 'none']);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: 'no records match\n' });
  });

  it.each([
    [['--kind', 'decison'], 'did you mean `decision`?'],
    [['--effect', 'block'], 'expected `--effect` to be one of'],
    [['--limit', '0'], 'expected `--limit` to be a whole number from 1'],
    [['--from', '2026-13-40'], 'expected `--from`'],
  ])('%j is a usage error', async (args, message) => {
    const { code, err } = await runCommand(['ledger', 'show', sample, ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('stops at a line that is no record, after what came before it', async () => {
    const copy = join(folder.path, 'garbage');
    await writeLedger(copy, SAMPLE_ENTRIES);
    appendFileSync(segmentOf(copy), 'garbage\n');
    const { code, out, err } = await runCommand(['ledger', 'show', copy, '--format', 'json']);
    expect(code).toBe(2);
    expect(out.trim().split('\n')).toHaveLength(8);
    expect(err).toContain('callgate:');
  });

  it('ends quietly, with exit code 0, when the reader goes away', async () => {
    const { code, err } = await runCommand(['ledger', 'show', sample], { readerLeavesAfter: 0 });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('escapes what a terminal would obey, and only for a terminal', async () => {
    const copy = join(folder.path, 'hostile');
    await writeLedger(copy, [decisionEntry({ run: '\u009B31m\u202Eevil', target: '\u001B[2J' })]);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u;
    expect((await runCommand(['ledger', 'show', copy])).out).not.toMatch(unprintable);
    const onTerminal = await runCommand(['ledger', 'show', copy, '--format', 'json'], { stdoutIsTerminal: true });
    const toFile = await runCommand(['ledger', 'show', copy, '--format', 'json']);
    expect(onTerminal.out).not.toMatch(unprintable);
    expect(onTerminal.out.split('\n').map((line) => line && JSON.parse(line))).toEqual(
      toFile.out.split('\n').map((line) => line && JSON.parse(line)),
    );
    expect(toFile.out).toBe(readFileSync(segmentOf(copy), 'utf8'));
  });
});

describe('callgate ledger tail', () => {
  const seqs = async (...args: string[]): Promise<number[]> => {
    const { code, out } = await runCommand(['ledger', 'tail', '--format', 'json', ...args]);
    expect(code).toBe(0);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).seq as number);
  };

  it('shows the last records, across segments where it must', async () => {
    expect(readdirSync(segmented).length).toBeGreaterThan(3);
    expect(await seqs(segmented)).toEqual(Array.from({ length: 10 }, (_, index) => 492 + index));
    expect(await seqs(segmented, '-n', '200')).toEqual(Array.from({ length: 200 }, (_, index) => 302 + index));
    expect(await seqs(segmented, '-n', '1')).toEqual([501]);
    expect(await seqs(segmented, '-n', '0')).toEqual([]);
    expect(await seqs(sample, '-n', '100')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('chooses among the last', async () => {
    expect(await seqs(sample, '-n', '5', '--kind', 'outcome')).toEqual([3, 4]);
  });

  it('follows what is written, until interrupted', async () => {
    const live = join(folder.path, 'live');
    await writeLedger(live, SAMPLE_ENTRIES.slice(0, 2));
    const reached = Promise.withResolvers<() => void>();
    const ran = runCommand(['ledger', 'tail', '--follow', '-n', '1', '--format', 'json', live], {
      onInterrupt: reached.resolve,
    });
    const interrupt = await reached.promise;
    await writeLedger(live, SAMPLE_ENTRIES.slice(2, 4));
    // Polled four times and more: what is there by then has been read.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    interrupt();
    const { code, out } = await ran;
    expect(code).toBe(0);
    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map((record) => record.seq)).toEqual([3, 4, 5, 6, 7]);
  });
});
