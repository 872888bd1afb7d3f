import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { PEER_FAILURES } from './peers.ts';

it.each(PEER_FAILURES.map((one) => [one.failure, one] as const))('has its tests: %s', async (_, { tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const [file, name] of tests) {
    expect(await readFile(new URL(`../${file}`, import.meta.url), 'utf8'), file).toContain(name);
  }
});
