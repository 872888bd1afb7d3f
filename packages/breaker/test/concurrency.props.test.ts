import type { Control } from '@callgate/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Attempt } from '../src/attempt.ts';
import type { CallOutcome } from '../src/call-outcome.ts';
import { createHistory } from '../src/history.ts';
import { casesOr } from './support/cases.ts';
import { breaker, callOf, ended, meter, rate } from './support/controls.ts';

const ATTEMPTS = 10_000;
/** A test of so many attempts is a long one by itself. */
const RUNS = Math.ceil(casesOr(300) / 100);

const CAP = 7;
const CALLS = 400;
const AMOUNT = 12.5;
const IDS = 9;
const PROBES = 2;

const open = meter({ id: 'open', measure: { of: 'open' }, max: CAP, per: [{ by: 'server' }] });
const calls = meter({ id: 'calls', max: CALLS, per: [{ by: 'run' }] });
const amounts = meter({
  id: 'amounts',
  measure: { of: 'argument', pointer: '/amount' },
  max: AMOUNT,
  per: [{ by: 'user' }],
});
const distinct = meter({
  id: 'ids',
  measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } },
  max: IDS,
  per: [{ by: 'tenant' }],
});
const bucket = rate({ id: 'rate', max: 5, withinMs: 1000, burst: 3, per: [{ by: 'tool' }] });
const down = breaker({
  id: 'down',
  trip: { on: 'consecutive failure', after: 4 },
  per: [{ by: 'tool' }],
  openMs: 200,
  halfOpen: PROBES,
});

/** Small and fast, and the same for the same seed: ten thousand arbitrary steps are too many to shrink. */
function randomOf(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test('ten thousand attempts in any order never exceed a limit by one, and nothing stays reserved', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom<readonly Control[]>(
        [open],
        [calls, open],
        [amounts],
        [distinct],
        [open, calls, amounts, distinct],
      ),
      (seed, controls) => {
        const random = randomOf(seed);
        const history = createHistory();
        const underWay: { readonly attempt: Attempt; readonly amount: number; readonly id: number }[] = [];
        const happened = { calls: 0, amounts: 0, ids: new Set<number>() };
        let now = 0;
        const check = (): void => {
          const reserved = underWay.reduce((sum, one) => sum + one.amount, 0);
          const ids = new Set([...happened.ids, ...underWay.map(({ id }) => id)]);
          if (controls.includes(open)) expect(underWay.length).toBeLessThanOrEqual(CAP);
          if (controls.includes(calls)) expect(happened.calls + underWay.length).toBeLessThanOrEqual(CALLS);
          if (controls.includes(amounts)) expect(happened.amounts + reserved).toBeLessThanOrEqual(AMOUNT);
          if (controls.includes(distinct)) expect(ids.size).toBeLessThanOrEqual(IDS);
        };
        const end = (): void => {
          const [one] = underWay.splice(random(underWay.length), 1);
          if (one === undefined) return;
          if (random(3) === 0) {
            one.attempt.release(now);
          } else {
            one.attempt.settle(ended({ outcome: random(2) === 0 ? 'ok' : 'unknown' }), now);
            happened.calls += 1;
            happened.amounts += one.amount;
            happened.ids.add(one.id);
          }
          one.attempt.settle(ended(), now);
        };
        for (let count = 0; count < ATTEMPTS; count += 1) {
          now += random(3) - 1;
          const [amount, id] = [random(4) / 4, random(40)];
          const attempt = history.attempt(`a${count}`, now);
          const call = callOf({ args: { amount, id } });
          if (controls.every((control) => attempt.judge(control, call).effect === 'allow')) {
            attempt.reserve();
            underWay.push({ attempt, amount, id });
            check();
          } else {
            attempt.drop('meter.exceeded');
          }
          while (underWay.length > 0 && random(2) === 0) end();
        }
        while (underWay.length > 0) end();
        // What is left counts for good; as if it had never been under way.
        expect(createHistory({ snapshot: history.snapshot() }).inspect(now)).toHaveLength(
          history.snapshot()['spaces'] === undefined ? 0 : (history.snapshot()['spaces'] as readonly unknown[]).length,
        );
        const first = history.attempt('last', now);
        expect(first.judge(open, callOf()).effect).toBe('allow');
      },
    ),
    { numRuns: RUNS },
  );
});

test('a half-open breaker never has more probes under way than it may, nor a rate more calls than its bucket holds', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomOf(seed);
      const history = createHistory();
      let now = 0;
      let underWay: { readonly attempt: Attempt; readonly startedAt: number; readonly isProbe: boolean }[] = [];
      const starts: number[] = [];
      let failuresInARow = 0;
      let openUntil: number | undefined;
      for (let count = 0; count < ATTEMPTS; count += 1) {
        now += random(200);
        const attempt = history.attempt(`a${count}`, now);
        const call = callOf();
        const verdicts = [bucket, down].map((control) => attempt.judge(control, call).effect);
        if (verdicts.every((effect) => effect === 'allow')) {
          attempt.reserve();
          starts.push(now);
          underWay.push({ attempt, startedAt: now, isProbe: openUntil !== undefined });
          // In any window of so many calls and the burst, no more than that.
          const window = starts.filter((at) => at > now - 1000);
          expect(window.length).toBeLessThanOrEqual(5 + 3);
          if (openUntil !== undefined) {
            expect(now).toBeGreaterThanOrEqual(openUntil);
            expect(underWay.filter(({ isProbe }) => isProbe).length).toBeLessThanOrEqual(PROBES);
          }
        }
        while (underWay.length > 0 && random(2) === 0) {
          const one = underWay[random(underWay.length)]!;
          underWay = underWay.filter((other) => other !== one);
          const outcome: CallOutcome = ended({ outcome: random(3) === 0 ? 'ok' : 'error' });
          for (const { kind } of one.attempt.settle(outcome, now)) {
            openUntil = kind === 'breaker-opened' ? now + 200 : undefined;
            failuresInARow = 0;
            // What began before says nothing after.
            underWay = underWay.map((other) => ({ ...other, isProbe: false }));
          }
          failuresInARow = outcome.outcome === 'ok' ? 0 : failuresInARow + 1;
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test('calls that wait get every place that comes free, and the cap holds', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomOf(seed);
      const history = createHistory();
      const cap = meter({
        id: 'cap',
        measure: { of: 'open' },
        max: 3,
        overload: { kind: 'queue', depth: 5, waitMs: 100 },
      });
      const underWay: Attempt[] = [];
      const waiting = new Map<number, { leave(): void }>();
      const started: number[] = [];
      const joined: number[] = [];
      const attemptOnce = (name: number): Attempt | undefined => {
        const attempt = history.attempt(String(name), 0);
        if (attempt.judge(cap, callOf()).effect !== 'allow') return attempt;
        attempt.reserve();
        underWay.push(attempt);
        waiting.delete(name);
        started.push(name);
        expect(underWay.length).toBeLessThanOrEqual(3);
        return undefined;
      };
      for (let name = 0; name < 1000; name += 1) {
        const refused = attemptOnce(name);
        const place = refused?.wait(() => attemptOnce(name));
        if (place !== undefined) {
          waiting.set(name, place);
          joined.push(name);
        }
        expect(waiting.size).toBeLessThanOrEqual(5);
        if (random(4) === 0) {
          const [impatient] = waiting;
          impatient?.[1].leave();
          if (impatient !== undefined) waiting.delete(impatient[0]);
        }
        while (underWay.length > 0 && random(2) === 0) {
          const [ended1] = underWay.splice(random(underWay.length), 1);
          if (random(3) === 0) ended1?.release(0);
          else ended1?.settle(ended(), 0);
          // Whoever waits does so because every place is taken.
          if (waiting.size > 0) expect(underWay).toHaveLength(3);
        }
      }
      const waited = started.filter((name) => joined.includes(name));
      expect(waited).toStrictEqual(waited.toSorted((left, right) => left - right));
    }),
    { numRuns: RUNS },
  );
});
