import type { JsonValue } from '@callgate/canonical';

import { timeKind } from '../src/index.ts';
import { growthOf } from '../test/support/growth.ts';
import { compileKind } from '../test/support/kind-contract.ts';

/** Prints how the time to judge crafted values grows. Run: node --conditions=@callgate/source packages/arguments/bench/time.ts */

/** A specification, and crafted values of a given size, in UTF-16 code units. */
export const growthInputs: Readonly<
  Record<string, readonly [Readonly<Record<string, JsonValue>>, (size: number) => JsonValue]>
> = {
  digits: [{}, (size) => '1'.repeat(size)],
  separators: [{}, (size) => 'T:'.repeat(size / 2)],
  interval: [{ interval: 'text' }, (size) => '/'.repeat(size)],
  members: [{ interval: 'object' }, (size) => ({ from: 'T'.repeat(size), to: '0'.repeat(size) })],
};

for (const [name, [specification, make]] of Object.entries(growthInputs)) {
  const { exponent, msPer100Kb } = growthOf(compileKind(timeKind, specification), make);
  console.log(`${name}: exponent ${exponent.toFixed(2)}, ${msPer100Kb.toFixed(3)} ms per 100 KB`);
}
