import type { Control, ControlVerdict } from '@callgate/policy';

import type { CallFacts } from './call-facts.ts';
import type { Slot } from './keyed-store.ts';
import type { AnyReducer } from './reducers.ts';
import type { Space } from './space.ts';

/** A control that has judged a call, and by which keys. */
export interface Charge {
  readonly control: Control;
  readonly reducer: AnyReducer;
  readonly space: Space;
  readonly facts: CallFacts;
  readonly keys: readonly string[];
  readonly verdict: ControlVerdict;
  /** Where each key is kept, in the order of `keys`: as judged, until something happens; then as reserved. */
  readonly slots: (Slot<object> | undefined)[];
  /** What was reserved, in the order of `keys`. */
  readonly tickets: unknown[];
}
