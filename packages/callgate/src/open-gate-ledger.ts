import { createFileSink, createMemorySink, openLedger, type AuditSink, type Ledger } from '@callgate/audit';
import type { Clock } from '@callgate/canonical';

import { randomIds } from './system.ts';

const MEMORY = 'memory';

/** What a ledger in memory keeps: about 10 MB of the newest records. */
const MEMORY_RECORDS = 10_000;

/** A gate's ledger, and whether the gate opened it (and so closes it). */
export interface GateLedger {
  readonly ledger: Ledger;
  readonly isOwned: boolean;
  /** The folder it is in, where the gate knows of one. */
  readonly folder: string | undefined;
}

/** Opens what `GateOptions.ledger` names: a folder, `memory`, a sink; or takes a ledger the host opened. */
export async function openGateLedger(ledger: string | AuditSink | Ledger, clock: Clock): Promise<GateLedger> {
  if (typeof ledger === 'object' && 'append' in ledger) return { ledger, isOwned: false, folder: undefined };
  const sink = typeof ledger === 'string' ? sinkNamed(ledger, clock) : ledger;
  const folder = typeof ledger === 'string' && ledger !== MEMORY ? ledger : undefined;
  return { ledger: await openLedger({ sink, clock, id: randomIds('ledger-')() }), isOwned: true, folder };
}

function sinkNamed(name: string, clock: Clock): AuditSink {
  return name === MEMORY
    ? createMemorySink({ maxRecords: MEMORY_RECORDS })
    : createFileSink({ directory: name, clock });
}
