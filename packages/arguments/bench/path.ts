/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/path.ts`. */
import { pathKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const deny = Array.from({ length: 100 }, (_, index) => `**/a*a?a*${index}/**/b/*`);
const LARGE = { maxLength: 8192, deny };

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'many names', kind: compiledKind(pathKind, LARGE), make: (size) => 'a/'.repeat(size / 2) },
  { name: 'dots', kind: compiledKind(pathKind, LARGE), make: (size) => '....//'.repeat(size / 6) },
  { name: 'escapes', kind: compiledKind(pathKind, LARGE), make: (size) => '%20'.repeat(size / 3) },
  { name: 'percent signs', kind: compiledKind(pathKind, LARGE), make: (size) => '%a'.repeat(size / 2) },
  { name: 'look-alikes', kind: compiledKind(pathKind, LARGE), make: (size) => '\u012e\uff0e'.repeat(size / 2) },
  {
    name: 'many names, as many as pass',
    kind: compiledKind(pathKind, LARGE),
    make: (size) => 'a/'.repeat(Math.min(size, 1_000_000) / 250),
  },
  {
    name: 'long names, as many as pass',
    kind: compiledKind(pathKind, LARGE),
    make: (size) => `${'a'.repeat(99)}/`.repeat(size / 100 / 125),
  },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [compiledKind(pathKind, {}), 'packages/ai/src/prompt/data-content.ts'],
    [
      compiledKind(pathKind, {
        roots: ['/srv/work'],
        deny: ['**/.env', '**/.git/**'],
        extensions: ['.ts'],
        hidden: 'deny',
      }),
      '/srv/work/packages/ai/src/prompt/data-content.ts',
    ],
  ]);
}
