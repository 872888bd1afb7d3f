import { createMemorySink, openLedger, type AuditEntry } from '../../src/index.ts';
import { decisionEntry, outcomeEntry } from './entries.ts';

/** The lines of a ledger of `calls` calls with their outcomes, opened and closed. */
export async function ledgerLines(calls: number, id = 'test-ledger'): Promise<string[]> {
  const entries = Array.from({ length: calls }, (_, index) => [decisionEntry(`r${index}`), outcomeEntry(`r${index}`)]);
  return linesOf(entries.flat(), id);
}

export async function linesOf(entries: readonly AuditEntry[], id = 'test-ledger'): Promise<string[]> {
  const sink = createMemorySink();
  const ledger = await openLedger({ sink, clock: { now: () => 1_700_000_000_000 }, id });
  for (const entry of entries) ledger.append(entry);
  await ledger.close();
  return [...sink.lines()];
}
