/**
 * The ten lines of the README, run and checked.
 *
 * `host.ts` is the whole host. This file runs it in its own folder, then asks the ledger what happened: one call allowed
 * and answered, one denied and never sent.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';

import { readLedger, verifyLedger } from '@callgate/audit';

process.chdir(import.meta.dirname);
await rm('ledger', { recursive: true, force: true });
try {
  await import('./host.ts');

  const report = await verifyLedger('ledger');
  assert.ok(report.ok, `the ledger verifies: ${JSON.stringify(report.problems)}`);
  const calls: string[] = [];
  const requests = new Set<string>();
  for await (const record of readLedger('ledger')) {
    if (record.kind === 'decision' && record.method === 'tools/call') {
      calls.push(`${record.effect} ${record.code}`);
      requests.add(record.request);
    } else if (record.kind === 'outcome' && requests.has(record.request)) {
      calls.push(record.outcome);
    }
  }
  assert.deepEqual(calls, ['allow allowed', 'ok', 'deny arguments.envelope']);
  console.log(`\nledger verified: ${report.records} records, 1 call allowed and answered, 1 denied and never sent`);
} finally {
  await rm('ledger', { recursive: true, force: true });
}
