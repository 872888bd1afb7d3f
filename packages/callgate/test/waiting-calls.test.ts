import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { WaitingCalls } from '../src/history/waiting-calls.ts';

const LIMITS = { depth: 2, waitMs: 1_000 };

/** A place with a number of free slots, and calls that take one when they can. */
class Cap {
  readonly waiting = new WaitingCalls();
  readonly log: string[] = [];
  free = 0;

  enter(name: string, onEntered: () => void = () => undefined): (() => void) | undefined {
    const retry = (): boolean => {
      if (this.free === 0) return false;
      this.free -= 1;
      this.log.push(name);
      onEntered();
      return true;
    };
    return this.waiting.enter('p', LIMITS, retry, () => this.log.push(`${name} expired`));
  }

  release(): void {
    this.free += 1;
    this.waiting.freed('p');
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Calls that wait for a place', () => {
  test('get one in the order in which they came', () => {
    const cap = new Cap();
    cap.enter('first');
    cap.enter('second');
    cap.release();
    expect(cap.log).toStrictEqual(['first']);
    cap.release();
    expect(cap.log).toStrictEqual(['first', 'second']);
    vi.advanceTimersByTime(10_000);
    expect(cap.log).toHaveLength(2);
  });

  test('are no more than the depth says', () => {
    const cap = new Cap();
    expect(cap.enter('first')).toBeDefined();
    expect(cap.enter('second')).toBeDefined();
    expect(cap.enter('third')).toBeUndefined();
    cap.release();
    expect(cap.enter('third')).toBeDefined();
  });

  test('give up when their time is over, and not a millisecond before', () => {
    const cap = new Cap();
    cap.enter('late');
    vi.advanceTimersByTime(999);
    expect(cap.log).toStrictEqual([]);
    vi.advanceTimersByTime(1);
    cap.release();
    expect(cap.log).toStrictEqual(['late expired']);
    expect(cap.free).toBe(1);
  });

  test('leave no trace when they are given up', () => {
    const cap = new Cap();
    const leave = cap.enter('gone');
    cap.enter('next');
    leave?.();
    leave?.();
    cap.release();
    vi.advanceTimersByTime(10_000);
    expect(cap.log).toStrictEqual(['next']);
  });

  test('take a place that comes free while one of them takes another, each once', () => {
    const cap = new Cap();
    cap.enter('first', () => cap.release());
    cap.enter('second');
    cap.release();
    expect(cap.log).toStrictEqual(['first', 'second']);
    expect(cap.free).toBe(0);
  });
});
