import { describe, expect, test } from 'vitest';

import { createHistory } from '../src/history.ts';
import { breaker, callOf, ended, run } from './support/controls.ts';

const failed = ended({ outcome: 'error', errorClass: 'E1' });

describe('an open breaker', () => {
  test('says for how long, why, and what would help', () => {
    const history = createHistory();
    for (let count = 0; count < 3; count += 1) run(history, [breaker()], 0, callOf(), failed);
    expect(run(history, [breaker()], 18_000)).toStrictEqual({
      effect: 'deny',
      code: 'breaker.open',
      notice: {
        message: 'the breaker is open for 42 s more: the same call failed in the same way again and again',
        hints: ['change the arguments or use another tool'],
        retryAfterMs: 42_000,
      },
    });
  });

  test('lets other arguments through', () => {
    const history = createHistory();
    for (let count = 0; count < 3; count += 1) run(history, [breaker()], 0, callOf({ args: { id: 1 } }), failed);
    expect(run(history, [breaker()], 0, callOf({ args: { id: 2 } }))).toMatchObject({ effect: 'allow' });
  });

  test('takes arguments that differ in volatile members, or in their order, for the same', () => {
    const history = createHistory();
    const control = breaker({ per: [{ by: 'arguments', volatile: ['request_id'] }] });
    run(history, [control], 0, callOf({ args: { a: 1, b: 2, request_id: 'x' } }), failed);
    run(history, [control], 0, callOf({ args: { b: 2, a: 1, request_id: 'y' } }), failed);
    run(history, [control], 0, callOf({ args: { b: 2, a: 1 } }), failed);
    expect(run(history, [control], 0, callOf({ args: { a: 1, b: 2, request_id: 'z' } }))).toMatchObject({
      effect: 'deny',
    });
  });

  test('tells the host when it opens and closes', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 }, openMs: 100 });
    const changes = [failed, ended()].map((outcome, index) => {
      const attempt = history.attempt('a', index * 100);
      attempt.judge(control, callOf());
      attempt.reserve();
      return attempt.settle(outcome, index * 100);
    });
    expect(changes).toStrictEqual([
      [{ kind: 'breaker-opened', control: 'breaker' }],
      [{ kind: 'breaker-closed', control: 'breaker' }],
    ]);
  });

  test('keeps failures of more classes than it names apart from forgetting them', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'identical failure', after: 3 } });
    for (let count = 0; count < 18; count += 1) {
      expect(run(history, [control], 0, callOf(), ended({ outcome: 'error', errorClass: `E${count}` }))).toMatchObject({
        effect: 'allow',
      });
    }
    run(history, [control], 0, callOf(), ended({ outcome: 'error', errorClass: 'E18' }));
    expect(run(history, [control], 0)).toMatchObject({ effect: 'deny' });
  });
});

describe('a half-open breaker', () => {
  test('lets so many probes through at once and no more', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 }, openMs: 100, halfOpen: 2 });
    run(history, [control], 0, callOf(), failed);
    const probes = [1, 2, 3].map(() => {
      const attempt = history.attempt('p', 100);
      const { effect } = attempt.judge(control, callOf());
      if (effect === 'allow') attempt.reserve();
      return effect;
    });
    expect(probes).toStrictEqual(['allow', 'allow', 'deny']);
  });

  test('opens again for a probe in doubt, also after a restart', () => {
    const history = createHistory();
    const control = breaker({ trip: { on: 'consecutive failure', after: 1 }, openMs: 100 });
    run(history, [control], 0, callOf(), failed);
    const probe = history.attempt('p', 150);
    probe.judge(control, callOf());
    probe.reserve();
    const next = createHistory({ snapshot: history.snapshot() });
    expect(next.attempt('n', 249).judge(control, callOf())).toMatchObject({
      effect: 'deny',
      notice: { retryAfterMs: 1 },
    });
    probe.settle(ended({ outcome: 'unknown' }), 200);
    expect(history.attempt('n', 299).judge(control, callOf())).toMatchObject({ effect: 'deny' });
  });
});
