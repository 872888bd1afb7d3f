/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/glob.ts`. */
import type { JsonValue } from '@callgate/canonical';

import { globKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const glob = compiledKind(globKind, { maxLength: 65_536, maxWildcards: 64, prefixes: ['a'] });
const like = compiledKind(globKind, { syntax: 'sql-like', maxLength: 65_536 });

function repeated(head: string, part: string): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length) / part.length));
}

/** Inputs made to be slow, by name. Longer ones than the bound are refused before they are read. */
const FAMILIES: Readonly<Record<string, (size: number) => JsonValue>> = {
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

const SYNTAXES = [
  ['glob', glob],
  ['like', like],
] as const;

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = Object.entries(FAMILIES).flatMap(([name, make]) =>
  SYNTAXES.map(([syntax, kind]) => ({ name: `${syntax}, ${name}`, kind, make })),
);

if (import.meta.main) showGrowth(growthInputs, [[glob, 'a/**/*.ts']]);
