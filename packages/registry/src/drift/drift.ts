import type { JsonValue } from '@callgate/canonical';

import { DRIFT_CLASSES, type DriftClass } from './drift-class.ts';

/** One difference between what is pinned and what was seen. */
export interface Drift {
  readonly class: DriftClass;
  /** Whether a client that was written for what is pinned can fail. */
  readonly breaking: boolean;
  /** JSON pointer into the definition (for `identity-changed` of a server: into its identity); `""`: all of it. */
  readonly pointer: string;
  /** What is pinned at the pointer; undefined: nothing. */
  readonly before?: JsonValue;
  /** What was seen at the pointer; undefined: nothing. */
  readonly after?: JsonValue;
}

/** A drift, without members for what is absent. */
export function makeDrift(
  driftClass: DriftClass,
  pointer: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): Drift {
  return {
    class: driftClass,
    breaking: DRIFT_CLASSES[driftClass].breaking,
    pointer,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
