import type { JsonValue } from '@callgate/canonical';

import { regexKind } from '../src/index.ts';
import { compileKind } from '../test/support/kind-contract.ts';
import { growthOf } from '../test/support/growth.ts';

const MAX_LENGTH = 1024;
const re2 = compileKind(regexKind, { maxLength: MAX_LENGTH, maxSize: 4000 });
const ecmascript = compileKind(regexKind, { syntax: 'ecmascript', maxLength: MAX_LENGTH, maxSize: 4000 });

function repeated(head: string, part: string, tail = ''): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length - tail.length) / part.length)) + tail;
}

/** Inputs made to be slow, by name. Longer ones than the bound are refused before they are read. */
export const growthInputs: Readonly<Record<string, (size: number) => JsonValue>> = {
  letters: repeated('', 'a'),
  'open groups': repeated('', '('),
  'closed groups': (size) => '('.repeat(size / 2) + ')'.repeat(size / 2),
  options: repeated('^', 'a?'),
  'optional groups': repeated('^', '(?:a?b?)?'),
  alternatives: repeated('^(?:a', '|a', ')*$'),
  loops: repeated('^', 'a*'),
  'loops apart': repeated('^', 'a*b'),
  classes: repeated('', '[a-z]'),
  'open classes': repeated('', '['),
  'folded classes': repeated('(?i)', '\\pL'),
  'counted groups': repeated('^', '(?:a|b){9}'),
  'large counts': repeated('^', '[a-z]{0,99}'),
  backslashes: repeated('', '\\'),
};

if (import.meta.main) {
  for (const [name, make] of Object.entries(growthInputs)) {
    const { exponent } = growthOf(re2, make);
    const atBound = [re2, ecmascript].map((kind) => {
      const value = make(MAX_LENGTH);
      kind.check(value);
      const startedMs = performance.now();
      for (let round = 0; round < 5; round += 1) kind.check(value);
      return ((performance.now() - startedMs) / 5).toFixed(2);
    });
    console.log(
      `${name.padEnd(20)} exponent ${exponent.toFixed(2)}  ${atBound.join(' / ')} ms for ${MAX_LENGTH} characters, re2 / ecmascript`,
    );
  }
}
