import { isJsonObject } from '@callgate/canonical';

import { isCount } from '../internal/is-count.ts';
import type { Detector } from './evidence.ts';
import type { SameResultTrip } from './trips.ts';

/** The last result, and how many times in a row it came. */
export interface LastResult {
  digest: string;
  count: number;
}

/** The same result `after` times in a row: no progress. Calls whose result is not known say nothing. */
export const sameResult: Detector<SameResultTrip, LastResult> = {
  create: () => ({ digest: '', count: 0 }),

  add({ after }, last, { resultDigest }) {
    if (resultDigest === undefined) return false;
    last.count = last.digest === resultDigest ? last.count + 1 : 1;
    last.digest = resultDigest;
    return last.count >= after;
  },

  signOf: (_trip, last, { resultDigest }) =>
    resultDigest === undefined ? 'none' : resultDigest === last.digest ? 'bad' : 'good',
  isEmpty: ({ count }) => count === 0,
  copy: (last) => ({ ...last }),
  write: ({ digest, count }) => ({ digest, count }),

  read(value) {
    if (!isJsonObject(value)) return undefined;
    const { digest, count } = value;
    return typeof digest === 'string' && isCount(count) ? { digest, count } : undefined;
  },
};
