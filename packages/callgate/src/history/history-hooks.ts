import { join } from 'node:path';

import type { HistoryChange } from '@callgate/breaker';
import type { Clock } from '@callgate/canonical';

import type { EventHub } from '../events.ts';
import type { Evidence } from '../evidence.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { OpenHistory } from './gate-history.ts';

/** How a gate's history records and announces what becomes of its controls. */
export function historyHooks(gate: {
  readonly evidence: Evidence;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}): Pick<OpenHistory, 'onChange' | 'onFailure'> {
  const { clock, events, evidence, telemetry } = gate;
  return {
    onChange: ({ kind, control }: HistoryChange, request) => {
      evidence.note({
        kind: 'lifecycle',
        time: clock.now(),
        event: 'history',
        detail: { event: kind, control, request },
      });
      telemetry.breaker(control, kind === 'breaker-opened' ? 'opened' : 'closed');
      events.emit(kind, { control, request });
    },
    onFailure: (error) => events.emit('history-failed', { error }),
  };
}

/** The file where a history is kept; undefined for memory. By default it is beside the records. */
export function historyFile(keep: string | undefined, ledgerFolder: string | undefined): string | undefined {
  if (keep === 'memory') return undefined;
  if (keep !== undefined) return keep;
  return ledgerFolder === undefined ? undefined : join(ledgerFolder, 'history.json');
}
