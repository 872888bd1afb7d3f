import { isJsonObject } from '@callgate/canonical';

import { isCount } from '../internal/is-count.ts';
import type { Detector } from './evidence.ts';
import type { CountingTrip } from './trips.ts';

/** How often each class of failure came since the last success. */
export type FailureCounts = Map<string, number>;

/** More classes than this count as one, so that a server that names every failure anew is not forgotten. */
const MAX_CLASSES = 16;
const OTHERS = '';

/** The same failure `after` times: of the same class, with no success between. */
export const identicalFailure: Detector<CountingTrip, FailureCounts> = {
  create: () => new Map(),

  add({ after }, counts, { kind, errorClass }) {
    if (kind === 'ok') counts.clear();
    if (kind !== 'failed') return false;
    const name = counts.has(errorClass) || counts.size < MAX_CLASSES ? errorClass : OTHERS;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count >= after;
  },

  signOf: (_trip, _counts, { kind }) => (kind === 'ok' ? 'good' : kind === 'failed' ? 'bad' : 'none'),
  isEmpty: (counts) => counts.size === 0,
  copy: (counts) => new Map(counts),
  write: (counts) => Object.fromEntries(counts),

  read(value) {
    if (!isJsonObject(value)) return undefined;
    const entries = Object.entries(value);
    return entries.every((entry): entry is [string, number] => isCount(entry[1])) ? new Map(entries) : undefined;
  },
};
