import { createIdSource, createSequentialIds } from '@callgate/canonical';
import { expect, test } from 'vitest';

test('an id is the prefix and 26 characters of lower-case Crockford base32', () => {
  const next = createIdSource('call_', (bytes) => crypto.getRandomValues(bytes));
  for (let count = 0; count < 200; count += 1) expect(next()).toMatch(/^call_[0-9a-hjkmnp-tv-z]{26}$/u);
});

test('ids do not repeat, across draws of randomness either', () => {
  const next = createIdSource('', (bytes) => crypto.getRandomValues(bytes));
  const ids = new Set(Array.from({ length: 10_000 }, next));
  expect(ids.size).toBe(10_000);
});

test('randomness is drawn for 64 ids at a time', () => {
  let draws = 0;
  const next = createIdSource('', () => {
    draws += 1;
  });
  for (let count = 0; count < 129; count += 1) next();
  expect(draws).toBe(3);
});

test('every random bit shows in some id', () => {
  let fill = 0;
  const next = createIdSource('', (bytes) => bytes.fill(fill));
  expect(next()).toBe('0'.repeat(26));
  fill = 0xff;
  for (let count = 1; count < 64; count += 1) next();
  expect(next()).toBe('z'.repeat(26));
});

test('all characters come up, each about as often as the others', () => {
  const next = createIdSource('', (bytes) => crypto.getRandomValues(bytes));
  const counts = new Map<string, number>();
  for (let id = 0; id < 4000; id += 1) {
    for (const character of next()) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect(counts.size).toBe(32);
  // 104,000 draws of 32: 3,250 each, standard deviation 56. Eight of them leave no chance to chance.
  for (const count of counts.values()) expect(Math.abs(count - 3250)).toBeLessThan(8 * 57);
});

test('randomness is drawn again after it failed', () => {
  let calls = 0;
  const next = createIdSource('', (bytes) => {
    calls += 1;
    if (calls === 1) throw new Error('no entropy');
    bytes.fill(1);
  });
  expect(() => next()).toThrow('no entropy');
  expect(next()).toHaveLength(26);
  expect(calls).toBe(2);
});

test('sequential ids count from one', () => {
  const next = createSequentialIds('r');
  expect([next(), next(), next()]).toStrictEqual(['r1', 'r2', 'r3']);
});
