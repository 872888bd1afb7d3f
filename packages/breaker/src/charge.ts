import type { ControlVerdict } from '@callgate/policy';

import type { BoundControl } from './bound-control.ts';
import type { CallFacts } from './call-facts.ts';
import type { Slot } from './keyed-store.ts';
import type { Held } from './reducer.ts';
import type { AnyReducer } from './reducers.ts';
import type { Space } from './space.ts';

/** One key that a call is judged by, and then counted under. */
export interface Place extends Held<object> {
  /** Where the key is kept: as judged, until something happens; then as reserved. */
  slot: Slot<object> | undefined;
  /** What was reserved. */
  ticket: unknown;
}

/** A control that has judged a call, and by which keys. */
export interface Charge {
  readonly bound: BoundControl;
  readonly reducer: AnyReducer;
  readonly space: Space;
  readonly facts: CallFacts;
  readonly verdict: ControlVerdict;
  /** Undefined while nobody had to read them: no key of the control has anything to say. */
  places: readonly Place[] | undefined;
}
