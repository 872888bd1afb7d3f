import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { STANDARD_DETECTORS, createInspector } from '../src/index.ts';
import { PRIVATE, VISIBLE, classOf } from '../src/invisible/character-class.ts';

const CASES = Number(process.env['CALLGATE_CASES'] ?? 300);

const inspector = createInspector({ detectors: STANDARD_DETECTORS.filter(({ kind }) => kind === 'invisible') });
const inspect = (text: string): ReturnType<typeof inspector.inspect> => inspector.inspect(text, { surface: 'result' });

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Code units of every sort that this package treats apart, so that they meet. */
const unit = fc.oneof(
  fc.constantFrom('a', 'b', '1', '#', ' ', '\t', '\n', '<', '>', '!', '[', ']', '(', ')', '-', '=', '"'),
  fc.constantFrom('م', 'ی', 'क', '्', 'א', 'ก', '👩', '🏴', '❤', 'а', '葛', '⣿', '\u00e4'),
  fc.constantFrom(
    '\u200b',
    '\u200c',
    '\u200d',
    '\u200e',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\ufe0f',
    '\u{e0100}',
    '\u{e0061}',
    '\u{e007f}',
  ),
  fc.constantFrom(
    '\u202a',
    '\u202e',
    '\u202c',
    '\u2066',
    '\u2069',
    '\u2800',
    '\u3164',
    '\ue000',
    '\ud800',
    '\udc00',
    '\u2003',
  ),
  fc.constantFrom(
    '\u0000',
    '\u001b',
    '\u001b[31m',
    '\u001b]8;;',
    '\u0007',
    '\u009b',
    '\u009c',
    '\u007f',
    '<!--',
    '-->',
    '<p hidden>',
    '</p>',
  ),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
);

const hostile = fc.array(unit, { maxLength: 40 }).map((units) => units.join(''));

/** Everything that a script may want and that stands alone here: none of it belongs to ASCII. */
const ofNoUse = fc
  .integer({ min: 0x80, max: 0x10ffff })
  .filter((point) => classOf(point) !== VISIBLE)
  .map((point) => String.fromCodePoint(point));

describe('removal', () => {
  test('is done once: what is left is left as it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = inspect(text);
        fc.pre(once.value !== undefined);
        const again = inspect(textOf(once.value));
        expect(again.value).toBe(once.value);
        expect(again.redactions).toBe(0);
      }),
      { numRuns: CASES },
    );
  });

  test('leaves nothing that shows nothing between letters of ASCII, but a single private character', () => {
    fc.assert(
      fc.property(fc.array(ofNoUse, { minLength: 1, maxLength: 3 }), (points) => {
        const { value } = inspect(`ab${points.join('')}cd`);
        const left = Array.from(textOf(value)).filter(
          (character) => classOf(character.codePointAt(0) ?? 0) !== VISIBLE,
        );
        // U+00AD between syllables hyphenates.
        const isLeft = (character: string): boolean =>
          character === '\u00ad' || classOf(character.codePointAt(0) ?? 0) === PRIVATE;
        expect(left.filter((character) => !isLeft(character))).toStrictEqual([]);
      }),
      { numRuns: CASES },
    );
  });

  test('touches no text without such characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), (text) => {
        fc.pre(Array.from(text).every((character) => classOf(character.codePointAt(0) ?? 0) === VISIBLE));
        expect(inspect(text).value).toBe(text);
      }),
      { numRuns: CASES },
    );
  });
});

test('nothing makes it throw: no code unit, whole or half', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(inspect(text).determining).not.toContain('detector.failed');
    }),
    { numRuns: CASES },
  );
});

describe('work is in proportion to the text, whatever is crafted', () => {
  const ordinary = 'An ordinary sentence of a report, with numbers like 12 and a name or two. ';
  test.each([
    ['ZWJ', '\u200d'],
    ['ZWJ and ZWNJ', '\u200d\u200c'],
    ['three sorts', '\u200b\u200c\u200d'],
    ['ZWJ between letters', 'a\u200d'],
    ['tags', '\u{e0061}'],
    ['black flags', '\u{1f3f4}\u{e0067}'],
    ['selectors', '\u{e0101}'],
    ['overrides', '\u202e'],
    ['isolates in Hebrew', 'א\u2067'],
    ['comments that open', '<!--'],
    ['comments', '<!---->'],
    ['hidden elements that open', '<p hidden>'],
    ['hidden elements', '<p hidden>ab</p>'],
    ['tags that do not close', '<a b="'],
    ['brackets', '['],
    ['picture brackets', '!['],
    ['titles', '](a "'],
    ['definitions', '\n[//]: #'],
    ['escapes', '\u001b'],
    ['strings that open', '\u001b]8;;a'],
    ['blanks', ' \t'],
    ['blank codes', '\t \t\t \t\ta'],
    ['Braille blanks', '\u2800 '],
    ['spaces', '\u2003 '],
    ['letters that look alike', 'aа'],
    ['lone surrogates', '\ud800'],
    ['private characters', '\ue000'],
    ['soft hyphens', 'ab\u00ad'],
  ])('%s', (_, part) => {
    const size = 8000;
    const make = (text: string, length: number): string =>
      text.repeat(Math.ceil(length / text.length)).slice(0, length);
    const small = inspect(make(part, size)).fuel;
    const large = inspect(make(part, size * 4)).fuel;
    expect(large).toBeLessThanOrEqual(small * 4.2 + 1000);
    expect(inspect(make(ordinary, size)).fuel).toBeLessThanOrEqual(size * 1.2);
  });
});
