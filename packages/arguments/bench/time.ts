/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/time.ts`. */
import { timeKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'digits', kind: compiledKind(timeKind, {}), make: (size) => '1'.repeat(size) },
  { name: 'separators', kind: compiledKind(timeKind, {}), make: (size) => 'T:'.repeat(size / 2) },
  { name: 'slashes', kind: compiledKind(timeKind, { interval: 'text' }), make: (size) => '/'.repeat(size) },
  {
    name: 'members',
    kind: compiledKind(timeKind, { interval: 'object' }),
    make: (size) => ({ from: 'T'.repeat(size), to: '0'.repeat(size) }),
  },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [compiledKind(timeKind, { earliest: '2026-01-01T00:00:00Z' }), '2026-01-15T09:30:00+02:00'],
    [compiledKind(timeKind, { interval: 'text', maxSpan: '31d' }), '2026-01-15T09:30:00Z/2026-01-16T09:30:00Z'],
  ]);
}
