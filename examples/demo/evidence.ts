import assert from 'node:assert/strict';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { verifyLedger } from '@callgate/audit';

import type { Stage } from './stage.ts';

/** The ledger on disk: verified as it is, then with one bit changed in a copy. */
export async function evidence({ screen, ledgerFolder, folder }: Stage): Promise<void> {
  screen.chapter(
    'The evidence',
    'Every decision and outcome is a line on disk, chained by hash to the line before. Anybody can check it, without us.',
  );
  const report = await verifyLedger(ledgerFolder);
  assert.ok(report.ok, JSON.stringify(report.problems));
  assert.equal(report.inDoubt.length, 0, 'every allowed request has its outcome');
  const effects = Object.entries(report.byEffect).map(([effect, count]) => `${count} ${effect}`);
  screen.note(`verified: ${report.records} records, ${effects.join(', ')}, none in doubt, no gap`);

  const copy = join(folder, 'copy');
  await cp(ledgerFolder, copy, { recursive: true });
  const sequence = await moveDenialToAnotherRun(copy);
  const tampered = await verifyLedger(copy);
  assert.ok(!tampered.ok, 'one changed byte is detected');
  const [problem] = tampered.problems;
  assert.ok(problem?.seq === sequence || problem?.seq === sequence + 1, 'and the place is named');
  screen.note(`\nin a copy, one byte of record ${sequence} is changed: a denial in ticket-4711 moves to ticket-4710`);
  screen.quote(`${problem.segment}:${problem.line} record ${problem.seq}: ${problem.code}: ${problem.message}`);
}

/** Changes one byte of the first denial in a ledger, the last digit of its run. Returns the record's number. */
async function moveDenialToAnotherRun(directory: string): Promise<number> {
  const name = (await readdir(directory)).find((entry) => entry.endsWith('.jsonl'));
  assert.ok(name !== undefined, 'there is a segment');
  const path = join(directory, name);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const sequence = lines.findIndex((line) => line.includes('"effect":"deny"') && line.includes('"run":"ticket-4711"'));
  assert.ok(sequence >= 0, 'there is a denial');
  lines[sequence] = (lines[sequence] ?? '').replace('"run":"ticket-4711"', '"run":"ticket-4710"');
  await writeFile(path, lines.join('\n'));
  return sequence;
}
