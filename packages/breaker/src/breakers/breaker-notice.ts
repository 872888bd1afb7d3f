import type { BreakerControl, ControlVerdict, Trip } from '@callgate/policy';

import { durationWords } from '../words.ts';

const REASONS: Readonly<Record<Trip['on'], string>> = {
  'identical failure': 'the same call failed in the same way again and again',
  'consecutive failure': 'one call after another failed',
  denial: 'the same call was denied again and again',
  failure: 'too many of the last calls failed',
  latency: 'the last calls took too long',
  cycle: 'the last calls went round in a circle',
  'same result': 'the last calls gave the same result',
};

const HINTS: Readonly<Record<Trip['on'], string>> = {
  'identical failure': 'change the arguments or use another tool',
  'consecutive failure': 'use another tool',
  denial: 'do not repeat it: change what the denial named, or stop',
  failure: 'use another tool',
  latency: 'use another tool',
  cycle: 'stop and say what you have found, or try another way',
  'same result': 'go on with the result that you have',
};

/** The verdict about a call while the breaker is open. */
export function openVerdict({ trip, then }: BreakerControl, forMs: number): ControlVerdict {
  return {
    effect: then,
    code: 'breaker.open',
    notice: {
      message: `the breaker is open for ${durationWords(forMs)} more: ${REASONS[trip.on]}`,
      hints: [HINTS[trip.on]],
      retryAfterMs: forMs,
    },
  };
}

/** The verdict about a call while all probes of a half-open breaker are under way. */
export function halfOpenVerdict({ trip, then }: BreakerControl, probes: number): ControlVerdict {
  return {
    effect: then,
    code: 'breaker.open',
    notice: {
      message: `the breaker is half open, ${probes} of its probes under way: ${REASONS[trip.on]}`,
      hints: [HINTS[trip.on]],
    },
  };
}
