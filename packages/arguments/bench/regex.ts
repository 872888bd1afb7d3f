/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/regex.ts`. */
import type { JsonValue } from '@callgate/canonical';

import { regexKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const MAX_LENGTH = 1024;
const re2 = compiledKind(regexKind, { maxLength: MAX_LENGTH, maxSize: 4000 });
const ecmascript = compiledKind(regexKind, { syntax: 'ecmascript', maxLength: MAX_LENGTH, maxSize: 4000 });

function repeated(head: string, part: string, tail = ''): (size: number) => string {
  return (size) => head + part.repeat(Math.floor((size - head.length - tail.length) / part.length)) + tail;
}

/** Inputs made to be slow, by name. Longer ones than the bound are refused before they are read. */
const FAMILIES: Readonly<Record<string, (size: number) => JsonValue>> = {
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

const SYNTAXES = [
  ['re2', re2],
  ['ecmascript', ecmascript],
] as const;

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = Object.entries(FAMILIES).flatMap(([name, make]) =>
  SYNTAXES.map(([syntax, kind]) => ({ name: `${syntax}, ${name}`, kind, make })),
);

if (import.meta.main) showGrowth(growthInputs, [[re2, '^[a-z]+$']]);
