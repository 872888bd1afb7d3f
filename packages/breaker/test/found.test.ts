import { expect, test } from 'vitest';

import { fingerprintsOf } from '../src/flows/fingerprints.ts';
import { RunEvidence, sourceOf } from '../src/flows/run-evidence.ts';
import { sinkTextOf } from '../src/flows/sink-text.ts';
import { createHistory } from '../src/history.ts';
import { callOf, ended, meter } from './support/controls.ts';

/** What somebody found who tried to get around the history. */

test('places of arguments are named in bounded space, however long and deep their names are', () => {
  const members = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m${index}`, `value ${index}`]));
  const { ends } = sinkTextOf({ ['long'.repeat(10_000)]: { ['deep'.repeat(10_000)]: members } }, []);
  expect(ends.size).toBeGreaterThan(100);
  expect(Math.max(...[...ends.keys()].map(({ length }) => length))).toBeLessThan(512);
});

test('a call that is refused for what it costs does not hold up a cheaper one that waits behind it', () => {
  const history = createHistory();
  const control = meter({
    measure: { of: 'open' },
    max: 2,
    overload: { kind: 'queue', depth: 5, waitMs: 500 },
    degrade: { from: 0.5, cost: 5 },
  });
  const started: string[] = [];
  const start = (name: string, perCall: number): (() => void) => {
    const call = callOf({ cost: { perCall, perKiB: 0, at: undefined } });
    let attempt = history.attempt(name, 0);
    const judge = () => {
      attempt = history.attempt(name, 0);
      if (attempt.judge(control, call).effect !== 'allow') return attempt;
      attempt.reserve();
      started.push(name);
      return undefined;
    };
    judge()?.wait(judge);
    return () => attempt.settle(ended(), 0);
  };
  start('a', 1);
  const endB = start('b', 1);
  start('dear', 9);
  start('cheap', 1);
  endB();
  expect(started).toStrictEqual(['a', 'b', 'cheap']);
});

test('labels that are brought take no room beyond the bound of controls', () => {
  const history = createHistory({ limits: { maxControls: 1 } });
  const attempt = history.attempt('a', 0);
  attempt.judge(meter(), callOf());
  attempt.reserve();
  attempt.settle(ended(), 0);
  expect(history.labels.join({ call: 'c', runs: ['r'], labels: ['private'] }, 0)).toBe(false);
  expect(() => createHistory({ limits: { maxControls: 1 }, snapshot: history.snapshot() })).not.toThrow();
});

test('a text that is spread over the names of members is found, however short they are', () => {
  const secret = 'The merger with Northwind closes on 14 March';
  const names = secret.match(/.{1,6}/gu) ?? [];
  const evidence = new RunEvidence();
  evidence.add(sourceOf('read', ['private'], ['r'], fingerprintsOf([secret]), new Set()));
  const spread = Object.fromEntries(names.map((name) => [name, true]));
  expect(evidence.find('external', sinkTextOf(spread, []))).toMatchObject([{ call: 'read' }]);
});

test('a call that more controls concern than there is room for does not go ahead uncounted', () => {
  const history = createHistory({ limits: { maxControls: 1 } });
  const call = callOf();
  const attempt = history.attempt('a', 0);
  attempt.judge(meter({ id: 'one' }), call);
  attempt.judge(meter({ id: 'another' }), call);
  expect(() => attempt.reserve()).toThrow('room for the state of every control');
});
