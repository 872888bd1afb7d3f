import { isJsonArray, type Instant } from '@callgate/canonical';

import type { BreakerEvent, Detector, Sign } from './evidence.ts';
import type { FailureRateTrip, LatencyTrip } from './trips.ts';

/** The last calls: when each ended, and whether it was bad. The oldest first. */
export interface Samples {
  readonly times: Instant[];
  readonly bad: boolean[];
  badCount: number;
}

/** What both sorts of trip say about samples. */
interface SampledTrip {
  readonly of: number;
  readonly withinMs: number | undefined;
}

function sampledBy<T extends FailureRateTrip | LatencyTrip>(
  sampled: (trip: T) => SampledTrip,
  signOf: (trip: T, event: BreakerEvent) => Sign,
  isTripped: (trip: T, samples: Samples) => boolean,
): Detector<T, Samples> {
  return {
    create: () => ({ times: [], bad: [], badCount: 0 }),

    add(trip, samples, event) {
      const { of, withinMs } = sampled(trip);
      while (isSpent(samples, event.now, withinMs)) dropOldest(samples);
      const sign = signOf(trip, event);
      if (sign === 'none') return false;
      samples.times.push(event.now);
      samples.bad.push(sign === 'bad');
      if (sign === 'bad') samples.badCount += 1;
      while (samples.times.length > of) dropOldest(samples);
      return samples.times.length === of && isTripped(trip, samples);
    },

    signOf: (trip, _samples, event) => signOf(trip, event),
    isEmpty: ({ times }) => times.length === 0,
    copy: ({ times, bad, badCount }) => ({ times: [...times], bad: [...bad], badCount }),
    write: ({ times, bad }) => times.map((time, index) => [time, bad[index] === true]),

    read(value) {
      if (!isJsonArray(value)) return undefined;
      const samples: Samples = { times: [], bad: [], badCount: 0 };
      for (const sample of value) {
        if (!isJsonArray(sample)) return undefined;
        const [time, bad] = sample;
        if (typeof time !== 'number' || typeof bad !== 'boolean') return undefined;
        samples.times.push(time);
        samples.bad.push(bad);
        if (bad) samples.badCount += 1;
      }
      return samples;
    },
  };
}

function isSpent({ times }: Samples, now: Instant, withinMs: number | undefined): boolean {
  const [oldest] = times;
  return oldest !== undefined && withinMs !== undefined && oldest + withinMs <= now;
}

function dropOldest(samples: Samples): void {
  samples.times.shift();
  if (samples.bad.shift() === true) samples.badCount -= 1;
}

/** At least a share of the last calls failed. It takes so many calls to say so. */
export const failureRate: Detector<FailureRateTrip, Samples> = sampledBy(
  (trip) => trip,
  (_trip, { kind }) => (kind === 'ok' ? 'good' : kind === 'failed' ? 'bad' : 'none'),
  ({ rate }, { badCount, times }) => badCount > 0 && badCount / times.length >= rate,
);

/** A percentile (nearest rank) of the last durations is over a bound. It takes so many calls to say so. */
export const latency: Detector<LatencyTrip, Samples> = sampledBy(
  ({ of }) => ({ of, withinMs: undefined }),
  // Who gave up did not wait for the end: what is known of the duration is that it was at least so long.
  ({ overMs }, { kind, durationMs }) => (durationMs > overMs ? 'bad' : kind === 'unheard' ? 'none' : 'good'),
  // The value of that rank is over the bound if and only if it and all above it are.
  ({ percentile }, { badCount, times }) => badCount > times.length - rankOf(percentile, times.length),
);

/** From 1. `0.95 * 20` is 19, whatever binary fractions make of it. */
function rankOf(percentile: number, count: number): number {
  return Math.max(1, Math.ceil(percentile * count - 1e-9));
}
