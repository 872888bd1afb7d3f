import { once } from 'node:events';

import { expect, test } from 'vitest';

import { timely } from '../src/quarantine/timely.ts';

/** Until timers of so many milliseconds that were set before have run. */
const elapsed = (milliseconds: number): Promise<unknown> => once(AbortSignal.timeout(milliseconds), 'abort');

test.each([
  [
    'throws',
    () => {
      throw new TypeError('at once');
    },
  ],
  ['rejects', () => Promise.reject(new TypeError('at once'))],
])('work that %s fails with its own error, and leaves nothing behind that rejects later', async (_, work) => {
  const unheard: unknown[] = [];
  const listen = (error: unknown): number => unheard.push(error);
  process.on('unhandledRejection', listen);
  await expect(timely(work, 1)).rejects.toThrow('at once');
  await elapsed(5);
  process.off('unhandledRejection', listen);
  expect(unheard).toStrictEqual([]);
});

test('work that takes too long is told so, and has failed', async () => {
  let isTold = false;
  const work = (signal: AbortSignal): Promise<void> => {
    signal.addEventListener('abort', () => (isTold = true));
    return new Promise(() => undefined);
  };
  await expect(timely(work, 1)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(isTold).toBe(true);
});

test('work that is done in time is what it comes to', async () => {
  expect(await timely(() => 1)).toBe(1);
  expect(await timely(() => Promise.resolve(2))).toBe(2);
});
