/** What judging shell commands costs: `node --conditions=@callgate/source packages/arguments/bench/shell.ts`. */
import type { JsonValue } from '@callgate/canonical';

import { shellKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const kind = compiledKind(shellKind, {
  form: 'either',
  programs: {
    ls: 'any',
    cat: { flags: ['-n <number>', '-l'], operands: ['<path>', '</[a-z]+(x|y)*/>'], paths: ['docs'] },
  },
  operators: ['pipe', 'sequence', 'redirect-out'],
  redirects: ['out'],
  maxLength: 65_536,
  maxCommands: 256,
});

function repeated(head: string, part: string): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length) / part.length));
}

/** Inputs made to be slow, by name. */
const FAMILIES: Readonly<Record<string, (size: number) => JsonValue>> = {
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

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = Object.entries(FAMILIES).map(([name, make]) => ({
  name,
  kind,
  make,
}));

if (import.meta.main) showGrowth(growthInputs, [[kind, 'cat -n 5 docs/guide/a.md docs/b']]);
