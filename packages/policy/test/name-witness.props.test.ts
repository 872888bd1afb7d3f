import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileNameGlob } from '../src/match/glob.ts';
import { nameOfBoth } from '../src/match/name-witness.ts';
import { casesOr } from './support/cases.ts';

const pattern = fc
  .string({ unit: fc.constantFrom('a', 'b', '_', '*'), maxLength: 8 })
  .filter((text) => !text.includes('**'));
const name = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 10 });

describe('a name of two patterns', () => {
  it('is one that both match', () => {
    fc.assert(
      fc.property(pattern, pattern, (left, right) => {
        const witness = nameOfBoth(left, right);
        if (witness === undefined) return;
        expect(witness).not.toContain('*');
        expect([compileNameGlob(left)(witness), compileNameGlob(right)(witness)]).toEqual([true, true]);
      }),
      { numRuns: casesOr(5000) },
    );
  });

  it('is found wherever there is one', () => {
    const cuts = fc.array(fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 10 })), { maxLength: 3 });
    fc.assert(
      fc.property(name, cuts, cuts, (text, left, right) => {
        expect(nameOfBoth(widened(text, left), widened(text, right))).toBeDefined();
      }),
      { numRuns: casesOr(5000) },
    );
  });
});

/** A pattern that matches `text`: some runs of it are replaced by wildcards. */
function widened(text: string, cuts: readonly (readonly [number, number])[]): string {
  const wide = cuts.reduce((wider, [from, to]) => {
    const [start, end] = [Math.min(from, to, wider.length), Math.min(Math.max(from, to), wider.length)];
    return `${wider.slice(0, start)}*${wider.slice(end)}`;
  }, text);
  return wide.replaceAll(/\*+/gu, '*');
}
