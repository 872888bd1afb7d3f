import type { Control } from '@callgate/policy';
import { describe, expect, test } from 'vitest';

import type { Attempt, Waiting } from '../src/attempt.ts';
import { createHistory, type History } from '../src/history.ts';
import { callOf, ended, meter } from './support/controls.ts';

const queued = (max: number, depth = 10) =>
  meter({ id: `cap-${max}`, measure: { of: 'open' }, max, overload: { kind: 'queue', depth, waitMs: 500 } });

/** A host's queue in small: starts at once, or waits; `started` tells in which order. */
class Host {
  readonly started: string[] = [];
  readonly underWay = new Map<string, Attempt>();
  readonly waiting = new Map<string, Waiting>();

  readonly history: History;
  readonly controls: readonly Control[];

  constructor(history: History, controls: readonly Control[]) {
    this.history = history;
    this.controls = controls;
  }

  call(name: string): 'started' | 'waits' | 'refused' {
    const first = this.#try(name);
    if (first === undefined) return 'started';
    const waiting = first.wait(() => this.#try(name));
    if (waiting === undefined) return 'refused';
    this.waiting.set(name, waiting);
    return 'waits';
  }

  end(name: string): void {
    const attempt = this.underWay.get(name);
    this.underWay.delete(name);
    attempt?.settle(ended(), 0);
  }

  #try(name: string): Attempt | undefined {
    const attempt = this.history.attempt(name, 0);
    const call = callOf();
    if (this.controls.some((control) => attempt.judge(control, call).effect !== 'allow')) {
      for (const control of this.controls) attempt.judge(control, call);
      return attempt;
    }
    attempt.reserve();
    this.started.push(name);
    this.underWay.set(name, attempt);
    return undefined;
  }
}

describe('calls that wait for a place', () => {
  test('get it in the order they came, one for each that ends', () => {
    const host = new Host(createHistory(), [queued(1)]);
    expect(['a', 'b', 'c', 'd'].map((name) => host.call(name))).toStrictEqual(['started', 'waits', 'waits', 'waits']);
    host.end('a');
    expect(host.started).toStrictEqual(['a', 'b']);
    host.end('b');
    host.end('c');
    expect(host.started).toStrictEqual(['a', 'b', 'c', 'd']);
  });

  test('are not overtaken by one that comes when a place is free at last', () => {
    const host = new Host(createHistory(), [queued(1)]);
    host.call('a');
    host.call('b');
    host.end('a');
    expect(host.call('late')).toBe('waits');
    expect(host.started).toStrictEqual(['a', 'b']);
  });

  test('leave their turn to the next when their time is up or they are cancelled', () => {
    const host = new Host(createHistory(), [queued(1)]);
    for (const name of ['a', 'b', 'c']) host.call(name);
    expect(host.waiting.get('b')?.waitMs).toBe(500);
    host.waiting.get('b')?.leave();
    host.waiting.get('b')?.leave();
    host.end('a');
    expect(host.started).toStrictEqual(['a', 'c']);
  });

  test('are no more than the queue is deep', () => {
    const host = new Host(createHistory(), [queued(1, 2)]);
    expect(['a', 'b', 'c', 'd'].map((name) => host.call(name))).toStrictEqual(['started', 'waits', 'waits', 'refused']);
  });

  test('wait for two caps at once and keep their turn at both', () => {
    const history = createHistory();
    const [wide, narrow] = [queued(2), queued(1)];
    const both = new Host(history, [wide, narrow]);
    const one = new Host(history, [wide]);
    both.call('a');
    one.call('b');
    expect(both.call('c')).toBe('waits');
    one.end('b');
    expect(both.started).toStrictEqual(['a']);
    expect(one.call('d')).toBe('started');
    both.end('a');
    expect(both.started).toStrictEqual(['a', 'c']);
  });

  test.each<[string, readonly Control[]]>([
    ['there is no queue', [meter({ measure: { of: 'open' }, max: 1 })]],
    ['there never is a place', [queued(0)]],
    ['something else refuses them too', [queued(1), meter({ id: 'none', max: 0 })]],
    ['something cannot be judged', [queued(1), meter({ id: 'none', per: [{ by: 'environment' }] })]],
  ])('do not wait where %s', (_what, controls) => {
    const host = new Host(createHistory(), controls);
    const first = host.history.attempt('first', 0);
    first.judge(controls[0]!, callOf());
    first.reserve();
    expect(host.call('b')).toBe('refused');
  });

  test('do not hold up the others when one of them throws', () => {
    const history = createHistory();
    const host = new Host(history, [queued(1)]);
    host.call('a');
    const broken = history.attempt('broken', 0);
    broken.judge(queued(1), callOf());
    broken.wait(() => {
      throw new TypeError('broken host');
    });
    host.call('b');
    expect(() => host.end('a')).toThrow('broken host');
    expect(host.started).toStrictEqual(['a', 'b']);
  });
});
