import type { Instant } from '@callgate/canonical';

import type { HistoryCore } from '../history-core.ts';
import { keyText } from '../key-text.ts';
import type { Space } from '../space.ts';
import type { Fingerprints } from './fingerprints.ts';
import { UNTRUSTED, endRun, isUnlabelled, joinLabels, releaseLabels, type LabelCell } from './label-cell.ts';
import { LABEL_SPACE } from './flow-reducers.ts';
import { sourceOf } from './run-evidence.ts';

/** Labels that reach runs otherwise than by the result of a call: from the handle of a withheld result, or with the prompt. */
export interface BroughtLabels {
  /** The gate's id of the call that they are of. */
  readonly call: string;
  /** The run, then the runs around it, innermost first. */
  readonly runs: readonly string[];
  readonly labels: readonly string[];
  readonly fingerprints?: Fingerprints | undefined;
}

const NOTHING_KNOWN: ReadonlySet<number> = new Set();

/** The labels of the runs of a history, for hosts and operators. Calls under way bring theirs afterwards all the same. */
export class RunLabels {
  readonly #core: HistoryCore;

  constructor(core: HistoryCore) {
    this.#core = core;
  }

  /** Labels that the run has seen itself, in order of code units. Runs around it have theirs. */
  of(run: string): readonly string[] {
    const cell = this.#space()?.store.get(keyText([run]))?.cell as LabelCell | undefined;
    return cell === undefined ? [] : [...cell.labels.keys()].toSorted();
  }

  /** The runs have seen it. False where there is no room for one of them: then nothing has changed, and nothing may be shown to it. */
  join({ call, runs, labels, fingerprints }: BroughtLabels, now: Instant): boolean {
    const reducer = this.#core.reducers.get('labels');
    const space =
      this.#space() ?? (reducer === undefined ? undefined : this.#core.spaces.add(LABEL_SPACE, reducer, now));
    if (space === undefined) return false;
    const isKnown = (key: string): boolean => space.store.get(key) !== undefined;
    const keys = new Set(runs.map((run) => keyText([run])));
    const [known, added] = [[...keys].filter(isKnown), [...keys].filter((key) => !isKnown(key))];
    if (added.length > 0 && !space.store.hasRoom(added.length, keys, now, space.ttlOf)) return false;
    const confidential = labels.filter((label) => label !== UNTRUSTED);
    // Those that are known first: changed just now, they are not what makes room for the others.
    for (const key of [...known, ...added]) {
      this.#edit(space, key, now, (cell) => {
        joinLabels(cell, labels, { call, runs });
        if (fingerprints !== undefined && confidential.length > 0)
          cell.evidence.add(sourceOf(call, confidential, runs, fingerprints, NOTHING_KNOWN));
      });
    }
    return true;
  }

  /** Lifts labels of the runs, whoever brought them. A run sees those of the runs around it: name them too. */
  release(runs: readonly string[], labels: readonly string[], now: Instant): void {
    this.#change(runs, now, (cell) => {
      releaseLabels(cell, labels);
    });
  }

  /** The run has ended: nothing is kept for it any more. One that goes on under the same name has seen nothing. */
  end(run: string, now: Instant): void {
    this.#change([run], now, endRun);
  }

  #change(runs: readonly string[], now: Instant, change: (cell: LabelCell) => void): void {
    const space = this.#space();
    if (space === undefined) return;
    for (const run of runs) {
      const key = keyText([run]);
      if (space.store.get(key) !== undefined) this.#edit(space, key, now, change);
    }
  }

  #edit(space: Space, key: string, now: Instant, change: (cell: LabelCell) => void): void {
    const { store } = space;
    this.#core.epoch += 1;
    let slot = store.get(key);
    if (slot === undefined) slot = store.add(key, space.reducer.create(space.control as never), now, space.ttlOf);
    else store.pin(slot, now);
    // INVARIANT: whatever is kept in this space was made by the reducers of labels.
    const cell = slot.cell as LabelCell;
    change(cell);
    this.#core.evidence.changed(cell.evidence);
    store.unpin(slot, isUnlabelled(cell) ? 0 : this.#core.limits.maxIdleMs, true);
  }

  #space(): Space | undefined {
    return this.#core.spaces.get(LABEL_SPACE);
  }
}
