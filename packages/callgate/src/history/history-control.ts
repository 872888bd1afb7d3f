import type { InspectedControl } from '@callgate/breaker';
import type { Ledger } from '@callgate/audit';
import type { Clock } from '@callgate/canonical';

import type { Evidence } from '../evidence.ts';
import { assertReleaseOptions } from '../quarantine/release-options.ts';
import type { GateHistory } from './gate-history.ts';

/** Which labels a person lifts from a run, who that is, and why. */
export interface ReleaseLabels {
  readonly run: string;
  readonly labels: readonly string[];
  /** A person, 1 to 128 characters. */
  readonly by: string;
  /** In words, 1 to 500 characters. */
  readonly reason: string;
}

/** What the controls of a policy have counted, for operators. */
export interface HistoryControl {
  /** Open breakers, the fullest meters, labels of runs, by control. No values of arguments. */
  inspect(): readonly InspectedControl[];
  /** The labels that a run has seen itself, sorted. Those of the runs around it count for it, too. */
  labelsOf(run: string): readonly string[];
  /**
   * Lifts labels from a run, once the record of who did so and why is durable. Runs around it keep theirs, and so does it through them.
   *
   * @throws {TypeError} without a run, labels, a person or a reason
   * @throws {AuditError} when it cannot be recorded; the labels then stay
   */
  release(options: ReleaseLabels, signal?: AbortSignal): Promise<void>;
  /** The run is over, and its labels are forgotten. A run that goes on under the same name has seen nothing: end only what cannot. */
  endRun(run: string): void;
}

/** The operator's side of a gate's history. */
export function createHistoryControl(gate: {
  readonly history: GateHistory;
  readonly evidence: Evidence;
  readonly ledger: Ledger;
  readonly clock: Clock;
}): HistoryControl {
  const { history, evidence, ledger, clock } = gate;
  return Object.freeze({
    inspect: () => history.inspect(),
    labelsOf: (run: string) => history.labelsOf(run),
    release: async (options: ReleaseLabels, signal?: AbortSignal) => {
      const { by, reason } = assertReleaseOptions(options);
      const { run, labels } = options;
      if (typeof run !== 'string' || run === '') throw new TypeError('run: expected the name of a run');
      if (!Array.isArray(labels) || labels.length === 0 || !labels.every((label) => typeof label === 'string'))
        throw new TypeError('labels: expected at least one label');
      const detail = { event: 'released', run, labels: [...labels], by, reason };
      const sequence = evidence.append({ kind: 'lifecycle', time: clock.now(), event: 'history', detail });
      await ledger.durable(sequence, signal);
      history.release(run, labels);
    },
    endRun: (run: string) => history.endRun(run),
  });
}
