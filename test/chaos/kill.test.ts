import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { verifyLedger } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

const KILLS = process.env['CALLGATE_SOAK'] === '1' ? 200 : 5;
const folder = await mkdtemp(join(tmpdir(), 'callgate-kill-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('kill -9 at any moment', () => {
  it(`after ${KILLS} kills every executed ring 2 call has a durable decision record, and the ledger verifies [evidence.kill]`, async () => {
    const ledger = join(folder, 'ledger');
    const executedFile = join(folder, 'executed');
    for (let kill = 0; kill < KILLS; kill += 1) await runAndKill(ledger, executedFile);
    const executed = (await readFile(executedFile, 'utf8')).split('\n').filter((line) => line !== '');
    expect(executed.length).toBeGreaterThan(KILLS);

    const recorded = await recordedParams(ledger);
    const missing = executed.filter((digest) => !recorded.has(digest));
    expect(missing).toEqual([]);
    const report = await verifyLedger(ledger);
    expect(report.problems.filter((problem) => problem.code !== 'torn-tail' && !/torn/iu.test(problem.code))).toEqual(
      [],
    );
  }, 600_000);
});

/** Starts the host, waits until its calls flow, and kills it somewhere within the next 120 ms. */
async function runAndKill(ledger: string, executedFile: string): Promise<void> {
  const host = spawn(
    process.execPath,
    ['--conditions=@callgate/source', new URL('kill-host.ts', import.meta.url).pathname, ledger, executedFile],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let problem = '';
  host.stderr.on('data', (chunk: Buffer) => {
    problem += chunk.toString();
  });
  const exited = once(host, 'exit');
  await Promise.race([once(host.stdout, 'data'), exited]);
  expect(problem).toBe('');
  const delay = Math.random() * 120;
  const killer = setTimeout(() => host.kill('SIGKILL'), delay);
  await exited;
  clearTimeout(killer);
}

async function recordedParams(ledger: string): Promise<ReadonlySet<string>> {
  const recorded = new Set<string>();
  for (const file of (await readdir(ledger)).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of (await readFile(join(ledger, file), 'utf8')).split('\n')) {
      if (!line.endsWith('}')) continue;
      const record = JSON.parse(line) as { readonly kind: string; readonly effect?: string; readonly params?: string };
      if (record.kind === 'decision' && record.effect === 'allow') recorded.add(record.params ?? '');
    }
  }
  return recorded;
}
