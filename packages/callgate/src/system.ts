import { getRandomValues } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import { createIdSource, type Clock, type IdSource } from '@callgate/canonical';

/** The machine's wall clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds that never go backwards, for durations. */
export const monotonicMs = (): number => performance.now();

/** Random, unguessable ids with a prefix that tells what they name. */
export function randomIds(prefix: string): IdSource {
  return createIdSource(prefix, (bytes) => getRandomValues(bytes));
}
