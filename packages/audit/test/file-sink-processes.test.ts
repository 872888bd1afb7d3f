import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import {
  LedgerLockedError,
  createFileSink,
  openLedger,
  readLedger,
  verifyLedger,
  type AuditRecord,
  type Ledger,
} from '../src/index.ts';
import { temporaryDirectory } from './support/ledger-directory.ts';

const CHILD = new URL('support/child.ts', import.meta.url).pathname;
const KILLS = process.env['CALLGATE_SOAK'] === '1' ? 200 : 10;
const clock = { now: (): number => Date.now() };

function start(mode: 'hold' | 'append', directory: string): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--conditions=@callgate/source', CHILD, mode, directory]);
}

function open(directory: string): Promise<Ledger> {
  return openLedger({ sink: createFileSink({ directory, clock, segmentBytes: 60_000 }), clock, id: 'l' });
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line;
  return 'nothing';
}

async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('two processes', () => {
  it('never both hold a ledger; the refusal names the holder, and a killed holder is succeeded', async () => {
    const directory = await temporaryDirectory();
    const holder = start('hold', directory);
    expect(await firstLine(holder)).toBe('open');
    const error = await open(directory).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LedgerLockedError);
    expect((error as LedgerLockedError).pid).toBe(holder.pid);
    expect((error as LedgerLockedError).message).toContain(String(holder.pid));
    await kill(holder);
    await (await open(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(true);
  });

  it('that end in order leave nothing behind', async () => {
    const directory = await temporaryDirectory();
    const holder = start('hold', directory);
    expect(await firstLine(holder)).toBe('open');
    holder.stdin.end();
    await once(holder, 'exit');
    expect((await readdir(directory)).every((name) => name.endsWith('.jsonl'))).toBe(true);
  });

  it('that race for the lock of a killed one: exactly one gets it', async () => {
    const directory = await temporaryDirectory();
    const holder = start('hold', directory);
    expect(await firstLine(holder)).toBe('open');
    await kill(holder);
    const children = Array.from({ length: 5 }, () => start('hold', directory));
    const answers = await Promise.all(children.map(firstLine));
    await Promise.all(children.map(kill));
    expect(answers.filter((answer) => answer === 'open').length).toBe(1);
    expect(answers.filter((answer) => answer.startsWith('locked ')).length).toBe(4);
    await (await open(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(true);
  });
});

it(
  `after kill -9 at ${KILLS} random moments every acknowledged record is there, and the ledger verifies`,
  async () => {
    const directory = await temporaryDirectory();
    const acknowledged = new Map<number, string>();
    for (let run = 0; run < KILLS; run += 1) {
      const child = start('append', directory);
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        const [word, seq, request = ''] = line.split(' ');
        if (word === 'durable') acknowledged.set(Number(seq), request);
      });
      // one in four is killed while it starts, opens, locks or recovers
      if (run % 4 !== 0) await once(lines, 'line');
      await sleep(Math.random() * (run % 4 === 0 ? 250 : 60));
      const closed = once(lines, 'close');
      await kill(child);
      await closed;
    }
    await (await open(directory)).close();
    const report = await verifyLedger(directory, { deep: true });
    expect(report.problems).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    const stored = new Map<number, AuditRecord>();
    for await (const record of readLedger(directory)) stored.set(record.seq, record);
    for (const [seq, request] of acknowledged) expect(stored.get(seq)).toMatchObject({ kind: 'decision', request });
    expect((await readdir(directory)).filter((name) => name.includes('lock.claim'))).toEqual([]);
  },
  KILLS * 3000,
);
