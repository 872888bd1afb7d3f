import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';

import { compilePattern, isSurelySound } from '../src/envelope/pattern.ts';
import { casesOr } from './support/cases.ts';

const PARTS =
  'a Z 0 - _ . \\ \\d \\w \\. \\- \\b [ ] [^ [a-z [A-Z0-9 [z-a ] [0-9-] [\\d.] ^ $ | ( ) (?: * + ? { } {2} {2,4} {4,2} {3,} {999} {1001} {,3} é 😀';
const part = fc.constantFrom(' ', '\n', ...PARTS.split(' '));
const pattern = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(''));

describe('a pattern that is surely sound', () => {
  it('compiles', () => {
    let sound = 0;
    fc.assert(
      fc.property(pattern, (text) => {
        if (!isSurelySound(text)) return;
        sound += 1;
        expect(() => RE2JS.compile(text)).not.toThrow();
      }),
      { numRuns: casesOr(2000) },
    );
    expect(sound).toBeGreaterThan(0);
  });

  it('is what most are', () => {
    for (const text of ['^T-[0-9]{4,8}$', '^[a-z0-9-]+$', '^\\d{4}-\\d{2}$', 'urgent', '^/docs/.*\\.md$', '']) {
      expect(isSurelySound(text)).toBe(true);
      expect(compilePattern(text)('T-12345')).toBe(RE2JS.compile(text).test('T-12345'));
    }
  });

  it.each(['(', 'a{4,2}', '[z-a]', 'a**', '\\1', '(?=a)', '[a-', 'a{1001}', '*', '^*'])('is not %j', (text) => {
    expect(isSurelySound(text)).toBe(false);
  });

  it.each(['(', 'a{4,2}', '[z-a]', '\\1', '(?=a)'])('what does not compile says so at once: %j', (text) => {
    expect(() => compilePattern(text)).toThrow(/./u);
  });
});
