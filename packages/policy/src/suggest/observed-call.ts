import type { Instant } from '@callgate/canonical';

import type { Call } from '../call.ts';
import type { Effect } from '../decision.ts';

/** A call as it was made once, to learn from. */
export interface ObservedCall {
  readonly call: Call;
  /** When it was made. */
  readonly at?: Instant | undefined;
  /** What was decided on it, where that is known. What was denied or held is not learned from. */
  readonly effect?: Effect | undefined;
}
