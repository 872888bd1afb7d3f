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
export function outcomeEntry(changes: Partial<OutcomeEntry>): OutcomeEntry {
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

const at = (seconds: number): number => START + seconds * 1_000;

/**
 * A run `outer` with a run `inner` inside it: reads that state a cost and bring labels, a denial, a call that fails and states no cost, one
 * in doubt; another run next to it.
 */
export const RUN_ENTRIES: readonly AuditEntry[] = [
  decisionEntry({
    request: 'a',
    run: 'outer',
    principal: { user: 'u-17', agent: 'helper', tenant: 'acme', team: 'red' },
  }),
  outcomeEntry({ request: 'a', cost: 0.1, labels: ['private'], time: at(1) }),
  decisionEntry({
    request: 'b',
    run: 'inner',
    parents: ['outer'],
    target: 'page.fetch',
    server: { name: 'web', trust: 'external', identity: null, manifest: null },
    notices: ['daily-cost'],
    time: at(2),
  }),
  decisionEntry({ request: 'x', run: 'alone', target: 'sum', time: at(2.5) }),
  outcomeEntry({ request: 'b', cost: 0.2, labels: ['untrusted'], time: at(3) }),
  {
    kind: 'lifecycle',
    time: at(3.5),
    event: 'history',
    detail: { event: 'breaker-opened', control: 'tool-down', request: 'b' },
  },
  {
    kind: 'lifecycle',
    time: at(3.6),
    event: 'history',
    detail: { event: 'breaker-opened', control: 'stuck', request: 'x' },
  },
  outcomeEntry({ request: 'x', cost: 3, time: at(3.8) }),
  decisionEntry({
    request: 'c',
    run: 'outer',
    target: 'mail.send',
    effect: 'deny',
    code: 'flow.blocked',
    rules: [{ rule: '/rules/lethal-trifecta', line: 40 }],
    time: at(4),
  }),
  outcomeEntry({ request: 'c', outcome: 'denied', code: 'flow.blocked', response: null, durationMs: 0, time: at(4) }),
  decisionEntry({ request: 'd', run: 'outer', target: 'mail.draft', time: at(5) }),
  decisionEntry({ request: 'e', run: 'outer', target: 'mail.list', time: at(6) }),
  outcomeEntry({ request: 'e', outcome: 'tool_error', time: at(7) }),
  { kind: 'anomaly', time: at(8), server: 'inventory', code: 'response.late', request: 'e', detail: {} },
  { kind: 'lifecycle', time: at(9), event: 'history', detail: { event: 'released', run: 'alone' } },
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
