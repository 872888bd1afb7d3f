import type { BreakerControl, ControlledCall, MeterControl, RateControl, Trip } from '@callgate/policy';
import fc from 'fast-check';
import { describe, test } from 'vitest';

import { casesOr } from './support/cases.ts';
import { breaker, meter, rate } from './support/controls.ts';
import { playAgainst, steps } from './support/model.ts';
import { breakerReference, meterReference, rateReference } from './support/reference.ts';

const SHORT = 150;
const byRun = (call: ControlledCall): string => String(call.runs[0]);

const windows = fc.constantFrom(undefined, 40, 100, 1000);

describe.each<{ readonly name: string; readonly measure: MeterControl['measure'] }>([
  { name: 'calls', measure: { of: 'calls' } },
  { name: 'failures', measure: { of: 'failures' } },
  { name: 'denials', measure: { of: 'denials' } },
  { name: 'calls under way', measure: { of: 'open' } },
  { name: 'distinct arguments', measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } } },
  { name: 'distinct tools', measure: { of: 'distinct', value: { by: 'tool' } } },
  { name: 'cost', measure: { of: 'cost' } },
  { name: 'bytes', measure: { of: 'bytes' } },
  { name: 'rows', measure: { of: 'rows' } },
  { name: 'tokens', measure: { of: 'tokens' } },
  { name: 'an argument', measure: { of: 'argument', pointer: '/amount' } },
])('a meter of $name', ({ measure }) => {
  const controls: fc.Arbitrary<MeterControl> = fc
    .record({
      withinMs: measure.of === 'open' ? fc.constant(undefined) : windows,
      max: measure.of === 'bytes' ? fc.constantFrom(0, 1000, 6000) : fc.constantFrom(0, 1, 2, 3, 3.3, 5),
      soft: fc.constantFrom(undefined, undefined, 1, 2),
      reserve: fc.constantFrom(0, 0, 0.5, 2),
      degrade: measure.of === 'open' ? fc.constantFrom(undefined, { from: 0.5, cost: 1 }) : fc.constant(undefined),
    })
    .map((changes) => meter({ measure, ...changes }));

  test('says what the list of all events says', () => {
    fc.assert(
      fc.property(controls, steps, (control, played) => {
        playAgainst(meterReference(control), control, byRun, played);
      }),
      { numRuns: casesOr(SHORT) },
    );
  });
});

describe('a rate', () => {
  const controls: fc.Arbitrary<RateControl> = fc
    .record({
      max: fc.constantFrom(0, 1, 2, 3, 7),
      withinMs: fc.constantFrom(40, 100, 1000),
      burst: fc.constantFrom(1, 2, 5),
    })
    .map((changes) => rate({ per: [{ by: 'run' }], ...changes }));

  test('says what the list of all events says', () => {
    fc.assert(
      fc.property(controls, steps, (control, played) => {
        playAgainst(rateReference(control), control, byRun, played);
      }),
      { numRuns: casesOr(SHORT) },
    );
  });
});

describe.each<{ readonly name: string; readonly trips: fc.Arbitrary<Trip> }>([
  ...(['identical failure', 'consecutive failure', 'denial'] as const).map((on) => ({
    name: on,
    trips: fc.record({ on: fc.constant(on), after: fc.constantFrom(1, 2, 3) }),
  })),
  {
    name: 'failure rate',
    trips: fc.record({
      on: fc.constant('failure' as const),
      rate: fc.constantFrom(0.1, 0.5, 1),
      of: fc.constantFrom(1, 2, 4),
      withinMs: fc.constantFrom(undefined, 100, 1000),
    }),
  },
  {
    name: 'latency',
    trips: fc.record({
      on: fc.constant('latency' as const),
      percentile: fc.constantFrom(0.5, 0.75, 0.95, 1),
      overMs: fc.constant(50),
      of: fc.constantFrom(1, 2, 4),
    }),
  },
  {
    name: 'cycle',
    trips: fc.record({
      on: fc.constant('cycle' as const),
      length: fc.constantFrom(1, 2, 3),
      after: fc.constantFrom(2, 3),
    }),
  },
  {
    name: 'same result',
    trips: fc.record({ on: fc.constant('same result' as const), after: fc.constantFrom(1, 2, 3) }),
  },
])('a breaker on $name', ({ trips }) => {
  const controls: fc.Arbitrary<BreakerControl> = fc
    .record({ trip: trips, openMs: fc.constantFrom(40, 100, 1000), halfOpen: fc.constantFrom(1, 2) })
    .map((changes) => breaker({ per: [{ by: 'run' }], ...changes }));

  test('says what the list of all events says', () => {
    fc.assert(
      fc.property(controls, steps, (control, played) => {
        playAgainst(breakerReference(control), control, byRun, played);
      }),
      { numRuns: casesOr(SHORT) },
    );
  });
});
