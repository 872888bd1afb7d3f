import type { Ledger } from '@callgate/audit';
import type { Clock } from '@callgate/canonical';

import type { EventHub } from '../events.ts';
import type { Evidence } from '../evidence.ts';
import type { QuarantineHooks } from './quarantine.ts';
import { quarantineEntry } from './quarantine-record.ts';

/** How a gate's quarantine records and announces what becomes of its items. */
export function gateHooks(gate: {
  readonly ledger: Ledger;
  readonly evidence: Evidence;
  readonly events: EventHub;
  readonly clock: Clock;
}): QuarantineHooks {
  const { ledger, evidence, events, clock } = gate;
  return {
    recordFirst: async (detail, signal) => {
      await ledger.durable(evidence.append(quarantineEntry(clock.now(), detail)), signal);
    },
    evicted: (id, reason) => {
      evidence.note(quarantineEntry(clock.now(), { action: 'evicted', id, reason }));
      events.emit('quarantine-evicted', { id, reason });
    },
    released: ({ id, server, tool }, by) => events.emit('quarantine-released', { id, server, target: tool, by }),
    failed: (error) => events.emit('quarantine-failed', { server: null, request: null, error }),
  };
}
