import { describe, expect, it } from 'vitest';

import { ALL_GROWTH_INPUTS } from '../bench/all-growth-inputs.ts';
import { standardKinds } from '../src/index.ts';
import { growthOf } from './support/growth.ts';

const isSoak = process.env['CALLGATE_SOAK'] === '1';
const KB_64 = 65_000;

// Times are judged in `npm run soak` and `npm run bench`; here, that nothing crafted throws or is let through by its length.
describe.each(Object.entries(ALL_GROWTH_INPUTS))('%s', (_, inputs) => {
  it.each(inputs.map((input) => [input.name, input] as const))(
    `${isSoak ? 'grows linearly on' : 'survives'} %s`,
    (__, { kind, make }) => {
      expect(kind.check(make(KB_64)).length).toBeLessThanOrEqual(16);
      if (!isSoak) return;
      const { exponent, msPer100Kb } = growthOf(kind, make);
      expect(exponent).toBeLessThanOrEqual(1.2);
      expect(msPer100Kb).toBeLessThanOrEqual(50);
    },
    120_000,
  );
});

it('every kind has crafted values', () => {
  expect(new Set(Object.keys(ALL_GROWTH_INPUTS))).toEqual(new Set(standardKinds.map(({ name }) => name)));
});

it.each([
  ['json', `x${' '.repeat(20_000)}!`],
  ['text', '\u{E0041}'.repeat(20_000)],
])('%s mends crafted values as fast as others', async (name, value) => {
  const kind = standardKinds.find((candidate) => candidate.name === name)!;
  const compiled = kind.compile(kind.specification.parse({}), () => {});
  const started = performance.now();
  expect(compiled.repair(value).length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(500);
});
