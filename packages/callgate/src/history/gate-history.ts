import {
  createHistory,
  SnapshotError,
  type Attempt,
  type History,
  type HistoryChange,
  type KnownArguments,
  type InspectedControl,
} from '@callgate/breaker';
import { excerpt, type Clock } from '@callgate/canonical';

import { HistoryError } from './errors.ts';
import { HistoryFile } from './history-file.ts';
import type { HistoryOptions } from './history-options.ts';

/** How a history is opened. */
export interface OpenHistory {
  readonly options: HistoryOptions;
  /** The file where it is kept; undefined for memory. */
  readonly file: string | undefined;
  readonly clock: Clock;
  readonly onFailure: (error: HistoryError) => void;
  /** A breaker opened or closed because of a call. */
  readonly onChange: (change: HistoryChange, request: string) => void;
}

/**
 * Opens the history of a gate, with what an earlier one left.
 *
 * @throws {HistoryError} `CALLGATE_HISTORY_UNREADABLE` where there is something and it is no history
 */
export async function openGateHistory({
  options,
  file: path,
  clock,
  onFailure,
  onChange,
}: OpenHistory): Promise<GateHistory> {
  const { environment, limits } = options;
  const given = { ...(environment === undefined ? {} : { environment }), ...(limits === undefined ? {} : { limits }) };
  if (path === undefined) return new GateHistory(createHistory(given), clock, onChange, undefined);
  const file = new HistoryFile(path, onFailure);
  const snapshot = await file.read();
  try {
    const history = createHistory(snapshot === undefined ? given : { ...given, snapshot });
    return new GateHistory(history, clock, onChange, file);
  } catch (cause) {
    if (!(cause instanceof SnapshotError)) throw cause;
    throw new HistoryError(
      'CALLGATE_HISTORY_UNREADABLE',
      `expected a history in \`${excerpt(path)}\`: ${cause.message}. Remove the file to begin anew, with every budget full`,
      { cause },
    );
  }
}

/** What happened before, as the controls of the policy count it, and where that is kept. */
export class GateHistory {
  readonly #history: History;
  readonly #clock: Clock;
  readonly #onChange: OpenHistory['onChange'];
  readonly #file: HistoryFile | undefined;

  constructor(history: History, clock: Clock, onChange: OpenHistory['onChange'], file: HistoryFile | undefined) {
    this.#history = history;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#file = file;
  }

  /** One call, from its decision to its end. */
  attempt(request: string, now: number, known?: KnownArguments): Attempt {
    return this.#history.attempt(request, now, known);
  }

  /** Lifts labels from a run, and whatever of it must not leave because of them. */
  release(run: string, labels: readonly string[]): void {
    this.#history.labels.release([run], labels, this.#clock.now());
    this.#file?.changed(() => this.#history.snapshot());
  }

  /** The run is over: its labels are forgotten. */
  endRun(run: string): void {
    this.#history.labels.end(run, this.#clock.now());
    this.#file?.changed(() => this.#history.snapshot());
  }

  labelsOf(run: string): readonly string[] {
    return this.#history.labels.of(run);
  }

  /** Something about a call was counted: it is written soon, and what opened or closed because of it is told. */
  note(request: string, changes: readonly HistoryChange[]): void {
    this.#file?.changed(() => this.#history.snapshot());
    for (const change of changes) this.#onChange(change, request);
  }

  inspect(): readonly InspectedControl[] {
    return this.#history.inspect(this.#clock.now());
  }

  /** Resolves once what happened so far is kept. */
  async flush(): Promise<void> {
    await this.#file?.flush();
  }
}
