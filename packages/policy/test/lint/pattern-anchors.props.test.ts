import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compilePattern } from '../../src/envelope/pattern.ts';
import { endAnchoring, nodesOf, startAnchoring } from '../../src/lint/pattern-anchors.ts';
import { parsePattern } from '../../src/lint/pattern-syntax.ts';
import { casesOr } from '../support/cases.ts';

const { pattern: anyPattern } = fc.letrec<{ pattern: string; sequence: string; atom: string }>((tie) => ({
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
  sequence: fc.array(tie('atom'), { maxLength: 4 }).map((parts) => parts.join('')),
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '^', '$', '\\A', '\\z', '\\b', '[ab]', '[^a]', '\\.', '\\^', '\\$', '\\|', '[|^$]'),
    fc.constantFrom(
      'a*',
      'b+',
      'a?',
      '.*',
      '[ab]{0,2}',
      '\\d',
      '\\pL',
      '\\x61',
      '\\x{62}',
      '(?i)',
      '(?m)',
      '(?-m)',
      '\\Q^a|$\\E',
    ),
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?P<n>', '(?m:', '(?-m:', '(?i:'),
        tie('pattern'),
        fc.constantFrom('', '*', '?', '+', '??', '{1,2}'),
      )
      .map(([open, inner, repeat]) => `${open}${inner})${repeat}`),
  ),
}));

const text = fc.string({ unit: fc.constantFrom('a', 'b', '^', '$', '|', '\n', '.', '1'), maxLength: 8 });

function compiles(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch {
    return false;
  }
}

describe('anchors', () => {
  const framed = fc
    .tuple(fc.constantFrom('', '(?m)', '(?m:', '(?-m:', '('), anyPattern)
    .map(([open, inner]) => `${open}^(?:${inner})$${/\($|:$/u.test(open) ? ')' : ''}`);
  const pattern = fc.oneof(anyPattern, framed).filter(compiles);

  it('of a pattern that is called anchored hold: nothing may stand around what it matches', () => {
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const alternatives = parsePattern(source);
        const search = compilePattern(source);
        const isHeldAtStart = startAnchoring(alternatives) === 'all';
        const isHeldAtEnd = endAnchoring(alternatives) === 'all';
        const whole = compilePattern(`${isHeldAtStart ? '\\A' : ''}(?:${source})${isHeldAtEnd ? '\\z' : ''}`);
        for (const one of texts) expect(whole(one)).toBe(search(one));
      }),
      { numRuns: casesOr(3000) },
    );
  });

  it('of a quoted text between the ends of the text are always seen', () => {
    fc.assert(
      fc.property(fc.string(), (inner) => {
        const alternatives = parsePattern(`^${inner.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&')}$`);
        expect([startAnchoring(alternatives), endAnchoring(alternatives)]).toEqual(['all', 'all']);
      }),
      { numRuns: casesOr(100) },
    );
  });
});

describe('reading a pattern', () => {
  it('ends, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (source) => {
        expect([...nodesOf(parsePattern(source))].length).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: casesOr(100) },
    );
    expect(parsePattern('('.repeat(1000)).length).toBe(1);
  });
});
