// #region read
import { readLedger, verifyLedger } from '@callgate/audit';

/** Who was denied what in one run. Verifies first: an edited ledger is no evidence. */
export async function deniedIn(directory: string, run: string): Promise<string[]> {
  const report = await verifyLedger(directory);
  if (!report.ok) throw new Error(report.problems.map(({ seq, message }) => `record ${seq}: ${message}`).join('\n'));
  const denied: string[] = [];
  for await (const record of readLedger(directory)) {
    if (record.kind !== 'decision' || record.run !== run || record.effect === 'allow') continue;
    denied.push(`${record.principal.agent ?? '?'} ${record.target ?? record.method}: ${record.code}`);
  }
  return denied;
}
// #endregion
