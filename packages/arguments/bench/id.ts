import type { JsonValue } from '@callgate/canonical';

import { idKind } from '../src/index.ts';
import { growthOf } from '../test/support/growth.ts';
import { compileKind } from '../test/support/kind-contract.ts';

/** Prints how the time to judge crafted values grows. Run: node --conditions=@callgate/source packages/arguments/bench/id.ts */

/** A specification, and crafted values of a given size, in UTF-16 code units. */
export const growthInputs: Readonly<
  Record<string, readonly [Readonly<Record<string, JsonValue>>, (size: number) => JsonValue]>
> = {
  token: [{ maxLength: 1024 }, (size) => 'a'.repeat(size)],
  slug: [{ format: 'slug', maxLength: 1024 }, (size) => 'a-'.repeat(size / 2)],
  integer: [{ format: 'integer', maximum: 5, maxLength: 1024 }, (size) => '9'.repeat(size)],
  wide: [{}, (size) => '\uff11'.repeat(size)],
};

for (const [name, [specification, make]] of Object.entries(growthInputs)) {
  const { exponent, msPer100Kb } = growthOf(compileKind(idKind, specification), make);
  console.log(`${name}: exponent ${exponent.toFixed(2)}, ${msPer100Kb.toFixed(3)} ms per 100 KB`);
}
