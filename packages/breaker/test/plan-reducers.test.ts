import type { JsonObject } from '@callgate/canonical';
import type { ApplyControl, PlanControl, Principal } from '@callgate/policy';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import type { CallOutcome, OutcomeKind } from '../src/call-outcome.ts';
import { DEFAULT_HISTORY_LIMITS } from '../src/limits.ts';
import { createPlanReducers } from '../src/plans/plan-reducers.ts';
import { casesOr } from './support/cases.ts';
import { CONTROL_BASE, DrivenHistory, codeOf, factsOf, type Reservation } from './support/driven-history.ts';

const CASES = casesOr(300);
const TTL = 900_000;

const planControl: PlanControl = {
  ...CONTROL_BASE,
  id: 'deploy.plan',
  kind: 'plan',
  plan: 'deploy',
  pointer: '/plan_id',
  ttlMs: TTL,
  keep: [
    { in: 'arguments', pointer: '/changes' },
    { in: 'result', pointer: '/digest' },
  ],
};

const applyControl: ApplyControl = {
  ...CONTROL_BASE,
  id: 'deploy.apply',
  kind: 'apply',
  plan: 'deploy',
  pointer: '/plan_id',
  same: [
    { apply: '/changes', plan: { in: 'arguments', pointer: '/changes' } },
    { apply: '/digest', plan: { in: 'result', pointer: '/digest' } },
  ],
};

const CHANGES = { replicas: 3 };

interface Who {
  readonly runs?: readonly string[];
  readonly principal?: Principal;
  readonly server?: string;
}

let cells: DrivenHistory;

function resultOf(result: JsonObject | undefined, outcome: OutcomeKind = 'ok'): CallOutcome {
  return { outcome, durationMs: 1, bytes: 10, result };
}

function plan(
  result: JsonObject | undefined = { plan_id: 'p1', digest: 'd1' },
  who: Who = {},
  outcome: OutcomeKind = 'ok',
): void {
  const facts = factsOf({ changes: CHANGES }, who);
  expect(cells.judge(planControl, facts)).toStrictEqual({ effect: 'allow' });
  cells.reserve([planControl], facts).settle(resultOf(result, outcome));
}

function applying(
  args: JsonObject = {},
  who: Who = {},
): { readonly code: string; readonly reserve: () => Reservation } {
  const facts = factsOf({ plan_id: 'p1', changes: CHANGES, digest: 'd1', ...args }, who);
  return { code: codeOf(cells.judge(applyControl, facts)), reserve: () => cells.reserve([applyControl], facts) };
}

beforeEach(() => {
  cells = new DrivenHistory();
});

describe('a plan', () => {
  test('is applied as it was made', () => {
    plan();
    expect(applying().code).toBe('allow');
  });

  test('is required', () => {
    expect(applying().code).toBe('plan.required');
  });

  test('that was not named is required', () => {
    plan();
    expect(codeOf(cells.judge(applyControl, factsOf({ changes: CHANGES, digest: 'd1' })))).toBe('plan.required');
  });

  test.each([[1], [null], [true], [['p1']], [{}], [''], ['x'.repeat(1025)]])('whose id is %j is none', (id) => {
    plan({ plan_id: id, digest: 'd1' });
    expect(applying({ plan_id: id }).code).toBe('plan.required');
  });

  test('without an id in its result, or without a structured result, is none', () => {
    plan({ digest: 'd1' });
    cells.reserve([planControl], factsOf({ changes: CHANGES })).settle(resultOf(undefined));
    expect(applying().code).toBe('plan.required');
  });

  test.each(['tool_error', 'error', 'timeout', 'cancelled', 'quarantined', 'unknown'] as const)(
    'whose call ended with %s is none',
    (outcome) => {
      plan({ plan_id: 'p1', digest: 'd1' }, {}, outcome);
      expect(applying().code).toBe('plan.required');
    },
  );

  test('may be applied until the very millisecond in which it expires', () => {
    plan();
    cells.now += TTL - 1;
    expect(applying().code).toBe('allow');
    cells.now += 1;
    expect(applying().code).toBe('plan.required');
  });

  test('does not become valid again when the clock goes backwards', () => {
    plan();
    cells.now += TTL;
    plan({ plan_id: 'p2', digest: 'd1' });
    cells.now -= TTL;
    expect(applying().code).toBe('plan.required');
  });

  test('may be applied once', () => {
    plan();
    applying().reserve().settle('ok');
    expect(applying().code).toBe('plan.required');
  });

  test.each(['tool_error', 'error', 'timeout', 'cancelled', 'unknown'] as const)(
    'is used however the call ends: %s',
    (outcome) => {
      plan();
      applying().reserve().settle(outcome);
      expect(applying().code).toBe('plan.required');
    },
  );

  test('is not applied twice at once', () => {
    plan();
    const first = applying().reserve();
    expect(applying().code).toBe('plan.required');
    first.settle('ok');
  });

  test('is free again when the call that took it was never sent', () => {
    plan();
    applying().reserve().release();
    expect(applying().code).toBe('allow');
  });

  test('is not applied twice by calls inside one decision', () => {
    plan();
    const attempt = cells.history.attempt('dispatch', cells.now);
    const inner = (): string =>
      codeOf(attempt.judge(applyControl, factsOf({ plan_id: 'p1', changes: CHANGES, digest: 'd1' }).call));
    expect([inner(), inner()]).toStrictEqual(['allow', 'plan.required']);
    attempt.drop('rule.denied');
    expect(applying().code).toBe('allow');
  });

  test('stays with who took it where another call goes ahead against the verdict', () => {
    plan();
    const first = applying().reserve();
    applying().reserve().release();
    expect(applying().code).toBe('plan.required');
    first.release();
    expect(applying().code).toBe('allow');
  });

  test.each<[string, Who]>([
    ['another user', { principal: { user: 'bob', tenant: 'acme' } }],
    ['another tenant', { principal: { user: 'ana', tenant: 'other' } }],
    ['an agent of the same user', { principal: { user: 'ana', tenant: 'acme', agent: 'x' } }],
    ['nobody', { principal: {} }],
    ['an empty name', { principal: { user: 'ana', tenant: 'acme', agent: '' } }],
    ['another run', { runs: ['other'] }],
    ['a run inside', { runs: ['inner', 'run'] }],
    ['another server', { server: 'billing' }],
  ])('is of no use to %s', (_, who) => {
    plan();
    expect(applying({}, who).code).toBe('plan.required');
    expect(applying().code).toBe('allow');
  });

  test('of a run is of use to it, whatever runs are around it', () => {
    plan(undefined, {});
    plan({ plan_id: 'p1', digest: 'd1' }, { runs: ['run', 'outer'] });
    expect(applying().code).toBe('allow');
  });

  test('needs no roles to be the same', () => {
    plan({ plan_id: 'p1', digest: 'd1' }, { principal: { user: 'ana', tenant: 'acme', roles: ['a'] } });
    expect(applying().code).toBe('allow');
  });

  test('cannot be judged without a run', () => {
    expect(applying({}, { runs: [] }).code).toBe('history.key');
    expect(codeOf(cells.judge(planControl, factsOf({}, { runs: [] })))).toBe('history.key');
  });

  test.each([
    ['other arguments', { changes: { replicas: 30 } }],
    ['another digest', { digest: 'd2' }],
    ['a digest of another type', { digest: 1 }],
  ])('does not match %s', (_, args) => {
    plan();
    expect(applying(args).code).toBe('plan.mismatch');
  });

  test('does not match what is absent on both sides', () => {
    plan({ plan_id: 'p1' });
    const facts = factsOf({ plan_id: 'p1', changes: CHANGES });
    expect(codeOf(cells.judge(applyControl, facts))).toBe('plan.mismatch');
  });

  test('matches whatever the order of members', () => {
    cells
      .reserve([planControl], factsOf({ changes: { a: 1, b: 2 } }))
      .settle(resultOf({ plan_id: 'p1', digest: 'd1' }));
    expect(applying({ changes: { b: 2, a: 1 } }).code).toBe('allow');
  });

  test('made again with the same content holds from then on', () => {
    plan();
    cells.now += TTL - 1;
    plan();
    cells.now += TTL - 1;
    expect(applying().code).toBe('allow');
  });

  test('whose id the server gave to another plan before is of no use', () => {
    plan();
    plan({ plan_id: 'p1', digest: 'd2' });
    expect(applying().code).toBe('plan.required');
    expect(applying({ digest: 'd2' }).code).toBe('plan.required');
  });

  test('whose id was used before is of no use', () => {
    plan();
    applying().reserve().settle('ok');
    plan();
    plan({ plan_id: 'p1', digest: 'd2' });
    expect(applying().code).toBe('plan.required');
    cells.now += TTL - 1;
    expect(applying({ digest: 'd2' }).code).toBe('plan.required');
  });

  test('made while another with its id is being applied does not free it', () => {
    plan();
    const first = applying().reserve();
    plan();
    expect(applying().code).toBe('plan.required');
    first.settle('ok');
    expect(applying().code).toBe('plan.required');
  });

  test('that expires while it is being applied is not made free by another with its id', () => {
    plan();
    applying().reserve();
    cells.now += TTL;
    plan();
    expect(applying().code).toBe('plan.required');
  });

  test('that was applied stays so for as long as plans with its id follow each other', () => {
    plan();
    applying().reserve().settle('ok');
    cells.now += TTL - 1;
    plan();
    cells.now += 2;
    plan();
    expect(applying().code).toBe('plan.required');
    cells.now += TTL;
    plan();
    expect(applying().code).toBe('allow');
  });

  test('whose id the server gives to another while it is being applied does not become free', () => {
    plan();
    const first = applying().reserve();
    plan({ plan_id: 'p1', digest: 'd2' });
    first.release();
    expect([applying().code, applying({ digest: 'd2' }).code]).toStrictEqual(['plan.required', 'plan.required']);
  });

  test('replaces no other: each has its id', () => {
    plan();
    plan({ plan_id: 'p2', digest: 'd2' });
    expect(applying().code).toBe('allow');
    expect(applying({ plan_id: 'p2', digest: 'd2' }).code).toBe('allow');
  });

  test('beyond the bound is of no use, and none is forgotten', () => {
    cells = new DrivenHistory({ maxEntries: 2 });
    for (const id of ['p1', 'p2', 'p3']) plan({ plan_id: id, digest: 'd1' });
    expect(['p1', 'p2', 'p3'].map((id) => applying({ plan_id: id }).code)).toStrictEqual([
      'allow',
      'allow',
      'plan.required',
    ]);
    cells.now += TTL;
    plan({ plan_id: 'p3', digest: 'd1' });
    expect(applying({ plan_id: 'p3' }).code).toBe('allow');
  });

  test('survives a restart; one that was being applied is used', () => {
    plan();
    plan({ plan_id: 'p2', digest: 'd1' });
    applying({ plan_id: 'p2' }).reserve();
    cells.restart();
    expect(applying().code).toBe('allow');
    expect(applying({ plan_id: 'p2' }).code).toBe('plan.required');
  });

  test('is held where the control says so, and names the call that made it', () => {
    plan();
    const verdict = cells.judge(
      { ...applyControl, then: 'hold' },
      factsOf({ plan_id: 'p1', changes: 1, digest: 'd1' }),
    );
    expect(verdict).toMatchObject({
      effect: 'hold',
      code: 'plan.mismatch',
      notice: { sources: [expect.stringMatching(/^call-/u)] },
    });
  });
});

test('a snapshot that is none is not restored', () => {
  const { plan: reducer } = createPlanReducers(DEFAULT_HISTORY_LIMITS);
  const good = { id: 'x', call: 'c', expiresAt: 1, ttlMs: 1, kept: [], state: 'free', isAmbiguous: false };
  expect(reducer.restore([good])).toBeDefined();
  for (const bad of [
    null,
    {},
    [1],
    [{ ...good, state: 'taken' }],
    [{ ...good, ttlMs: -1 }],
    [{ ...good, isAmbiguous: 1 }],
    [{ ...good, kept: [['a']] }],
    [good, good],
  ]) {
    expect(reducer.restore(bad as never), JSON.stringify(bad)).toBeUndefined();
  }
});

/** Everything that happened, and what follows from it by reading it all. */
class NaivePlans {
  readonly #log: { id: string; digest: string; run: string; at: number; joined: boolean }[] = [];
  readonly #used = new Map<string, 'taken' | 'used'>();

  make(id: string, digest: string, run: string, at: number): void {
    const last = this.#log.findLast((entry) => entry.id === id && entry.run === run);
    const name = `${run} ${id}`;
    // What was applied stays so until its plan, or the last with its id, has expired.
    if (last !== undefined && at >= last.at + TTL && this.#used.get(name) === 'used') this.#used.delete(name);
    // A plan holds while it is being applied, too.
    this.#log.push({ id, digest, run, at, joined: this.#used.get(name) === 'taken' });
  }

  mark(id: string, run: string, state: 'taken' | 'used' | undefined): void {
    if (state === undefined) this.#used.delete(`${run} ${id}`);
    else this.#used.set(`${run} ${id}`, state);
  }

  code(id: string, digest: string, run: string, now: number): string {
    if (this.#used.has(`${run} ${id}`)) return 'plan.required';
    const made = this.#log.filter((entry) => entry.id === id && entry.run === run);
    // Plans with one id and no longer pause than a time to live between them: all must be the same.
    let from = made.length - 1;
    const follows = (at: number): boolean =>
      (made[at]?.joined ?? false) || (made[at]?.at ?? 0) < (made[at - 1]?.at ?? 0) + TTL;
    while (from > 0 && follows(from)) from -= 1;
    const chain = made.slice(Math.max(from, 0));
    const last = chain.at(-1);
    if (last === undefined || now >= last.at + TTL) return 'plan.required';
    if (chain.some((entry) => entry.digest !== last.digest)) return 'plan.required';
    return last.digest === digest ? 'allow' : 'plan.mismatch';
  }
}

test('agrees with a reading of all that happened', () => {
  const step = fc.record({
    kind: fc.constantFrom('plan', 'apply', 'apply', 'settle', 'release', 'wait', 'back', 'restart'),
    id: fc.constantFrom('p1', 'p2'),
    digest: fc.constantFrom('d1', 'd1', 'd1', 'd2'),
    run: fc.constantFrom('r1', 'r2'),
    pick: fc.nat(),
    ms: fc.constantFrom(1, TTL - 1, TTL, 10),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      cells = new DrivenHistory();
      const naive = new NaivePlans();
      /** The clock of each run's cell never goes back. */
      const seen = new Map<string, number>();
      let open: { id: string; run: string; reservation: Reservation }[] = [];
      const clock = (run: string): number => Math.max(cells.now, seen.get(run) ?? -Infinity);
      const touch = (run: string): number => {
        seen.set(run, clock(run));
        return clock(run);
      };
      for (const { kind, id, digest, run, pick, ms } of steps) {
        const picked = open.length === 0 ? undefined : open[pick % open.length];
        if (kind === 'plan') {
          cells
            .reserve([planControl], factsOf({ changes: CHANGES }, { runs: [run] }))
            .settle(resultOf({ plan_id: id, digest }));
          naive.make(id, digest, run, touch(run));
        } else if (kind === 'apply') {
          const { code, reserve } = applying({ plan_id: id, digest }, { runs: [run] });
          expect(code).toBe(naive.code(id, digest, run, clock(run)));
          if (code !== 'allow') continue;
          open.push({ id, run, reservation: reserve() });
          touch(run);
          naive.mark(id, run, 'taken');
        } else if (kind === 'settle' || kind === 'release') {
          if (picked === undefined) continue;
          open = open.filter((one) => one !== picked);
          picked.reservation[kind === 'settle' ? 'settle' : 'release']('ok');
          // Twice changes nothing.
          picked.reservation.settle('ok');
          touch(picked.run);
          naive.mark(picked.id, picked.run, kind === 'settle' ? 'used' : undefined);
        } else if (kind === 'restart') {
          cells.restart();
          for (const one of open) naive.mark(one.id, one.run, 'used');
          open = [];
        } else {
          cells.now += kind === 'back' ? -ms : ms;
        }
      }
    }),
    { numRuns: CASES },
  );
});
