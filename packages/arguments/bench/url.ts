/** What judging URLs costs: `node --conditions=@callgate/source packages/arguments/bench/url.ts`. */
import { urlKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const url = compiledKind(urlKind, { maxLength: 16_384 });
const strict = compiledKind(urlKind, {
  maxLength: 16_384,
  hosts: ['.example.com'],
  paths: ['/a/'],
  query: ['a', 'b'],
});

const filled =
  (start: string, part: string, end = '') =>
  (size: number): string =>
    (start + part.repeat(Math.ceil(size / part.length))).slice(0, size - end.length) + end;

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'long path', kind: url, make: filled('https://example.com/', 'a/') },
  { name: 'long path under a prefix', kind: strict, make: filled('https://a.example.com/a/', 'a/') },
  { name: 'almost dot segments', kind: url, make: filled('https://example.com', '/%2e%2ea/.../..a') },
  { name: 'many names in the query', kind: strict, make: filled('https://a.example.com/a/?', 'a=1&b=2&') },
  {
    name: 'many other names in the query',
    kind: strict,
    make: (size) =>
      'https://a.example.com/a/?' + Array.from({ length: Math.ceil(size / 8) }, (_, index) => `&${index}=`).join(''),
  },
  { name: 'long host', kind: url, make: filled('https://', 'a.') },
  { name: 'numbers in the host', kind: url, make: filled('https://', '1.') },
  { name: 'many @', kind: url, make: filled('https://', '@') },
  { name: 'many slashes', kind: url, make: filled('https:', '/') },
  { name: 'many brackets', kind: url, make: filled('https://[', '[') },
  { name: 'many colons', kind: url, make: filled('https://a', ':') },
  { name: 'many percent signs', kind: url, make: filled('https://example.com/', '%25') },
  { name: 'other letters', kind: url, make: filled('https://example.com/', 'é') },
  { name: 'marks in falling order', kind: url, make: filled('https://example.com/a', '\u0301\u0327\u0334') },
  {
    name: 'marks, all of one class after another',
    kind: url,
    make: (size) => `https://example.com/a${'\u0301'.repeat(size / 2)}${'\u0327'.repeat(size / 2)}`,
  },
  { name: 'no scheme', kind: url, make: filled('', 'a') },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [url, 'https://example.com/docs/guide/page?id=42#part'],
    [strict, 'https://api.example.com/a/page?a=42'],
    [url, 'http://0x7f.1/'],
  ]);
}
