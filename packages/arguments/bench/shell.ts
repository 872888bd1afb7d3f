import type { JsonValue } from '@callgate/canonical';

import { shellKind } from '../src/index.ts';
import { compileKind } from '../test/support/kind-contract.ts';
import { growthOf } from '../test/support/growth.ts';

const kind = compileKind(shellKind, {
  form: 'either',
  programs: {
    ls: 'any',
    cat: { flags: ['-n <number>', '-l'], operands: ['<path>', '</[a-z]+(x|y)*/>'], paths: ['docs'] },
  },
  operators: ['pipe', 'sequence', 'redirect-out'],
  redirects: ['out'],
  maxLength: 1_048_576,
  maxCommands: 256,
});

function repeated(head: string, part: string): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length) / part.length));
}

/** Inputs made to be slow, by name. */
export const growthInputs: Readonly<Record<string, (size: number) => JsonValue>> = {
  words: repeated('ls', ' a'),
  'one word': repeated('ls ', 'a'),
  'single quotes': repeated('ls ', "'a'"),
  'double quotes': repeated('ls ', '"a\\""'),
  backslashes: repeated('ls ', '\\;'),
  braces: repeated('ls ', '{a}'),
  'open braces': repeated('ls ', '{a'),
  equals: repeated('ls ', 'a='),
  tildes: repeated('ls a', '~'),
  redirections: repeated('ls', ' >out/a'),
  pipes: repeated('ls', '|ls'),
  parentheses: repeated('ls ', '('),
  'many flags': repeated('cat', ' -l'),
  'long cluster': repeated('cat -', 'l'),
  'flags not listed': repeated('cat', ' -x'),
  'path that climbs': repeated('cat docs/', '../a/'),
  'pattern that fails late': repeated('cat ', 'ax'),
  'array of words': (size) => ['ls', ...Array.from({ length: Math.floor(size / 2) }, () => '-')],
  'blank line': repeated('ls', ' '),
};

if (import.meta.main) {
  for (const [name, make] of Object.entries(growthInputs)) {
    const { exponent, msPer100Kb } = growthOf(kind, make);
    console.log(`${name.padEnd(28)} exponent ${exponent.toFixed(2)}  ${msPer100Kb.toFixed(2)} ms per 100 KB`);
  }
  const line = 'cat -n 5 docs/guide/a.md docs/b';
  const startedMs = performance.now();
  for (let round = 0; round < 20_000; round += 1) kind.check(line);
  console.log(`ordinary line: ${((performance.now() - startedMs) / 20).toFixed(1)} µs`);
}
