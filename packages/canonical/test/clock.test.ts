import { ManualClock, type Clock } from '@callgate/canonical';
import { expect, test } from 'vitest';

test('a manual clock stands still until told to move, in either direction', () => {
  const clock = new ManualClock(1000);
  const reader: Clock = clock;
  expect([reader.now(), reader.now()]).toStrictEqual([1000, 1000]);
  clock.advance(250);
  expect(reader.now()).toBe(1250);
  clock.advance(-500);
  expect(reader.now()).toBe(750);
});
