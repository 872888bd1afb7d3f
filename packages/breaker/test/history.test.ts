import type { JsonObject } from '@callgate/canonical';
import type { Control, ControlVerdict } from '@callgate/policy';
import { describe, expect, test } from 'vitest';

import { AttemptError, SnapshotError } from '../src/errors.ts';
import { createHistory, type History } from '../src/history.ts';
import { breaker, callOf, ended, meter, rate, run } from './support/controls.ts';

function restarted(history: History): History {
  return createHistory({ snapshot: JSON.parse(JSON.stringify(history.snapshot())) as JsonObject });
}

function judged(history: History, control: Control, now = 0, call = callOf()): ControlVerdict {
  return history.attempt('j', now).judge(control, call);
}

describe('an attempt', () => {
  test('changes nothing by being judged', () => {
    const history = createHistory();
    for (let count = 0; count < 10; count += 1) judged(history, meter({ max: 1 }));
    expect(history.snapshot()).toStrictEqual({ version: 1, spaces: [] });
    expect(judged(history, meter({ max: 1 }))).toStrictEqual({ effect: 'allow' });
  });

  test('counts from its reservation on, and no more once it is released', () => {
    const history = createHistory();
    const attempt = history.attempt('a', 0);
    attempt.judge(meter({ max: 1 }), callOf());
    attempt.reserve();
    expect(judged(history, meter({ max: 1 }))).toMatchObject({ effect: 'deny', code: 'meter.exceeded' });
    attempt.release(1);
    expect(judged(history, meter({ max: 1 }))).toMatchObject({ effect: 'allow' });
  });

  test('counts the calls inside one decision for each other', () => {
    const attempt = createHistory().attempt('a', 0);
    const control = meter({ max: 2 });
    const verdicts = [callOf(), callOf(), callOf()].map((call) => attempt.judge(control, call).effect);
    expect(verdicts).toStrictEqual(['allow', 'allow', 'deny']);
  });

  test('says the same when it is asked again about the same call', () => {
    const attempt = createHistory().attempt('a', 0);
    const call = callOf();
    const control = meter({ max: 1 });
    expect([attempt.judge(control, call), attempt.judge(control, call)]).toMatchObject([
      { effect: 'allow' },
      { effect: 'allow' },
    ]);
  });

  test('says the same when another was asked in between', () => {
    const history = createHistory();
    const control = meter({ max: 1 });
    const call = callOf();
    const [first, second] = [history.attempt('a', 0), history.attempt('b', 0)];
    first.judge(control, call);
    second.judge(control, callOf());
    expect(first.judge(control, call)).toStrictEqual({ effect: 'allow' });
    expect(first.judge(control, callOf())).toMatchObject({ code: 'meter.exceeded' });
  });

  test('is judged by an open breaker of its own key, however many others are closed', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 } });
    const failed = ended({ outcome: 'error' });
    const [broken, sound] = [callOf({ args: { id: 1 } }), callOf({ args: { id: 2 } })];
    run(history, [control], 0, broken, failed);
    expect(judged(history, control, 1, broken)).toMatchObject({ code: 'breaker.open' });
    expect(judged(history, control, 1, sound)).toStrictEqual({ effect: 'allow' });
    expect(judged(restarted(history), control, 1, broken)).toMatchObject({ code: 'breaker.open' });
    // The probe closes it, and then another opens.
    run(history, [control], 60_000, broken);
    expect(judged(history, control, 60_000, broken)).toStrictEqual({ effect: 'allow' });
    run(history, [control], 60_000, sound, failed);
    expect(judged(history, control, 60_001, sound)).toMatchObject({ code: 'breaker.open' });
  });

  test('cannot be judged by a breaker whose key it lacks, closed or open', () => {
    const history = createHistory();
    const control = breaker({ per: [{ by: 'argument', pointer: '/id' }] });
    expect(judged(history, control)).toMatchObject({ effect: 'error', code: 'history.key' });
    run(history, [control], 0, callOf({ args: { id: 1 } }));
    expect(judged(history, control)).toMatchObject({ effect: 'error', code: 'history.key' });
  });

  test('keeps runs and tools apart, however many came before', () => {
    const history = createHistory();
    const control = meter({ max: 1, per: [{ by: 'run' }, { by: 'tool' }] });
    const calls = Array.from({ length: 60 }, (_, index) =>
      callOf({ runs: [`r${index % 40}`], tool: `t${Math.floor(index / 40)}` }),
    );
    const crowd = Array.from({ length: 1200 }, (_, index) => callOf({ runs: [`other${index}`] }));
    expect(calls.map((call) => run(history, [control], 0, call).effect)).toStrictEqual(calls.map(() => 'allow'));
    expect(crowd.filter((call) => run(history, [control], 0, call).effect !== 'allow')).toStrictEqual([]);
    expect(calls.map((call) => run(history, [control], 0, call).effect)).toStrictEqual(calls.map(() => 'deny'));
  });

  test('cannot be reserved once something has happened since it was judged', () => {
    const history = createHistory();
    const attempt = history.attempt('a', 0);
    attempt.judge(meter(), callOf());
    run(history, [meter()], 0);
    expect(() => attempt.reserve()).toThrow(AttemptError);
    expect(() => attempt.reserve()).toThrow(expect.objectContaining({ code: 'CALLGATE_HISTORY_STALE' }));
  });

  test('cannot be reserved twice, and is settled once', () => {
    const history = createHistory();
    const attempt = history.attempt('a', 0);
    attempt.judge(meter({ max: 2 }), callOf());
    attempt.reserve();
    expect(() => attempt.reserve()).toThrow(expect.objectContaining({ code: 'CALLGATE_HISTORY_ENDED' }));
    attempt.settle(ended(), 0);
    attempt.settle(ended(), 0);
    attempt.release(0);
    attempt.drop('late');
    expect(judged(history, meter({ max: 2 }))).toMatchObject({ effect: 'allow' });
    run(history, [meter({ max: 2 })], 0);
    expect(judged(history, meter({ max: 2 }))).toMatchObject({ effect: 'deny' });
  });

  test('charges the run of a call and every run around it', () => {
    const history = createHistory();
    const control = meter({ max: 2 });
    run(history, [control], 0, callOf({ runs: ['child-1', 'parent'] }));
    run(history, [control], 0, callOf({ runs: ['child-2', 'parent'] }));
    expect(judged(history, control, 0, callOf({ runs: ['child-3', 'parent'] }))).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 0, callOf({ runs: ['child-1'] }))).toMatchObject({ effect: 'allow' });
    expect(judged(history, control, 0, callOf({ runs: ['parent'] }))).toMatchObject({ effect: 'deny' });
  });

  test('does not count for a control what that control refused itself', () => {
    const history = createHistory();
    const control = meter({ measure: { of: 'denials' }, max: 1, withinMs: 100 });
    const other = meter({ id: 'other', max: 0 });
    run(history, [control, other], 0);
    for (let now = 1; now < 100; now += 1)
      expect(run(history, [control, other], now)).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 100)).toMatchObject({ effect: 'allow' });
  });
});

describe('a clock that goes backwards', () => {
  test('refills no window', () => {
    const history = createHistory();
    const control = meter({ max: 1, withinMs: 100 });
    run(history, [control], 1000);
    expect(judged(history, control, 0)).toMatchObject({ effect: 'deny', notice: { retryAfterMs: 100 } });
    expect(judged(history, control, 1099)).toMatchObject({ effect: 'deny', notice: { retryAfterMs: 1 } });
    expect(judged(history, control, 1100)).toMatchObject({ effect: 'allow' });
  });

  test('empties no bucket of a rate', () => {
    const history = createHistory();
    const control = rate({ max: 1, withinMs: 100, burst: 1 });
    run(history, [control], 1000);
    expect(judged(history, control, 0)).toMatchObject({ effect: 'deny', notice: { retryAfterMs: 100 } });
    expect(judged(history, control, 1100)).toMatchObject({ effect: 'allow' });
  });

  test('closes no open breaker', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 }, openMs: 100 });
    run(history, [control], 1000, callOf(), ended({ outcome: 'error' }));
    expect(judged(history, control, -5000)).toMatchObject({ effect: 'deny', code: 'breaker.open' });
    expect(judged(history, control, 1100)).toMatchObject({ effect: 'allow' });
  });
});

describe('a limit of 0', () => {
  test.each([
    ['calls', meter({ max: 0 })],
    ['calls under way', meter({ max: 0, measure: { of: 'open' } })],
    ['distinct values', meter({ max: 0, measure: { of: 'distinct', value: { by: 'tool' } } })],
    ['an argument, even of nothing', meter({ max: 0, measure: { of: 'argument', pointer: '/amount' } })],
    ['bytes, even where nothing is reserved', meter({ max: 0, measure: { of: 'bytes' } })],
    ['a rate', rate({ max: 0 })],
  ])('allows none: %s', (_what, control) => {
    expect(judged(createHistory(), control, 0, callOf({ args: { amount: 0 } }))).toMatchObject({ effect: 'deny' });
  });
});

describe('a window longer than the process', () => {
  test('goes on in the next, by a snapshot', () => {
    const history = createHistory();
    const control = meter({ max: 2, withinMs: 1000 });
    run(history, [control], 0);
    run(history, [control], 500);
    const next = restarted(history);
    expect(judged(next, control, 999)).toMatchObject({ effect: 'deny' });
    expect(judged(next, control, 1000)).toMatchObject({ effect: 'allow' });
  });

  test('counts what was under way as having happened, and frees its place', () => {
    const history = createHistory();
    const calls = meter({ max: 1, withinMs: 1000 });
    const open = meter({ id: 'open', measure: { of: 'open' }, max: 1 });
    const attempt = history.attempt('a', 0);
    attempt.judge(calls, callOf());
    attempt.judge(open, callOf());
    attempt.reserve();
    const next = restarted(history);
    expect(judged(next, calls, 999)).toMatchObject({ effect: 'deny' });
    expect(judged(next, open, 0)).toMatchObject({ effect: 'allow' });
  });

  test('keeps an open breaker open', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 }, openMs: 100 });
    run(history, [control], 0, callOf(), ended({ outcome: 'error' }));
    const next = restarted(history);
    expect(judged(next, control, 99)).toMatchObject({ effect: 'deny', notice: { retryAfterMs: 1 } });
    expect(judged(next, control, 100)).toMatchObject({ effect: 'allow' });
  });
});

describe('what cannot be judged', () => {
  test.each([
    ['no run', meter(), callOf({ runs: [] })],
    ['no user', meter({ per: [{ by: 'user' }] }), callOf({ principal: {} })],
    ['no environment', meter({ per: [{ by: 'environment' }] }), callOf()],
    ['an absent key path', meter({ per: [{ by: 'argument', pointer: '/account' }] }), callOf()],
    ['an inherited member', meter({ per: [{ by: 'argument', pointer: '/constructor' }] }), callOf()],
    ['no tool', breaker(), callOf({ tool: undefined })],
  ])('is an error: %s', (_what, control, call) => {
    expect(judged(createHistory(), control, 0, call)).toMatchObject({ effect: 'error', code: 'history.key' });
  });

  test('is an error: an absent value to count', () => {
    const control = meter({ measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } } });
    expect(judged(createHistory(), control)).toMatchObject({ effect: 'error', code: 'history.value' });
  });

  test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('is an error: the time %s', (now) => {
    expect(createHistory().attempt('a', now).judge(meter(), callOf())).toMatchObject({
      effect: 'error',
      code: 'history.time',
    });
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined])(
    'is an error: the amount %s',
    (amount) => {
      const control = meter({ measure: { of: 'argument', pointer: '/amount' } });
      const args = (amount === undefined ? {} : { amount }) as JsonObject;
      expect(judged(createHistory(), control, 0, callOf({ args }))).toMatchObject({
        effect: 'error',
        code: 'history.amount',
      });
    },
  );
});

describe('a sum', () => {
  test('that overflows is over, until what made it so no longer counts', () => {
    const history = createHistory();
    const control = meter({
      measure: { of: 'argument', pointer: '/amount' },
      max: Number.MAX_SAFE_INTEGER,
      stage: 'observe',
      withinMs: 100,
    });
    const amounts = (now: number, amount: number) => {
      const attempt = history.attempt('a', now);
      const verdict = attempt.judge(control, callOf({ args: { amount } }));
      attempt.reserve();
      attempt.settle(ended(), now);
      return verdict.effect;
    };
    expect(amounts(0, Number.MAX_SAFE_INTEGER)).toBe('allow');
    expect(amounts(50, Number.MAX_SAFE_INTEGER)).toBe('deny');
    expect(judged(history, control, 120, callOf({ args: { amount: 0 } }))).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 150, callOf({ args: { amount: 0 } }))).toMatchObject({ effect: 'allow' });
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('of results is over where one tells %s', (rows) => {
    const history = createHistory();
    const control = meter({ measure: { of: 'rows' }, max: 100, withinMs: 50 });
    run(history, [control], 0, callOf(), ended({ rows }));
    expect(judged(history, control, 49)).toMatchObject({ effect: 'deny' });
    expect(judged(restarted(history), control, 49)).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 50)).toMatchObject({ effect: 'allow' });
  });

  test('of results counts what is reserved where the result does not tell', () => {
    const history = createHistory();
    const control = meter({ measure: { of: 'rows' }, max: 10, reserve: 5 });
    run(history, [control], 0);
    run(history, [control], 0);
    expect(judged(history, control)).toMatchObject({ effect: 'deny', notice: { used: 10, max: 10 } });
  });

  test('of decimal amounts is exact at the limit', () => {
    const history = createHistory();
    const control = meter({ measure: { of: 'argument', pointer: '/amount' }, max: 0.3 });
    for (let count = 0; count < 3; count += 1) {
      expect(run(history, [control], 0, callOf({ args: { amount: 0.1 } }))).toMatchObject({ effect: 'allow' });
    }
    expect(judged(history, control, 0, callOf({ args: { amount: 0.000001 } }))).toMatchObject({ effect: 'deny' });
  });

  test('of cost adds the call, its bytes and what the result tells', () => {
    const history = createHistory();
    const control = meter({ measure: { of: 'cost' }, max: 4 });
    const call = callOf({ cost: { perCall: 1, perKiB: 0.5, at: '/usage/cost' } });
    run(history, [control], 0, call, ended({ bytes: 2048, result: { usage: { cost: 2 } } }));
    expect(judged(history, control, 0, call)).toMatchObject({ notice: { used: 4, max: 4 } });
  });

  test('beyond the entries that are kept counts longer, never shorter', () => {
    const history = createHistory({ limits: { maxEntries: 2 } });
    const control = meter({ max: 3, withinMs: 100 });
    for (const now of [0, 10, 20]) run(history, [control], now);
    expect(judged(history, control, 105)).toMatchObject({ effect: 'deny', notice: { used: 3, retryAfterMs: 5 } });
    expect(judged(history, control, 110)).toMatchObject({ effect: 'allow' });
  });

  test('tells of the soft limit and lets the call through', () => {
    const history = createHistory();
    const control = meter({ max: 3, soft: 1 });
    run(history, [control], 0);
    expect(judged(history, control)).toMatchObject({ effect: 'allow', soft: { used: 1, max: 3 } });
  });
});

describe('distinct values', () => {
  test('beyond those that are kept count as others, never as fewer', () => {
    const history = createHistory({ limits: { maxEntries: 2 } });
    const control = meter({ measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } }, max: 3 });
    for (const id of [1, 2, 3]) run(history, [control], 0, callOf({ args: { id } }));
    expect(judged(history, control, 0, callOf({ args: { id: 4 } }))).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 0, callOf({ args: { id: 3 } }))).toMatchObject({ effect: 'allow' });
    expect(judged(history, control, 0, callOf({ args: { id: 1 } }))).toMatchObject({ effect: 'deny' });
  });
});

describe('a history that is full', () => {
  const limits = { maxKeys: 2 };
  const control = meter({ withinMs: 100, max: 1 });
  const inRun = (name: string) => callOf({ runs: [name] });

  test('refuses a new key and forgets none that still counts', () => {
    const history = createHistory({ limits });
    run(history, [control], 0, inRun('a'));
    run(history, [control], 10, inRun('b'));
    expect(judged(history, control, 99, inRun('c'))).toMatchObject({ effect: 'error', code: 'history.full' });
    expect(judged(history, control, 99, inRun('a'))).toMatchObject({ effect: 'deny' });
    expect(run(history, [control], 100, inRun('c'))).toMatchObject({ effect: 'allow' });
    expect(judged(history, control, 100, inRun('b'))).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 100, inRun('d'))).toMatchObject({ effect: 'error', code: 'history.full' });
  });

  test('does not forget what is under way, however old', () => {
    const history = createHistory({ limits: { maxKeys: 1 } });
    const attempt = history.attempt('a', 0);
    attempt.judge(control, inRun('a'));
    attempt.reserve();
    expect(judged(history, control, 1_000_000, inRun('b'))).toMatchObject({ code: 'history.full' });
    attempt.release(1_000_000);
    expect(judged(history, control, 1_000_000, inRun('b'))).toMatchObject({ effect: 'allow' });
  });

  test('counts the new keys of one attempt together', () => {
    const history = createHistory({ limits });
    run(history, [control], 0, inRun('a'));
    const call = callOf({ runs: ['b', 'c'] });
    expect(judged(history, control, 0, call)).toMatchObject({ code: 'history.full' });
  });

  test('does not make room of what the call itself keeps count by', () => {
    const history = createHistory({ limits });
    run(history, [control], 0, inRun('a'));
    run(history, [control], 50, inRun('b'));
    const call = callOf({ runs: ['c', 'a'] });
    expect(run(history, [control], 100, call)).toMatchObject({ effect: 'error', code: 'history.full' });
    expect(run(history, [control], 150, call)).toMatchObject({ effect: 'allow' });
    expect(judged(history, control, 150, inRun('a'))).toMatchObject({ effect: 'deny' });
    expect(judged(history, control, 150, inRun('c'))).toMatchObject({ effect: 'deny' });
  });

  test('makes room of what no window ends after the idle time only', () => {
    const history = createHistory({ limits: { maxKeys: 1, maxIdleMs: 500 } });
    const forever = meter({ max: 1 });
    run(history, [forever], 0, inRun('a'));
    expect(judged(history, forever, 499, inRun('b'))).toMatchObject({ code: 'history.full' });
    expect(run(history, [forever], 500, inRun('b'))).toMatchObject({ effect: 'allow' });
  });

  test('refuses a control more than it keeps, unless one has nothing left to say', () => {
    const history = createHistory({ limits: { maxControls: 1 } });
    run(history, [control], 0);
    const other = meter({ id: 'other' });
    expect(judged(history, other, 99)).toMatchObject({ code: 'history.full' });
    expect(run(history, [other], 100)).toMatchObject({ effect: 'allow' });
    expect(judged(history, control, 100)).toMatchObject({ code: 'history.full' });
  });

  test.each([{ maxKeys: 0 }, { maxEntries: 1.5 }, { maxControls: Number.NaN }, { maxIdleMs: -1 }])(
    'has no bounds like %j',
    (bad) => {
      expect(() => createHistory({ limits: bad })).toThrow(RangeError);
    },
  );
});

describe('a changed policy', () => {
  test('goes on with the count where the maximum changed', () => {
    const history = createHistory();
    for (let count = 0; count < 3; count += 1) run(history, [meter({ max: 5 })], 0);
    expect(judged(history, meter({ max: 3 }))).toMatchObject({ effect: 'deny' });
    expect(judged(history, meter({ max: 4 }))).toMatchObject({ effect: 'allow' });
  });

  test('starts anew where another thing is measured', () => {
    const history = createHistory();
    for (let count = 0; count < 3; count += 1) run(history, [meter({ max: 3 })], 0);
    expect(judged(history, meter({ max: 3, measure: { of: 'failures' } }))).toMatchObject({ effect: 'allow' });
    expect(judged(history, meter({ max: 3 }))).toMatchObject({ effect: 'deny' });
  });
});

describe('a snapshot', () => {
  test('is plain data that makes the same history, and the same snapshot', () => {
    const history = createHistory();
    const controls = [
      meter({ max: 100, withinMs: 1000 }),
      meter({ id: 'sum', measure: { of: 'bytes' }, max: 1e9 }),
      meter({ id: 'distinct', measure: { of: 'distinct', value: { by: 'tool' } }, max: 100 }),
      rate(),
      breaker(),
    ];
    for (let now = 0; now < 5; now += 1) run(history, controls, now, callOf(), ended({ outcome: 'error' }));
    expect(history.snapshot()).not.toStrictEqual({ version: 1, spaces: [] });
    expect(restarted(history).snapshot()).toStrictEqual(history.snapshot());
  });

  test('holds no value of an argument', () => {
    const history = createHistory();
    const controls = [
      breaker({ trip: { on: 'cycle', length: 3, after: 2 } }),
      meter({ per: [{ by: 'argument', pointer: '/id' }] }),
      meter({ id: 'd', measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } } }),
    ];
    run(history, controls, 0, callOf({ args: { id: 'canary-value' } }));
    expect(JSON.stringify(history.snapshot())).not.toContain('canary');
    expect(JSON.stringify(history.inspect(0))).not.toContain('canary');
  });

  test('does not change with the history that wrote it', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'cycle', length: 3, after: 2 }, per: [{ by: 'run' }] });
    run(history, [control], 0);
    const snapshot = history.snapshot();
    const before = JSON.stringify(snapshot);
    run(history, [control], 0, callOf({ tool: 'other' }));
    expect(JSON.stringify(snapshot)).toBe(before);
  });

  const cell = ['2:r1', 0, null, { sum: 1 }];
  test.each<[string, unknown]>([
    ['nothing', null],
    ['another version', { version: 2, spaces: [] }],
    ['no spaces', { version: 1 }],
    ['a space that is no object', { version: 1, spaces: [1] }],
    ['an unknown kind', { version: 1, spaces: [{ name: 'other:x', cells: [] }] }],
    [
      'a name twice',
      {
        version: 1,
        spaces: [
          { name: 'meter:x', cells: [] },
          { name: 'meter:x', cells: [] },
        ],
      },
    ],
    ['cells that are no list', { version: 1, spaces: [{ name: 'meter:x', cells: {} }] }],
    ['a cell that is no list', { version: 1, spaces: [{ name: 'meter:x', cells: [1] }] }],
    ['a key twice', { version: 1, spaces: [{ name: 'meter:x', cells: [cell, cell] }] }],
    ['a key that is no text', { version: 1, spaces: [{ name: 'meter:x', cells: [[1, 0, null, { sum: 1 }]] }] }],
    ['a negative sum', { version: 1, spaces: [{ name: 'meter:x', cells: [['k', 0, null, { sum: -1 }]] }] }],
    ['a negative time to live', { version: 1, spaces: [{ name: 'meter:x', cells: [['k', 0, -1, { sum: 1 }]] }] }],
    [
      'entries out of order',
      { version: 1, spaces: [{ name: 'meter:x', cells: [['k', 0, 1, { withinMs: 1, entries: [2, 1, 1, 1] }]] }] },
    ],
    [
      'a trip that is unknown',
      { version: 1, spaces: [{ name: 'breaker:x', cells: [['k', 0, 1, { on: 'x', evidence: 1 }]] }] },
    ],
    [
      'evidence of another kind',
      { version: 1, spaces: [{ name: 'breaker:x', cells: [['k', 0, 1, { on: 'denial', evidence: [] }]] }] },
    ],
    ['a bucket below empty', { version: 1, spaces: [{ name: 'rate:x', cells: [['k', 0, 1, [-1, 0]]] }] }],
  ])('is refused as a whole: %s', (_what, snapshot) => {
    expect(() => createHistory({ snapshot: snapshot as JsonObject })).toThrow(SnapshotError);
  });

  test('is refused where it holds more than the limits allow', () => {
    const history = createHistory();
    run(history, [meter()], 0, callOf({ runs: ['a', 'b'] }));
    expect(() => createHistory({ snapshot: history.snapshot(), limits: { maxKeys: 1 } })).toThrow(SnapshotError);
  });
});

describe('inspection', () => {
  test('shows open breakers and the fullest meters first', () => {
    const history = createHistory();
    const calls = meter({ max: 4 });
    const failures = breaker({ trip: { on: 'consecutive failure', after: 1 }, per: [{ by: 'tool' }], openMs: 100 });
    run(history, [calls], 0, callOf({ runs: ['low'] }));
    for (let count = 0; count < 3; count += 1) run(history, [calls], 0, callOf({ runs: ['high'] }));
    run(history, [failures], 0, callOf(), ended({ outcome: 'error' }));
    expect(history.inspect(1)).toStrictEqual([
      {
        id: 'meter',
        kind: 'meter',
        per: ['run'],
        keys: 2,
        fullest: [
          { key: ['high'], share: 0.75, used: 3, max: 4 },
          { key: ['low'], share: 0.25, used: 1, max: 4 },
        ],
      },
      {
        id: 'breaker',
        kind: 'breaker',
        per: ['tool'],
        keys: 1,
        fullest: [{ key: ['customer.get'], share: 1, state: 'open', until: 100, probes: 0, successes: 0 }],
      },
    ]);
  });
});
