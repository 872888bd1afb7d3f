/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/money.ts`. */
import { moneyKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'digits', kind: compiledKind(moneyKind, { form: 'text' }), make: (size) => '1'.repeat(size) },
  { name: 'a fraction', kind: compiledKind(moneyKind, { form: 'text' }), make: (size) => `1.${'0'.repeat(size)}` },
  {
    name: 'a currency',
    kind: compiledKind(moneyKind, { shape: 'object', currency: ['EUR'] }),
    make: (size) => ({ amount: 1, currency: 'E'.repeat(size) }),
  },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [compiledKind(moneyKind, { maximum: 200 }), 12.5],
    [
      compiledKind(moneyKind, { shape: 'object', currency: ['EUR'], form: 'text' }),
      { amount: '12.50', currency: 'EUR' },
    ],
  ]);
}
