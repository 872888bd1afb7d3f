import type { Instant } from '@callgate/canonical';
import type { Control } from '@callgate/policy';

import { KeyedStore } from './keyed-store.ts';
import type { HistoryLimits } from './limits.ts';
import type { AnyReducer } from './reducers.ts';

/** Where the cells of a control are, or of several that share them. */
export interface Space {
  readonly name: string;
  /** How its cells remember; of several kinds that share it, that of `control`. */
  reducer: AnyReducer;
  readonly store: KeyedStore<object>;
  /** The control that used it last; undefined for what a snapshot brought and no control of the policy has asked for. */
  control: Control | undefined;
  /** How long its cells stay, by the control in force. Without one it is 0, so that the time they were queued for holds. */
  readonly ttlOf: (cell: object) => number;
  /** Whether it has been given up to make room, so that whoever still knows it asks again. */
  isGone: boolean;
}

/** The spaces of a history, by name, at most `maxControls`. */
export class Spaces {
  readonly #limits: HistoryLimits;
  readonly #byName = new Map<string, Space>();

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  all(): IterableIterator<Space> {
    return this.#byName.values();
  }

  get(name: string): Space | undefined {
    return this.#byName.get(name);
  }

  /** The space of a control; undefined where there are too many, and all of them are in use. Asked again only when it {@link Space.isGone}. */
  of(control: Control, reducer: AnyReducer, now: Instant): Space | undefined {
    const name = reducer.space(control);
    const space = this.#byName.get(name) ?? this.add(name, reducer, now);
    if (space === undefined) return undefined;
    space.control = control;
    space.reducer = reducer;
    return space;
  }

  /** A space that a snapshot names. */
  restore(name: string, reducer: AnyReducer): Space {
    const store = new KeyedStore<object>(this.#limits.maxKeys);
    const ttlOf = (cell: object): number =>
      space.control === undefined ? 0 : space.reducer.ttlMs(space.control, cell);
    const space: Space = { name, reducer, store, control: undefined, ttlOf, isGone: false };
    this.#byName.set(name, space);
    return space;
  }

  /** A new space; undefined where there are too many, and all of them are in use. */
  add(name: string, reducer: AnyReducer, now: Instant): Space | undefined {
    if (this.#byName.size >= this.#limits.maxControls && !this.#makeRoom(now)) return undefined;
    return this.restore(name, reducer);
  }

  /** Gives up one space in which nothing says anything any more. */
  #makeRoom(now: Instant): boolean {
    for (const space of this.#byName.values()) {
      if (!space.store.isSpent(now, space.ttlOf)) continue;
      space.isGone = true;
      this.#byName.delete(space.name);
      return true;
    }
    return false;
  }
}
