import { isCount } from '../internal/is-count.ts';
import type { BreakerEvent, Detector, Sign } from './evidence.ts';
import type { CountingTrip } from './trips.ts';

/** How many bad ones in a row. */
export interface Streak {
  count: number;
}

function streakOf(signOf: (event: BreakerEvent) => Sign): Detector<CountingTrip, Streak> {
  return {
    create: () => ({ count: 0 }),

    add({ after }, streak, event) {
      const sign = signOf(event);
      if (sign === 'good') streak.count = 0;
      if (sign === 'bad') streak.count += 1;
      return sign === 'bad' && streak.count >= after;
    },

    signOf: (_trip, _streak, event) => signOf(event),
    isEmpty: ({ count }) => count === 0,
    copy: (streak) => ({ ...streak }),
    write: ({ count }) => count,
    read: (value) => (isCount(value) ? { count: value } : undefined),
  };
}

/** So many failures in a row, whatever their class. */
export const consecutiveFailure: Detector<CountingTrip, Streak> = streakOf(({ kind }) =>
  kind === 'ok' ? 'good' : kind === 'failed' ? 'bad' : 'none',
);

/** So many denials in a row: a call that goes ahead ends them, however it ends. */
export const denial: Detector<CountingTrip, Streak> = streakOf(({ kind }) => (kind === 'denied' ? 'bad' : 'good'));
