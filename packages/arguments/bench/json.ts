/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/json.ts`. */
import { jsonKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const LARGE = { maxLength: 1_048_576, maxItems: 500_000, maxDepth: 100 };
const ITEMS = `[${'0,'.repeat(9_998)}0]`;
const MEMBERS = `{${Array.from({ length: 1000 }, (_, at) => `"${String(at).padStart(7, '0')}":0`).join(',')}}`;

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'open brackets', kind: compiledKind(jsonKind, LARGE), make: (size) => '['.repeat(size) },
  { name: 'many items', kind: compiledKind(jsonKind, LARGE), make: (size) => `[${'0,'.repeat((size - 3) / 2)}0]` },
  {
    name: 'many objects of many names',
    kind: compiledKind(jsonKind, LARGE),
    make: (size) => `[${`${MEMBERS},`.repeat(size / MEMBERS.length)}0]`,
  },
  {
    name: 'many arrays of many items',
    kind: compiledKind(jsonKind, LARGE),
    make: (size) => `[${`${ITEMS},`.repeat(size / ITEMS.length)}0]`,
  },
  { name: 'escapes', kind: compiledKind(jsonKind, LARGE), make: (size) => `["${'\\u0061'.repeat(size / 6)}"]` },
  { name: 'strings', kind: compiledKind(jsonKind, LARGE), make: (size) => `[${'"a",'.repeat(size / 4)}""]` },
  { name: 'spaces', kind: compiledKind(jsonKind, LARGE), make: (size) => `["a"${' '.repeat(size)}]` },
  {
    name: 'strings and spaces',
    kind: compiledKind(jsonKind, LARGE),
    make: (size) => `[${'"a"     ,'.repeat(size / 9)}0]`,
  },
  { name: 'a long number', kind: compiledKind(jsonKind, LARGE), make: (size) => '1'.repeat(size) },
  { name: 'zeros', kind: compiledKind(jsonKind, LARGE), make: (size) => `0.${'0'.repeat(size)}1` },
  { name: 'escaped quotes', kind: compiledKind(jsonKind, LARGE), make: (size) => '\\"'.repeat(size / 2) },
  { name: 'exponents', kind: compiledKind(jsonKind, LARGE), make: (size) => `[${'1e9,'.repeat(size / 4)}1]` },
];

if (import.meta.main) {
  showGrowth(growthInputs, [[compiledKind(jsonKind, {}), '{"a":[1,2,{"b":null}]}']]);
}
