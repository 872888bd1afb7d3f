import type { Instant, JsonObject } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict } from '@callgate/policy';
import fc from 'fast-check';

import type { Attempt } from '../../src/attempt.ts';
import type { CallOutcome } from '../../src/call-outcome.ts';
import { createHistory, type History } from '../../src/history.ts';
import type { HistoryLimits } from '../../src/limits.ts';
import { callOf, ended } from './controls.ts';
import type { Answer, LoggedEvent, Reference } from './reference.ts';

/** One thing that happens to a history. Indices are taken modulo what there is. */
export type Step =
  /** A call comes in; where it is refused it goes ahead all the same (`observed`), or is dropped, or nothing happens to it. */
  | { readonly do: 'call'; readonly call: ControlledCall; readonly ifRefused: 'observed' | 'drop' | 'leave' }
  | { readonly do: 'deny'; readonly call: ControlledCall }
  | { readonly do: 'settle'; readonly which: number; readonly outcome: CallOutcome }
  | { readonly do: 'release'; readonly which: number }
  /** Settles or releases what has ended already, or was never reserved. */
  | { readonly do: 'again'; readonly which: number; readonly outcome: CallOutcome }
  | { readonly do: 'clock'; readonly by: number }
  | { readonly do: 'restart' };

const outcomes: fc.Arbitrary<CallOutcome> = fc
  .record({
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'tool_error', 'error', 'timeout', 'cancelled', 'quarantined', 'unknown'),
    errorClass: fc.constantFrom(undefined, undefined, 'E1', 'E2'),
    durationMs: fc.constantFrom(1, 50, 51, 500),
    bytes: fc.constantFrom(0, 1, 512, 1024, 5000),
    rows: fc.constantFrom(undefined, 0, 1, 3),
    tokens: fc.constantFrom(undefined, 0, 7),
    resultDigest: fc.constantFrom(undefined, 'sha256:a', 'sha256:b', 'sha256:b'),
  })
  .map((changes) => ended(changes as Partial<CallOutcome>));

const calls: fc.Arbitrary<ControlledCall> = fc
  .record({
    runs: fc.constantFrom(['r1'], ['r1'], ['r1'], ['r2']),
    tool: fc.constantFrom('a', 'a', 'b', 'c'),
    args: fc.record({
      id: fc.constantFrom(1, 1, 2, 3, 4),
      // Sums of them are safe: what happens beyond is in meters.test.ts.
      amount: fc.constantFrom(0, 0.1, 0.2, 1, 1.5, 3, -1, 1e14),
    }),
    cost: fc.constantFrom(
      undefined,
      { perCall: 0.1, perKiB: 0.5, at: undefined },
      { perCall: 2, perKiB: 0, at: undefined },
    ),
  })
  .map((changes) => callOf(changes as Partial<ControlledCall>));

/** Sequences in which something happens: calls that are refused and allowed, time that windows pass in, and what is rare. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant('call' as const),
        call: calls,
        ifRefused: fc.constantFrom('observed', 'drop', 'leave', 'leave'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('deny' as const), call: calls }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), outcome: outcomes }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), which: fc.nat(9), outcome: outcomes }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('clock' as const),
        by: fc.constantFrom(1, 10, 40, 99, 100, 101, 250, 1000, -1, -40, -100, -2000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  // The usual sizes are too short for windows to pass and breakers to close.
  { maxLength: 50, size: 'max' },
) as fc.Arbitrary<readonly Step[]>;

interface Log {
  seenAt: Instant;
  events: LoggedEvent[];
}

interface UnderWay {
  readonly attempt: Attempt;
  readonly id: number;
  readonly key: string;
}

/**
 * Plays the steps on a history with one control, and on the log of all that happened, and compares every verdict.
 *
 * @param keyOf the key that the control keeps the call by
 * @throws {Error} at the first verdict that differs
 */
export function playAgainst(
  reference: Reference,
  control: Control,
  keyOf: (call: ControlledCall) => string,
  played: readonly Step[],
  limits: Partial<HistoryLimits> = {},
): void {
  let history: History = createHistory({ limits });
  const logs = new Map<string, Log>();
  let underWay: UnderWay[] = [];
  let over: UnderWay[] = [];
  let clock: Instant = 1_000_000;
  let nextId = 0;

  const seenBy = (key: string): Instant => Math.max(clock, logs.get(key)?.seenAt ?? clock);

  const record = (key: string, event: (at: Instant) => LoggedEvent, mayBeSilent: boolean): void => {
    const log = logs.get(key) ?? { seenAt: clock, events: [] };
    log.seenAt = Math.max(log.seenAt, clock);
    log.events.push(event(log.seenAt));
    logs.set(key, log);
    if (mayBeSilent && reference.isSilent(log.events, log.seenAt)) logs.delete(key);
  };

  const judge = (call: ControlledCall) => {
    const attempt = history.attempt(`a${nextId}`, clock);
    const verdict = attempt.judge(control, call);
    const key = keyOf(call);
    const events = logs.get(key)?.events ?? [];
    const expected = reference.answer(events, call, seenBy(key));
    expectSame(answerOf(verdict), expected, `step of ${JSON.stringify(call.args)} at ${clock}`);
    if ('notice' in verdict) checkWait(reference, control, events, call, seenBy(key), verdict.notice.retryAfterMs);
    return { attempt, key, answer: expected };
  };

  const finish = (which: number, end: (one: UnderWay) => void): void => {
    const one = underWay[which % Math.max(1, underWay.length)];
    if (one === undefined) return;
    underWay = underWay.filter((other) => other !== one);
    over.push(one);
    end(one);
  };

  for (const step of played) {
    switch (step.do) {
      case 'call': {
        const { attempt, key, answer } = judge(step.call);
        if (answer === 'error') break;
        if (answer === 'refuse' && step.ifRefused !== 'observed') {
          // What the control refuses itself it does not count.
          if (step.ifRefused === 'drop') attempt.drop('refused');
          break;
        }
        attempt.reserve();
        const id = nextId++;
        underWay.push({ attempt, id, key });
        record(key, (at) => ({ type: 'start', id, call: step.call, at }), false);
        break;
      }
      case 'deny': {
        const { attempt, key, answer } = judge(step.call);
        attempt.drop('tool.not_allowed');
        if (countsDenials(control) && (answer === 'allow' || answer === 'soft')) {
          record(key, (at) => ({ type: 'drop', at }), true);
        }
        break;
      }
      case 'settle':
        finish(step.which, ({ attempt, id, key }) => {
          attempt.settle(step.outcome, clock);
          record(key, (at) => ({ type: 'settle', id, outcome: step.outcome, at }), true);
        });
        break;
      case 'release':
        finish(step.which, ({ attempt, id, key }) => {
          attempt.release(clock);
          record(key, (at) => ({ type: 'release', id, at }), true);
        });
        break;
      case 'again': {
        const { attempt } = over[step.which % Math.max(1, over.length)] ?? { attempt: history.attempt('never', clock) };
        attempt.settle(step.outcome, clock);
        attempt.release(clock);
        attempt.drop('again');
        break;
      }
      case 'clock':
        clock += step.by;
        break;
      case 'restart':
        history = createHistory({ limits, snapshot: JSON.parse(JSON.stringify(history.snapshot())) as JsonObject });
        for (const [key, log] of logs) {
          if (!underWay.some((one) => one.key === key)) continue;
          log.events.push({ type: 'restart', at: log.seenAt });
          if (reference.isSilent(log.events, log.seenAt)) logs.delete(key);
        }
        over = [...over, ...underWay];
        underWay = [];
        break;
    }
  }
}

function countsDenials(control: Control): boolean {
  return (
    (control.kind === 'meter' && control.measure.of === 'denials') ||
    (control.kind === 'breaker' && control.trip.on === 'denial')
  );
}

export function answerOf(verdict: ControlVerdict): Answer {
  if (verdict.effect === 'allow') return 'soft' in verdict ? 'soft' : 'allow';
  return verdict.effect === 'error' ? 'error' : 'refuse';
}

/** What a verdict says about waiting is so: after that time the call passes, and a moment before it does not. */
function checkWait(
  reference: Reference,
  control: Control,
  events: readonly LoggedEvent[],
  call: ControlledCall,
  now: Instant,
  waitMs: number | undefined,
): void {
  const isRefusedAfter = (ms: number): boolean => reference.answer(events, call, now + ms) === 'refuse';
  if (waitMs === undefined) {
    if (control.kind === 'meter') expectSame(isRefusedAfter(10_000_000), true, 'never passes');
    return;
  }
  expectSame(isRefusedAfter(waitMs), false, `passes after ${waitMs} ms`);
  expectSame(waitMs === 0 || isRefusedAfter(waitMs - 1), true, `does not pass before ${waitMs} ms`);
}

function expectSame(got: unknown, expected: unknown, what: string): void {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`);
}
