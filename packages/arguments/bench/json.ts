import type { JsonValue } from '@callgate/canonical';

import { jsonKind } from '../src/index.ts';
import { growthOf } from '../test/support/growth.ts';
import { compileKind } from '../test/support/kind-contract.ts';

/** Prints how the time to judge crafted values grows. Run: node --conditions=@callgate/source packages/arguments/bench/json.ts */

const LARGE = { maxLength: 1_048_576, maxItems: 500_000, maxKeys: 100_000, maxDepth: 100 };

/** A specification, and crafted values of a given size, in UTF-16 code units. */
export const growthInputs: Readonly<
  Record<string, readonly [Readonly<Record<string, JsonValue>>, (size: number) => JsonValue]>
> = {
  brackets: [LARGE, (size) => '['.repeat(size)],
  flat: [LARGE, (size) => `[${'0,'.repeat((size - 3) / 2)}0]`],
  names: [
    LARGE,
    (size) =>
      `{${Array.from({ length: Math.floor(size / 12) }, (_, at) => `"${String(at).padStart(7, '0')}":0`).join(',')}}`,
  ],
  escaped: [LARGE, (size) => `["${'\\u0061'.repeat(size / 6)}"]`],
  strings: [LARGE, (size) => `[${'"a",'.repeat(size / 4)}""]`],
  spaces: [LARGE, (size) => `["a"${' '.repeat(size)}]`],
  gaps: [LARGE, (size) => `[${'"a"     ,'.repeat(size / 9)}0]`],
  digits: [LARGE, (size) => '1'.repeat(size)],
  zeros: [LARGE, (size) => `0.${'0'.repeat(size)}1`],
  quotes: [LARGE, (size) => '\\"'.repeat(size / 2)],
  exponents: [LARGE, (size) => `[${'1e9,'.repeat(size / 4)}1]`],
};

for (const [name, [specification, make]] of Object.entries(growthInputs)) {
  const { exponent, msPer100Kb } = growthOf(compileKind(jsonKind, specification), make);
  console.log(`${name}: exponent ${exponent.toFixed(2)}, ${msPer100Kb.toFixed(3)} ms per 100 KB`);
}
