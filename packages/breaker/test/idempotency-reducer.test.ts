import type { JsonObject } from '@callgate/canonical';
import type { IdempotencyControl, Principal } from '@callgate/policy';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import type { OutcomeKind } from '../src/call-outcome.ts';
import { createIdempotencyReducer } from '../src/idempotency/idempotency-reducer.ts';
import { casesOr } from './support/cases.ts';
import { CONTROL_BASE, DrivenHistory, codeOf, factsOf, type Reservation } from './support/driven-history.ts';

const CASES = casesOr(300);
const WITHIN = 86_400_000;

const control: IdempotencyControl = {
  ...CONTROL_BASE,
  id: 'mail.send',
  kind: 'idempotency',
  pointer: '/request_id',
  inject: false,
  withinMs: WITHIN,
  retries: 0,
  backoffMs: 200,
};

let cells: DrivenHistory;

interface Call {
  readonly id?: string;
  readonly principal?: Principal;
  readonly runs?: readonly string[];
}

function calling(
  args: JsonObject = {},
  call: Call = {},
): { readonly code: string; readonly reserve: () => Reservation } {
  const facts = factsOf({ request_id: 'k1', amount: 5, ...args }, call);
  return { code: codeOf(cells.judge(control, facts)), reserve: () => cells.reserve([control], facts) };
}

beforeEach(() => {
  cells = new DrivenHistory();
});

describe('a key', () => {
  test('is new the first time', () => {
    expect(calling().code).toBe('allow');
  });

  test('is needed', () => {
    expect(codeOf(cells.judge(control, factsOf({ amount: 5 })))).toBe('idempotency.key_missing');
  });

  test.each([[1], [null], [''], [['k1']], ['x'.repeat(1025)]])('is not %j', (key) => {
    expect(calling({ request_id: key }).code).toBe('idempotency.key_missing');
  });

  test('that the gate will make is not missed; one that cannot be a key is', () => {
    const injected = { ...control, inject: true };
    expect(codeOf(cells.judge(injected, factsOf({ amount: 5 })))).toBe('allow');
    expect(codeOf(cells.judge(injected, factsOf({ request_id: 7 })))).toBe('idempotency.key_missing');
    cells.reserve([injected], factsOf({ amount: 5 })).settle('ok');
    expect(cells.isEmpty).toBe(true);
  });

  test('with other arguments is in conflict, whatever became of the first call', () => {
    const first = calling().reserve();
    expect(calling({ amount: 6 }).code).toBe('idempotency.conflict');
    first.settle('timeout');
    expect(calling({ amount: 6 }).code).toBe('idempotency.conflict');
  });

  test('of a call under way is to be waited for', () => {
    calling().reserve();
    expect(calling().code).toBe('idempotency.in_flight');
  });

  test.each(['ok', 'tool_error', 'quarantined'] as const)(
    'of a call that ended with %s stands for its outcome',
    (outcome) => {
      const facts = factsOf({ request_id: 'k1', amount: 5 }, { id: 'first' });
      cells.reserve([control], facts).settle(outcome);
      expect(cells.judge(control, factsOf({ amount: 5, request_id: 'k1' }))).toMatchObject({
        effect: 'deny',
        code: 'idempotency.repeated',
        notice: { sources: ['first'] },
      });
    },
  );

  test.each(['error', 'timeout', 'cancelled', 'unknown'] as const)(
    'of a call that ended with %s is in doubt, and held',
    (outcome) => {
      calling().reserve().settle(outcome);
      expect(cells.judge(control, factsOf({ request_id: 'k1', amount: 5 }))).toMatchObject({
        effect: 'hold',
        code: 'idempotency.in_doubt',
      });
    },
  );

  test('of a call that was never sent is new', () => {
    calling().reserve().release();
    expect(calling({ amount: 6 }).code).toBe('allow');
    expect(cells.isEmpty).toBe(true);
  });

  test('is used once by calls inside one decision', () => {
    const attempt = cells.history.attempt('dispatch', cells.now);
    const inner = (amount: number): string =>
      codeOf(attempt.judge(control, factsOf({ request_id: 'k1', amount }).call));
    expect([inner(5), inner(5), inner(6)]).toStrictEqual(['allow', 'idempotency.in_flight', 'idempotency.conflict']);
    attempt.drop('rule.denied');
    expect(calling({ amount: 6 }).code).toBe('allow');
  });

  test('in doubt, tried again with approval and done, stands for the second outcome', () => {
    calling().reserve().settle('timeout');
    calling({}, { id: 'second' }).reserve().settle('ok');
    expect(cells.judge(control, factsOf({ request_id: 'k1', amount: 5 }))).toMatchObject({
      code: 'idempotency.repeated',
      notice: { sources: ['second'] },
    });
  });

  test('in doubt, tried again and released, is in doubt still', () => {
    calling().reserve().settle('timeout');
    calling().reserve().release();
    expect(calling().code).toBe('idempotency.in_doubt');
  });

  test('known to have happened does not become doubtful', () => {
    calling().reserve().settle('ok');
    calling().reserve().settle('timeout');
    expect(calling().code).toBe('idempotency.repeated');
  });

  test('is new again at the very millisecond in which its window ends', () => {
    calling().reserve().settle('ok');
    cells.now += WITHIN - 1;
    expect(calling().code).toBe('idempotency.repeated');
    cells.now += 1;
    expect(calling({ amount: 6 }).code).toBe('allow');
  });

  test('that is new again stands for what it is used for then', () => {
    calling().reserve().settle('ok');
    cells.now += WITHIN;
    calling({ amount: 6 }).reserve().settle('ok');
    expect(calling({ amount: 6 }).code).toBe('idempotency.repeated');
    expect(calling().code).toBe('idempotency.conflict');
  });

  test('of a call under way at a restart is in doubt until somebody has found out, however long that takes', () => {
    calling().reserve();
    cells.restart();
    cells.now += 10 * WITHIN;
    cells.restart();
    expect(calling().code).toBe('idempotency.in_doubt');
    calling().reserve().settle('ok');
    expect(calling().code).toBe('idempotency.repeated');
    cells.now += WITHIN;
    expect(calling().code).toBe('allow');
  });

  test('of a call under way is never forgotten', () => {
    const first = calling().reserve();
    cells.now += 2 * WITHIN;
    expect(calling().code).toBe('idempotency.in_flight');
    first.settle('ok');
    expect(calling().code).toBe('idempotency.repeated');
  });

  test('is not new again when the clock goes backwards', () => {
    calling().reserve().settle('ok');
    cells.now -= 2 * WITHIN;
    expect(calling().code).toBe('idempotency.repeated');
  });

  test.each<[string, Call]>([
    ['another user', { principal: { user: 'bob', tenant: 'acme' } }],
    ['another tenant', { principal: { user: 'ana', tenant: 'other' } }],
    ['nobody', { principal: {} }],
  ])('of %s is another', (_, call) => {
    calling().reserve().settle('ok');
    expect(calling({}, call).code).toBe('allow');
  });

  test('is the same in another run and for another agent of the user', () => {
    calling().reserve().settle('ok');
    expect(calling({}, { runs: ['other'] }).code).toBe('idempotency.repeated');
    expect(calling({}, { principal: { user: 'ana', tenant: 'acme', agent: 'x' } }).code).toBe('idempotency.repeated');
  });

  test('a call that goes ahead against the verdict does not take the key', () => {
    const first = calling({}, { id: 'first' }).reserve();
    calling({ amount: 6 }, { id: 'other' }).reserve().settle('ok');
    first.settle('ok');
    expect(calling().code).toBe('idempotency.repeated');
    expect(calling({ amount: 6 }).code).toBe('idempotency.conflict');
  });

  test('after a restart is in doubt where its call was under way, and known where it had ended', () => {
    calling().reserve();
    calling({ request_id: 'k2' }).reserve().settle('ok');
    cells.restart();
    expect(calling().code).toBe('idempotency.in_doubt');
    expect(calling({ request_id: 'k2' }).code).toBe('idempotency.repeated');
  });

  test('does not stand in snapshots', () => {
    const reducer = createIdempotencyReducer();
    const facts = factsOf({ request_id: 'SECRET-KEY', amount: 5 });
    const cell = reducer.create(control);
    reducer.reserve(control, cell, facts, 0);
    expect(JSON.stringify([reducer.snapshot(cell, 0), reducer.keys(control, facts)])).not.toContain('SECRET');
  });

  test('a snapshot that is none is not restored', () => {
    const reducer = createIdempotencyReducer();
    const good = { ended: 'settled', digest: 'd', call: 'c', endedAt: 1, withinMs: 1 };
    expect(reducer.restore(good)).toBeDefined();
    for (const bad of [
      null,
      [],
      { ...good, ended: null },
      { ...good, withinMs: -1 },
      { ...good, digest: 1 },
      { ...good, endedAt: 'x' },
      { ...good, endedAt: null },
    ]) {
      expect(reducer.restore(bad as never), JSON.stringify(bad)).toBeUndefined();
    }
  });
});

interface Entry {
  readonly key: string;
  readonly amount: number;
  readonly outcome: OutcomeKind | 'open';
  readonly at: number;
}

function withAt({ key, amount }: Entry, outcome: Entry['outcome'], at: number): Entry {
  return { key, amount, outcome, at };
}

/** What the key stands for, from all that happened. */
function naiveCode(log: readonly Entry[], key: string, amount: number, now: number): string {
  const of = log.filter((entry) => entry.key === key);
  const isOpen = of.some(({ outcome }) => outcome === 'open');
  const last = Math.max(-Infinity, ...of.map(({ at }) => at));
  const [first] = of;
  if (first === undefined || (!isOpen && now >= last + WITHIN)) return 'allow';
  if (first.amount !== amount) return 'idempotency.conflict';
  if (isOpen) return 'idempotency.in_flight';
  return of.some(({ outcome }) => outcome === 'ok' || outcome === 'tool_error')
    ? 'idempotency.repeated'
    : 'idempotency.in_doubt';
}

test('agrees with a reading of all that happened', () => {
  const step = fc.record({
    kind: fc.constantFrom('call', 'call', 'settle', 'release', 'wait', 'back', 'restart'),
    key: fc.constantFrom('k1', 'k2'),
    amount: fc.constantFrom(5, 5, 6),
    outcome: fc.constantFrom<OutcomeKind>('ok', 'timeout', 'tool_error', 'unknown'),
    pick: fc.nat(),
    ms: fc.constantFrom(1, WITHIN - 1, WITHIN),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      cells = new DrivenHistory();
      let log: Entry[] = [];
      let open: { entry: Entry; reservation: Reservation }[] = [];
      const seen = new Map<string, number>();
      const clock = (key: string): number => Math.max(cells.now, seen.get(key) ?? -Infinity);
      const touch = (key: string): number => {
        seen.set(key, clock(key));
        return clock(key);
      };
      for (const { kind, key, amount, outcome, pick, ms } of steps) {
        const picked = open.length === 0 ? undefined : open[pick % open.length];
        if (kind === 'call') {
          const { code, reserve } = calling({ request_id: key, amount });
          const expected = naiveCode(log, key, amount, clock(key));
          expect(code).toBe(expected);
          if (code !== 'allow' && code !== 'idempotency.in_doubt') continue;
          if (code === 'allow') {
            log = log.filter((entry) => entry.key !== key);
            seen.delete(key);
          }
          const entry: Entry = { key, amount, outcome: 'open', at: touch(key) };
          log.push(entry);
          open.push({ entry, reservation: reserve() });
        } else if (kind === 'settle' || kind === 'release') {
          if (picked === undefined) continue;
          open = open.filter((one) => one !== picked);
          const { entry, reservation } = picked;
          log = log.filter((one) => one !== entry);
          if (kind === 'settle') {
            reservation.settle(outcome);
            // The end of the last attempt is that of all.
            const at = touch(entry.key);
            log = [...log, entry].map((one) =>
              one.key === entry.key && one.outcome !== 'open' ? withAt(one, one.outcome, at) : one,
            );
            log = log.map((one) => (one === entry ? withAt(entry, outcome, at) : one));
          } else {
            reservation.release();
            touch(entry.key);
          }
          reservation.release();
        } else if (kind === 'restart') {
          cells.restart();
          log = log.map((entry) => (entry.outcome === 'open' ? withAt(entry, 'unknown', Infinity) : entry));
          open = [];
        } else {
          cells.now += kind === 'back' ? -ms : ms;
        }
      }
    }),
    { numRuns: CASES },
  );
});
