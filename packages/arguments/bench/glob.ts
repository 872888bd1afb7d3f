import type { JsonValue } from '@callgate/canonical';

import { globKind } from '../src/index.ts';
import { compileKind } from '../test/support/kind-contract.ts';
import { growthOf } from '../test/support/growth.ts';

const glob = compileKind(globKind, { maxLength: 65_536, maxWildcards: 64, prefixes: ['a'] });
const like = compileKind(globKind, { syntax: 'sql-like', maxLength: 65_536 });

function repeated(head: string, part: string): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length) / part.length));
}

/** Inputs made to be slow, by name. Longer ones than the bound are refused before they are read. */
export const growthInputs: Readonly<Record<string, (size: number) => JsonValue>> = {
  letters: repeated('', 'a'),
  stars: repeated('', '*'),
  'star and letter': repeated('a', '*a'),
  'open classes': repeated('a', '['),
  'open classes with text': repeated('a', '[b'),
  'open braces': repeated('a', '{'),
  'open braces with text': repeated('a', '{b,'),
  'braces in sequence': repeated('a', '{b,c}'),
  backslashes: repeated('a', '\\\\'),
  dots: repeated('a', '/..'),
  percents: repeated('a', '%b'),
};

if (import.meta.main) {
  for (const [name, make] of Object.entries(growthInputs)) {
    const atBound = [glob, like].map((kind) => {
      const value = make(65_000);
      kind.check(value);
      const startedMs = performance.now();
      kind.check(value);
      return (performance.now() - startedMs).toFixed(2);
    });
    const { exponent } = growthOf(glob, make);
    console.log(
      `${name.padEnd(24)} exponent ${exponent.toFixed(2)}  ${atBound.join(' / ')} ms for 65,000 characters, glob / like`,
    );
  }
}
