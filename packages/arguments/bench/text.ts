/** What judging text costs: `node --conditions=@callgate/source packages/arguments/bench/text.ts`. */
import { textKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const text = compiledKind(textKind, { maxLength: 1_000_000 });
const strict = compiledKind(textKind, {
  maxLength: 1_000_000,
  scripts: ['Latin', 'Arabic', 'Cyrillic'],
  normalization: 'nfc',
  marks: 16,
  urls: 'deny',
  html: 'deny',
});

const repeated =
  (part: string) =>
  (size: number): string =>
    part.repeat(Math.floor(size / part.length));

const PARTS: Readonly<Record<string, string>> = {
  'plain text': 'a line of ordinary text, ',
  'accented text': 'élève ',
  'Latin and one Cyrillic letter a word': 'a\u0431 ',
  'one long mixed word': 'a\u0430\u0431',
  'Persian with non-joiners': '\u0645\u06cc\u200c\u062e',
  'joined emoji': '\u{1f468}\u200d',
  'direction marks': '\u05d0\u200f',
  'direction marks beside nothing': 'a\u200f',
  tags: '\u{e0041}',
  'flags of tags': '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'lone surrogates': '\ud800',
  marks: '\u0327\u0301',
  'marks, many to a letter': `a${'\u0327\u0301'.repeat(8)}`,
  'percent signs': '%25',
  'percent-encoded UTF-8': '%e2%80',
  references: '&#0000000000000000000000000000000000',
  'numbered references': '&#65;',
  backslashes: '\\u00',
  'encoded words': '=?a-b?',
  'letters and dots': 'a.',
  'letters and colons': 'abc:',
  slashes: '/a-',
  'angle brackets': '< ',
  ampersands: '&abc',
  'line breaks': '\n',
  'carriage returns': '\r',
};

/** Crafted values, by what they repeat. */
export const growthInputs: readonly GrowthInput[] = Object.entries(PARTS).flatMap(([name, part]) => [
  { name, kind: text, make: repeated(part) },
  { name: `${name} (strict)`, kind: strict, make: repeated(part) },
]);

if (import.meta.main) {
  showGrowth(growthInputs, [
    [text, 'Please restock shelf 4, then call back.'],
    [strict, 'Please restock shelf 4, then call back.'],
    [text, 'Größe: 12 \u2014 \u{1f389}'],
  ]);
}
