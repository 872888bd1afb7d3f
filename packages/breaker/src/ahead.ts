import type { Charge, Place } from './charge.ts';
import type { Space } from './space.ts';

/** Cells as they would be if the calls that a decision has judged so far went ahead: its next calls are judged by them. */
export class Ahead {
  readonly #cells = new Map<Space, Map<string, object>>();

  /** The cell under a key, or undefined where no call before concerns it. */
  cell(space: Space, key: string): object | undefined {
    return this.#cells.get(space)?.get(key);
  }

  /** Takes a judged call in. */
  add({ bound: { control }, space, reducer, facts }: Charge, places: readonly Place[]): void {
    let cells = this.#cells.get(space);
    if (cells === undefined) {
      cells = new Map();
      this.#cells.set(space, cells);
    }
    for (const { key, cell, now } of places) {
      let ahead = cells.get(key);
      if (ahead === undefined) {
        ahead = cell === undefined ? reducer.create(control) : reducer.copy(cell);
        cells.set(key, ahead);
      }
      reducer.reserve(control, ahead, facts, now);
    }
  }
}
