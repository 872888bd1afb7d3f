import { createFileSink, createMemorySink, openLedger, type AuditSink, type Ledger } from '@callgate/audit';
import type { Clock } from '@callgate/canonical';

import { randomIds } from './system.ts';

/** What a ledger in memory keeps: about 10 MB of the newest records. */
const MEMORY_RECORDS = 10_000;

/** A gate's ledger, and whether the gate opened it (and so closes it). */
export interface GateLedger {
  readonly ledger: Ledger;
  readonly isOwned: boolean;
}

/** Opens what `GateOptions.ledger` names: a folder, `memory`, a sink; or takes a ledger the host opened. */
export async function openGateLedger(ledger: string | AuditSink | Ledger, clock: Clock): Promise<GateLedger> {
  if (typeof ledger === 'object' && 'append' in ledger) return { ledger, isOwned: false };
  const sink = typeof ledger === 'string' ? sinkNamed(ledger, clock) : ledger;
  return { ledger: await openLedger({ sink, clock, id: randomIds('ledger-')() }), isOwned: true };
}

function sinkNamed(name: string, clock: Clock): AuditSink {
  return name === 'memory'
    ? createMemorySink({ maxRecords: MEMORY_RECORDS })
    : createFileSink({ directory: name, clock });
}
