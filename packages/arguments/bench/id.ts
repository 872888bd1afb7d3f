/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/id.ts`. */
import { idKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'a long token', kind: compiledKind(idKind, { maxLength: 1024 }), make: (size) => 'a'.repeat(size) },
  {
    name: 'a long slug',
    kind: compiledKind(idKind, { format: 'slug', maxLength: 1024 }),
    make: (size) => 'a-'.repeat(size / 2),
  },
  {
    name: 'a long integer',
    kind: compiledKind(idKind, { format: 'integer', maximum: 5, maxLength: 1024 }),
    make: (size) => '9'.repeat(size),
  },
  { name: 'other digits', kind: compiledKind(idKind, {}), make: (size) => '\uff11'.repeat(size) },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [compiledKind(idKind, {}), 'order-42'],
    [compiledKind(idKind, { format: 'uuid' }), '0a1b2c3d-4e5f-4a6b-8c7d-0e1f2a3b4c5d'],
  ]);
}
