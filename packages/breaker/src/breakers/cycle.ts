import { isJsonArray, isJsonObject } from '@callgate/canonical';

import { isCount } from '../internal/is-count.ts';
import type { BreakerEvent, Detector } from './evidence.ts';
import type { CycleTrip } from './trips.ts';

/** The last calls, and for each length of a cycle how many calls in a row were the same as the one so many before. */
export interface RecentCalls {
  /** Digests, the oldest first, at most the longest length. */
  readonly recent: string[];
  /** By length minus 1. */
  readonly repeated: number[];
}

/** The last calls are a cycle of at most `length` calls, `after` times in a row. */
export const cycle: Detector<CycleTrip, RecentCalls> = {
  create: () => ({ recent: [], repeated: [] }),

  add(trip, calls, event) {
    if (event.kind === 'denied') return false;
    const { recent, repeated } = calls;
    const call = event.facts.callText();
    let isTripped = false;
    for (let length = 1; length <= trip.length; length += 1) {
      const count = recent[recent.length - length] === call ? (repeated[length - 1] ?? 0) + 1 : 0;
      repeated[length - 1] = count;
      if (count >= length * (trip.after - 1)) isTripped = isTripped || count > 0;
    }
    recent.push(call);
    if (recent.length > trip.length) recent.shift();
    return isTripped;
  },

  signOf: (trip, calls, event) => (event.kind === 'denied' ? 'none' : goesOn(trip, calls, event) ? 'bad' : 'good'),
  isEmpty: ({ recent }) => recent.length === 0,
  copy: ({ recent, repeated }) => ({ recent: [...recent], repeated: [...repeated] }),
  write: ({ recent, repeated }) => ({ recent: [...recent], repeated: [...repeated] }),

  read(value) {
    if (!isJsonObject(value)) return undefined;
    const { recent, repeated } = value;
    if (!isJsonArray(recent) || !recent.every((call) => typeof call === 'string')) return undefined;
    if (!isJsonArray(repeated) || !repeated.every(isCount)) return undefined;
    return { recent: [...recent], repeated: [...repeated] };
  },
};

/** Whether the call is the next of the cycle that opened the breaker. */
function goesOn(trip: CycleTrip, { recent, repeated }: RecentCalls, event: BreakerEvent): boolean {
  const call = event.facts.callText();
  return repeated.some(
    (count, index) => count + 1 >= (index + 1) * (trip.after - 1) && recent[recent.length - index - 1] === call,
  );
}
