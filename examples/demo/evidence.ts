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
  const sequence = await flipOneBit(copy);
  const tampered = await verifyLedger(copy);
  assert.ok(!tampered.ok, 'one changed bit is detected');
  const [problem] = tampered.problems;
  screen.note(`\nin a copy, one bit of record ${sequence} is changed (a "deny" that now reads otherwise):`);
  screen.quote(`record ${problem?.seq} at ${problem?.segment}:${problem?.line}: ${problem?.code}: ${problem?.message}`);
}

/** Changes one bit of the first denial in a ledger: the last letter of `"deny"`. Returns the record's number. */
async function flipOneBit(directory: string): Promise<number> {
  const [name] = (await readdir(directory)).filter((entry) => entry.endsWith('.jsonl'));
  assert.ok(name !== undefined, 'there is a segment');
  const path = join(directory, name);
  const bytes = await readFile(path);
  const at = bytes.indexOf('"effect":"deny"');
  assert.ok(at > 0, 'there is a denial');
  const byte = at + '"effect":"den'.length;
  bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte);
  await writeFile(path, bytes);
  return bytes.subarray(0, at).toString('utf8').split('\n').length - 1;
}
