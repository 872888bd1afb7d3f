import type { Instant, JsonObject } from '@callgate/canonical';

import type { Attempt } from './attempt.ts';
import { BoundControls } from './bound-control.ts';
import { EvidenceBudget } from './flows/evidence-budget.ts';
import type { KnownArguments } from './call-facts.ts';
import { RunLabels } from './flows/run-labels.ts';
import { HistoryAttempt } from './history-attempt.ts';
import type { HistoryCore } from './history-core.ts';
import { inspectSpaces, type InspectedControl } from './inspect-history.ts';
import { limitsOf, type HistoryLimits } from './limits.ts';
import { PlaceQueues } from './place-queue.ts';
import { createReducers } from './reducers.ts';
import { KeyReaders } from './read-keys.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { Spaces } from './space.ts';

/** How a history is made. */
export interface HistoryOptions {
  /** What the environment is called, for controls that keep count by it. Without it their calls cannot be judged. */
  readonly environment?: string;
  /** Bounds; those that are not said are {@link DEFAULT_HISTORY_LIMITS}. */
  readonly limits?: Partial<HistoryLimits>;
  /** What {@link History.snapshot} returned, in this process or an earlier one. */
  readonly snapshot?: JsonObject;
}

/**
 * What happened before, as far as controls count it. One for each process that decides.
 *
 * It reads no clock: every time comes in with an attempt. A time before one that a key has seen counts as that one, so a clock that goes
 * back gives nothing back.
 */
export interface History {
  /**
   * One call, from its decision to its end.
   *
   * @param id names the call where others are told of it
   * @param now when it is decided; without a time nothing can be judged
   * @param known what the host knows of its arguments beyond what they say
   */
  attempt(id: string, now: Instant | undefined, known?: KnownArguments): Attempt;
  /** The labels of runs, for what no call says. */
  readonly labels: RunLabels;
  /**
   * All that is counted, as plain data, for {@link HistoryOptions.snapshot}. What is under way is written as in doubt, which counts as
   * having happened; places of calls under way are free. It names runs and principals; values of arguments are digests.
   */
  snapshot(): JsonObject;
  /** What operators want to see. It looks at every key. */
  inspect(now: Instant): readonly InspectedControl[];
}

/**
 * A history in memory.
 *
 * @throws {RangeError} when a limit is out of range
 * @throws {SnapshotError} when `snapshot` is none, or holds more than the limits allow
 */
export function createHistory({ environment, limits, snapshot }: HistoryOptions = {}): History {
  const bounds = limitsOf(limits);
  const evidence = new EvidenceBudget();
  const reducers = createReducers(bounds, evidence);
  const spaces = snapshot === undefined ? new Spaces(bounds) : readSnapshot(snapshot, reducers, bounds);
  const core: HistoryCore = {
    environment,
    limits: bounds,
    reducers,
    controls: new BoundControls(reducers),
    keys: new KeyReaders(),
    spaces,
    queues: new PlaceQueues(),
    evidence,
    epoch: 0,
    attempts: 0,
  };
  return {
    attempt: (id, now, known) =>
      new HistoryAttempt(core, id, now !== undefined && Number.isFinite(now) ? now : undefined, known),
    labels: new RunLabels(core),
    snapshot: () => writeSnapshot(spaces),
    inspect: (now) => inspectSpaces(spaces, now),
  };
}
