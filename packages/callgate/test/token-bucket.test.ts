import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TokenBucket } from '../src/connection/token-bucket.ts';

describe('TokenBucket', () => {
  it('never gives more than its capacity plus what time brought, also when time steps back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.integer({ min: -50, max: 200 }), { maxLength: 200 }),
        (capacity, perSecond, steps) => {
          const bucket = new TokenBucket(capacity, perSecond, 0);
          let now = 0;
          let forward = 0;
          let given = 0;
          for (const step of steps) {
            now += step;
            forward += Math.max(0, step);
            if (bucket.take(now)) given += 1;
          }
          expect(given).toBeLessThanOrEqual(capacity + (forward * perSecond) / 1000 + 1e-6);
        },
      ),
    );
  });

  it('refuses when empty and gives again with time', () => {
    const bucket = new TokenBucket(1, 10, 0);
    expect([bucket.take(0), bucket.take(99), bucket.take(100)]).toEqual([true, false, true]);
  });
});
