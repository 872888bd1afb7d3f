import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileNameGlob, compileUriGlob } from '../src/match/glob.ts';
import { casesOr } from './support/cases.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '**'), maxLength: 6 });

function escaped(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
}

describe('globs', () => {
  it('of names agree with a regular expression', () => {
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const oracle = new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`, 'su');
        expect(compileNameGlob(glob)(name)).toBe(oracle.test(name));
      }),
      { numRuns: casesOr(3000) },
    );
  });

  it('of URIs agree with a regular expression', () => {
    fc.assert(
      fc.property(pattern, text, (glob, uri) => {
        const source = glob.replaceAll(/\*{2,}|\*|[^*]+/gu, (part) =>
          part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : escaped(part),
        );
        expect(compileUriGlob(glob)(uri)).toBe(new RegExp(`^${source}$`, 'su').test(uri));
      }),
      { numRuns: casesOr(3000) },
    );
  });

  it.each([
    ['names', compileNameGlob, '*a*a*a*a*a*a*a*b'],
    ['URIs', compileUriGlob, '**a*a**a*a**a*a*b'],
  ] as const)('of %s take time linear in the text', (_, compile, glob) => {
    const matches = compile(glob);
    // Quadratic, this takes hours and the test its time limit: nothing is timed, so that a busy machine fails nothing.
    expect(matches('a'.repeat(1_000_000))).toBe(false);
  });
});
