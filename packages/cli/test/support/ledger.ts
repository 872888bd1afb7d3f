import { createFileSink, openLedger, type AuditEntry, type DecisionEntry, type OutcomeEntry } from '@callgate/audit';
import { digest, ManualClock } from '@callgate/canonical';

const DIGEST = digest('x');
const START = Date.parse('2026-11-20T10:00:00Z');

/** A decision entry, differing where `changes` says. */
export function decisionEntry(changes: Partial<DecisionEntry>): DecisionEntry {
  return {
    kind: 'decision',
    time: START,
    request: 'req-1',
    run: null,
    trace: null,
    principal: { user: 'u-17' },
    server: { name: 'inventory', trust: 'internal', identity: null, manifest: null },
    direction: 'client-to-server',
    message: 'request',
    method: 'tools/call',
    target: 'inventory.lookup',
    definition: null,
    ring: 1,
    toolEffect: 'read',
    params: DIGEST,
    arguments: DIGEST,
    summary: {},
    policy: { name: 'p', version: '1', digest: DIGEST },
    rules: [{ rule: '/servers/inventory/tools/inventory.lookup', line: 9 }],
    effect: 'allow',
    would: null,
    wouldCode: null,
    observed: [],
    exceptions: [],
    stage: 'enforce',
    code: 'allowed',
    violations: [],
    interceptors: [],
    ...changes,
  };
}

/** An outcome entry, differing where `changes` says. */
function outcomeEntry(changes: Partial<OutcomeEntry>): OutcomeEntry {
  return {
    kind: 'outcome',
    time: START + 60_000,
    request: 'req-1',
    outcome: 'ok',
    code: null,
    durationMs: 12.25,
    response: { digest: DIGEST, bytes: 1234 },
    inspection: null,
    summary: {},
    ...changes,
  };
}

/** Entries of two runs: one allowed, one denied, one without an outcome, and an anomaly. */
export const SAMPLE_ENTRIES: readonly AuditEntry[] = [
  decisionEntry({ request: 'req-1', run: 'ticket-1' }),
  decisionEntry({
    request: 'req-2',
    run: 'ticket-2',
    effect: 'deny',
    code: 'arguments.envelope',
    time: START + 30_000,
  }),
  outcomeEntry({ request: 'req-2', outcome: 'denied', code: 'arguments.envelope', response: null }),
  outcomeEntry({ request: 'req-1' }),
  { kind: 'anomaly', time: START + 61_000, server: 'other', code: 'response.unknown', request: null, detail: {} },
  decisionEntry({ request: 'req-3', run: 'ticket-1', target: 'inventory.adjust', time: START + 62_000 }),
];

/** Writes a ledger directory: a lifecycle record, the entries, a lifecycle record. */
export async function writeLedger(
  directory: string,
  entries: readonly AuditEntry[],
  segmentBytes = 1 << 20,
): Promise<void> {
  const clock = new ManualClock(START);
  const sink = createFileSink({ directory, clock, segmentBytes, fsync: false });
  const ledger = await openLedger({ sink, clock, id: 'ledger-1' });
  for (const [index, entry] of entries.entries()) {
    ledger.append(entry);
    if (index % 50 === 49) await ledger.flush();
  }
  await ledger.close();
}
