import { isJsonArray } from '@callgate/canonical';

import { isCount } from '../internal/is-count.ts';
import type { Detector } from './evidence.ts';
import type { CountingTrip } from './trips.ts';

/** How often each class of failure came since the last success. */
export interface FailureCounts {
  /** Undefined while there was none: most calls succeed. */
  byClass: Map<string, number> | undefined;
}

/** More classes than this count as one, so that a server that names every failure anew is not forgotten. */
const MAX_CLASSES = 16;
const OTHERS = '';

/** The same failure `after` times: of the same class, with no success between. */
export const identicalFailure: Detector<CountingTrip, FailureCounts> = {
  create: () => ({ byClass: undefined }),

  add({ after }, counts, { kind, errorClass }) {
    if (kind === 'ok') counts.byClass = undefined;
    if (kind !== 'failed') return false;
    const byClass = counts.byClass ?? new Map<string, number>();
    counts.byClass = byClass;
    const name = byClass.has(errorClass) || byClass.size < MAX_CLASSES ? errorClass : OTHERS;
    const count = (byClass.get(name) ?? 0) + 1;
    byClass.set(name, count);
    return count >= after;
  },

  signOf: (_trip, _counts, { kind }) => (kind === 'ok' ? 'good' : kind === 'failed' ? 'bad' : 'none'),
  isEmpty: ({ byClass }) => byClass === undefined,
  copy: ({ byClass }) => ({ byClass: byClass === undefined ? undefined : new Map(byClass) }),
  write: ({ byClass = new Map() }) => [...byClass].flat(),

  read(value) {
    if (!isJsonArray(value) || value.length % 2 !== 0) return undefined;
    const byClass = new Map<string, number>();
    for (let index = 0; index < value.length; index += 2) {
      const [name, count] = [value[index], value[index + 1]];
      if (typeof name !== 'string' || !isCount(count)) return undefined;
      byClass.set(name, count);
    }
    return { byClass: byClass.size === 0 ? undefined : byClass };
  },
};
