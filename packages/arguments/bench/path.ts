import type { JsonValue } from '@callgate/canonical';

import { pathKind } from '../src/index.ts';
import { growthOf } from '../test/support/growth.ts';
import { compileKind } from '../test/support/kind-contract.ts';

/** Prints how the time to judge crafted paths grows. Run: node --conditions=@callgate/source packages/arguments/bench/path.ts */

const deny = Array.from({ length: 100 }, (_, index) => `**/a*a?a*${index}/**/b/*`);
const kind = compileKind(pathKind, { maxLength: 8192, roots: ['.'], deny });

/** Crafted values of a given size, in UTF-16 code units. */
export const growthInputs: Readonly<Record<string, (size: number) => JsonValue>> = {
  names: (size) => 'a/'.repeat(size / 2),
  dots: (size) => '....//'.repeat(size / 6),
  escapes: (size) => '%20'.repeat(size / 3),
  percent: (size) => '%a'.repeat(size / 2),
  references: (size) => '&#0'.repeat(size / 3),
  dollars: (size) => '/$A'.repeat(size / 3),
  wide: (size) => '\u012e\uff0e'.repeat(size / 2),
  long: (size) => 'a'.repeat(size),
};

for (const [name, make] of Object.entries(growthInputs)) {
  const { exponent, msPer100Kb } = growthOf(kind, make);
  console.log(`${name}: exponent ${exponent.toFixed(2)}, ${msPer100Kb.toFixed(3)} ms per 100 KB`);
}
for (const make of [
  (size: number) => 'a/'.repeat(size / 2),
  (size: number) => `${'a'.repeat(254)}/`.repeat(size / 255),
]) {
  for (const size of [2_000, 4_000, 8_000]) {
    const value = make(size);
    kind.check(value);
    const startedMs = performance.now();
    kind.check(value);
    console.log(`within the bound, ${size}: ${(performance.now() - startedMs).toFixed(2)} ms`);
  }
}
