import type { Control } from '@callgate/policy';

import type { AnyReducer } from './reducers.ts';
import type { Space } from './space.ts';

/** A control, and what a history looks up for it: once, however many calls it judges. */
export interface BoundControl {
  readonly control: Control;
  /** Undefined where its kind is not known. */
  readonly reducer: AnyReducer | undefined;
  /** Undefined until a call could be judged. */
  space: Space | undefined;
  /** The greatest number of an attempt that asked about it: a later attempt has not. */
  askedBy: number;
}

/** The controls that a history was asked about, as long as their policies live. */
export class BoundControls {
  readonly #reducers: ReadonlyMap<string, AnyReducer>;
  readonly #byControl = new WeakMap<Control, BoundControl>();

  constructor(reducers: ReadonlyMap<string, AnyReducer>) {
    this.#reducers = reducers;
  }

  of(control: Control): BoundControl {
    const known = this.#byControl.get(control);
    if (known !== undefined) return known;
    const bound: BoundControl = {
      control,
      reducer: this.#reducers.get(control.kind),
      space: undefined,
      askedBy: 0,
    };
    this.#byControl.set(control, bound);
    return bound;
  }
}
