import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { textKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const tags = (text: string): string =>
  text.replaceAll(/[ -~]/gu, (letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!));

/** Text as people write it, with what looks hidden but is needed. */
const GENUINE: readonly (readonly [string, string])[] = [
  ['plain', 'Please restock shelf 4, then call back.'],
  ['lines and tabs', 'first\n\tsecond\r\nthird'],
  ['accents', 'Größe, élève, naïve, Ångström, Đặng'],
  ['decomposed accents', 'e\u0301le\u0300ve'],
  ['Vietnamese, decomposed', 'Tie\u0302\u0301ng Vie\u0323\u0302t'],
  ['no-break space', '12\u00a0km, 1\u202f000'],
  [
    'Persian with non-joiners',
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u06a9\u062a\u0627\u0628\u200c\u0647\u0627',
  ],
  ['Persian with a joiner at the end', '\u0647\u200d'],
  ['Arabic with vowels', '\u0627\u0644\u0633\u0651\u064e\u0644\u064e\u0627\u0645\u064f'],
  ['Hindi with a joiner', '\u0915\u094d\u200d\u0937'],
  ['Hindi with a non-joiner', '\u0915\u094d\u200c\u0937'],
  ['Malayalam chillu', '\u0d05\u0d35\u0d28\u0d4d\u200d'],
  ['Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
  ['Thai with a word break', '\u0e20\u0e32\u0e29\u0e32\u200b\u0e44\u0e17\u0e22'],
  ['Khmer with a word break', '\u1797\u17b6\u179f\u17b6\u200b\u1781\u17d2\u1798\u17c2\u179a'],
  ['Tibetan stack', '\u0f66\u0f92\u0fb2\u0f74\u0f56'],
  ['Hebrew with points and a mark', '\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd (a)\u200f'],
  ['Arabic with a mark after Latin', '\u0627\u0633\u062a\u062e\u062f\u0645 C++\u200f \u0647\u0646\u0627'],
  ['Mongolian', '\u182e\u1823\u1829\u182d\u1823\u182f\u180b \u182a\u1820\u180e\u1820'],
  ['Japanese', '\u6771\u4eac\u30bf\u30ef\u30fc\u3000\u306f\u304c\u304e'],
  ['a name with an ideographic variant', '\u845b\u{e0100}\u57ce\u5e02'],
  ['Korean', '\ud55c\uad6d\uc5b4'],
  ['emoji', 'done \u{1f389}\u2714\ufe0f \u2764\ufe0f \u00a9\ufe0e'],
  ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'],
  ['an astronaut with a skin tone', '\u{1f469}\u{1f3fd}\u200d\u{1f680}'],
  ['a rainbow flag', '\u{1f3f3}\ufe0f\u200d\u{1f308}'],
  ['a flag of letters', '\u{1f1ea}\u{1f1f8}'],
  ['a flag of tags', `\u{1f3f4}${tags('gbsct')}\u{e007f}`],
  ['a keycap', '1\ufe0f\u20e3 #\ufe0f\u20e3'],
  ['Braille', '\u2807\u2800\u2807'],
  ['formulas', 'E = mc\u00b2, \u0394t \u2264 5 \u03bcs, \u03bbx.x, \u03c0r\u00b2, k\u03a9'],
  ['Russian with Latin', 'USB-\u043f\u043e\u0440\u0442, SMS\u043a\u0430, \u043f\u0430\u043a\u0435\u0442 npm'],
  ['Greek and Latin words', '\u03b7 \u03b2\u03b9\u03b2\u03bb\u03b9\u03bf\u03b8\u03ae\u03ba\u03b7 React'],
  ['percent', '100% of 5%, %s %d %02d %5.2f, 100%off'],
  ['ampersands', 'AT&T, a &amp; b, &copy; &#169; &#x1F600;'],
  ['backslashes', String.raw`C:\Users\new\temp, \n \t \d+ \u00e9 \x41 \ud83d\ude00`],
  ['a query', 'https://example.com/?a=%20b%2Fc&d=%C3%A9'],
  ['a multi-line text with an escaped line break', String.raw`a%0Ab \x0a &#10;`],
  ['markup', '<b>bold</b> & [link](https://example.com) ?= =?'],
];

/** Text with something hidden in it, by the code that says so. */
const HIDDEN: readonly (readonly [string, string, string])[] = [
  ['NUL', 'a\0b', 'text.control'],
  ['escape sequence', '\u001b[31mred', 'text.control'],
  ['C1 control sequence', '\u009b31m', 'text.control'],
  ['backspaces', 'safe\b\b\b\bevil', 'text.control'],
  ['delete', 'a\u007f', 'text.control'],
  ['lone carriage return', 'safe\revil', 'text.control'],
  ['vertical tab', 'a\vb', 'text.control'],
  ['form feed', 'a\fb', 'text.control'],
  ['next line', 'a\u0085b', 'text.line_separator'],
  ['line separator', 'a\u2028b', 'text.line_separator'],
  ['paragraph separator', 'a\u2029b', 'text.line_separator'],
  ...[
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200e',
    '\u200f',
    '\u061c',
  ].map((mark) => [`bidi ${mark.codePointAt(0)!.toString(16)}`, `a${mark}b`, 'text.bidi'] as const),
  ['bidi override in Hebrew', '\u05d0\u202e\u05d1', 'text.bidi'],
  ['several marks in Hebrew', '\u05d0\u200f\u200f\u200f', 'text.bidi'],
  ...[
    '\u00ad',
    '\u034f',
    '\u115f',
    '\u1160',
    '\u17b4',
    '\u180e',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2060',
    '\u2061',
    '\u2063',
    '\u2064',
    '\u2065',
    '\u206a',
    '\u3164',
    '\ufeff',
    '\uffa0',
    '\ufff0',
    '\ufff9',
    '\u{1d173}',
    '\u{1bca0}',
    '\u{e0fff}',
    '\u2800',
    '\u180b',
  ].map((mark) => [`invisible ${mark.codePointAt(0)!.toString(16)}`, `pass${mark}word`, 'text.invisible'] as const),
  ['byte order mark', '\ufefftext', 'text.invisible'],
  ['two non-joiners in Persian', '\u0645\u200c\u200c\u0645', 'text.invisible'],
  ['joiner after an emoji at the end', '\u{1f600}\u200d', 'text.invisible'],
  ['joiner between an emoji and a word', '\u{1f600}\u200dtext', 'text.invisible'],
  ['word break in Latin', 'te\u200bxt', 'text.invisible'],
  ['bits in joiners', 'a\u200b\u200c\u200b\u200b\u200d', 'text.invisible'],
  ['tags', `text${tags('ignore this')}`, 'text.tag'],
  ['language tag', `text\u{e0001}`, 'text.tag'],
  ['tags behind a flag', `\u{1f3f4}${tags('gbsct')}\u{e007f}${tags('more')}`, 'text.tag'],
  ['a flag that is none', `\u{1f3f4}${tags('hidden')}\u{e007f}`, 'text.tag'],
  ['a flag without end', `\u{1f3f4}${tags('gbsct')}`, 'text.tag'],
  ['tags before a flag', `${tags('gbsct')}\u{1f3f4}`, 'text.tag'],
  ['bytes in variation selectors behind an emoji', '\u{1f600}\u{e0148}\u{e0155}\u{e015c}', 'text.variation'],
  ['bytes in variation selectors behind a letter', 'a\ufe00\ufe03\ufe0f', 'text.variation'],
  ['emoji selector behind a letter', 'a\ufe0f', 'text.variation'],
  ['emoji selector behind a digit', '1\ufe0f', 'text.variation'],
  ['two emoji selectors', '\u2764\ufe0f\ufe0f', 'text.variation'],
  ['ideographic selector behind a letter', 'a\u{e0100}', 'text.variation'],
  ['two ideographic selectors', '\u845b\u{e0100}\u{e0101}', 'text.variation'],
  ['many ideographic selectors', '\u845b\u{e0100}'.repeat(9), 'text.variation'],
  ['private use', 'a\ue000b', 'text.private_use'],
  ['private use of plane 16', '\u{10fffd}', 'text.private_use'],
  ['noncharacter', 'a\ufffe', 'text.noncharacter'],
  ['noncharacter of the Arabic block', '\ufdd0', 'text.noncharacter'],
  ['noncharacter of plane 1', '\u{1ffff}', 'text.noncharacter'],
  ['high surrogate', 'a\ud800b', 'text.surrogate'],
  ['low surrogate', 'a\udc00', 'text.surrogate'],
  ['NUL in percent', 'a%00b', 'text.encoded'],
  ['escape in percent', '%1b[31m', 'text.encoded'],
  ['override in percent', '%E2%80%AE', 'text.encoded'],
  ['override in percent, twice', '%25E2%2580%25AE', 'text.encoded'],
  ['zero width in percent', '%e2%80%8b', 'text.encoded'],
  ['byte order mark in percent', '%EF%BB%BF', 'text.encoded'],
  ['tag in percent', '%F3%A0%81%81', 'text.encoded'],
  ['NUL as a reference', 'a&#0;b', 'text.encoded'],
  ['escape as a reference without semicolon', '&#x1b[31m', 'text.encoded'],
  ['escape as a reference with zeros', '&#0000027;', 'text.encoded'],
  ['override as a reference', '&#8238;', 'text.encoded'],
  ['zero width by name', '&ZeroWidthSpace;', 'text.encoded'],
  ['mark by name', '&rlm;', 'text.encoded'],
  ['tag as a reference', '&#xE0041;', 'text.encoded'],
  ['escape in JSON', String.raw`\u001b[31m`, 'text.encoded'],
  ['override in JSON', String.raw`\u202e`, 'text.encoded'],
  ['tag in JSON', String.raw`\udb40\udc41`, 'text.encoded'],
  ['tag in JavaScript', String.raw`\u{e0041}`, 'text.encoded'],
  ['tag in Python', String.raw`\U000e0041`, 'text.encoded'],
  ['escape in hexadecimal', String.raw`\x1b[31m`, 'text.encoded'],
  ['C1 in hexadecimal', String.raw`\x9b`, 'text.encoded'],
  ['escape in octal', String.raw`\033[31m`, 'text.encoded'],
  ['escape in decimal', String.raw`\27[31m`, 'text.encoded'],
  ['escape by name', String.raw`\e[31m`, 'text.encoded'],
  ['encoded word', '=?utf-8?B?dGV4dA==?=', 'text.encoded_word'],
  ['encoded word, quoted', '=?ISO-8859-1?q?text?=', 'text.encoded_word'],
  ['Cyrillic in a Latin word', 'p\u0430yp\u0430l', 'text.mixed_script'],
  ['Greek in a Latin word', 'G\u03bfogle', 'text.mixed_script'],
  ['Armenian in a Latin word', 'g\u0585od', 'text.mixed_script'],
  ['Cherokee in a Latin word', '\u13aaBC', 'text.mixed_script'],
  ['marks upon marks', `a${'\u0301\u0327'.repeat(5)}`, 'text.marks'],
];

describe('genuine text passes', () => {
  test.each(GENUINE)('%s', (_, text) => {
    expect(compileKind(textKind).check(text)).toStrictEqual([]);
  });
});

describe('hidden text is named', () => {
  test.each(HIDDEN)('%s', (_, text, code) => {
    expect(compileKind(textKind).check(text)).toMatchObject([{ code }]);
  });

  test.each(HIDDEN.filter(([, , code]) => code !== 'text.mixed_script'))('%s can be mended', (_, text) => {
    const compiled = compileKind(textKind);
    expect(compiled.repair(text).some((near) => passes(compiled, near))).toBe(true);
  });
});

kindContract(textKind, [
  {
    specification: {},
    pass: ['', 'text', ...GENUINE.map(([, text]) => text)],
    fail: [7, null, ['text'], ...HIDDEN.map(([, text]) => text), 'a'.repeat(10_001)],
  },
  {
    specification: { minLength: 2, maxLength: 5, lines: 1 },
    pass: ['ab', 'abcde', '\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}', 'a\tb'],
    fail: [
      '',
      'a',
      '\u{1f600}',
      'abcdef',
      '\u{1f600}'.repeat(6),
      'a\nb',
      'a\r\nb',
      'a%0ab',
      'a%0Db',
      '&#10;',
      '&#xA;',
      String.raw`\x0a`,
      '\u2028ab',
    ],
  },
  {
    specification: { lines: 1, maxLength: 200 },
    pass: ['subject', String.raw`C:\new`, '100%'],
    fail: [
      'subject\r\nBcc: name@example.com',
      'subject%0d%0aBcc: name@example.com',
      'subject%250aBcc',
      'subject&#13;&#10;Bcc',
      'subject&NewLine;Bcc',
      String.raw`subject\u000aBcc`,
      String.raw`subject\012Bcc`,
      'subject\u0085Bcc',
      '=?utf-8?Q?=0ABcc?=',
    ],
  },
  {
    specification: { scripts: ['Latin'], normalization: 'nfc', marks: 1, urls: 'deny', html: 'deny', lines: 3 },
    pass: ['caf\u00e9 1, 2 \u{1f600}', 'x\u0304', 'a\nb\nc', 'a < b && c > d', 'AT&T', 'a://', 'www', 'a / b // c'],
    fail: [
      '\u0442\u0435\u043a\u0441\u0442',
      '\u6587',
      'cafe\u0301',
      'x\u0304\u0323',
      'a\nb\nc\nd',
      'see https://example.com',
      'see HTTPS:\\\\example.com',
      'see www.example.com',
      'see //example.com',
      'mailto:name@example.com',
      '<b>',
      '</b>',
      '<!-- -->',
      '<?php',
      '&amp;',
      '&#65;',
    ],
  },
  {
    specification: { scripts: ['Latin', 'Cyrillic'], mixedScripts: 'allow', encoded: 'allow' },
    pass: ['p\u0430ypal', 'a%00b', '=?utf-8?q?a?=', String.raw`\u202e`],
    fail: ['\u03b1', 'a\0'],
  },
]);

test('two texts that differ in form and line ends only are one', () => {
  const compiled = compileKind(textKind);
  expect(compiled.canonical('cafe\u0301\r\nb')).toBe('caf\u00e9\nb');
});

test('a canonical form that would be out of bounds is not used', () => {
  const compiled = compileKind(textKind, { maxLength: 1 });
  expect(compiled.canonical('\u0958')).toBe('\u0958');
});

describe('what an author can get wrong', () => {
  test('bounds that contradict', () => {
    expect(() => compileKind(textKind, { minLength: 5, maxLength: 4 })).toThrow(/minLength/u);
  });

  test.each([
    [{ scripts: [] }],
    [{ scripts: ['latin'] }],
    [{ scripts: ['Klingon'] }],
    [{ scripts: ['Latin}\\p{L'] }],
    [{ lines: 0 }],
    [{ length: 5 }],
    [{ urls: true }],
  ])('%j', (specification) => {
    expect(textKind.specification.safeParse(specification).success).toBe(false);
  });
});

describe('containment', () => {
  test.each([
    [{ maxLength: 5 }, {}, 'yes'],
    [{}, { maxLength: 5 }, 'no'],
    [{ minLength: 1 }, {}, 'yes'],
    [{}, { minLength: 1 }, 'no'],
    [{ lines: 1 }, {}, 'yes'],
    [{}, { lines: 1 }, 'no'],
    [{ lines: 5 }, { lines: 4 }, 'no'],
    [{ scripts: ['Latin'] }, {}, 'yes'],
    [{}, { scripts: ['Latin'] }, 'no'],
    [{ scripts: ['Latin', 'Greek'] }, { scripts: ['Latin'] }, 'no'],
    [{ encoded: 'allow' }, {}, 'no'],
    [{ mixedScripts: 'allow' }, {}, 'no'],
    [{}, { normalization: 'nfc' }, 'no'],
    [{ marks: 9 }, {}, 'no'],
    [{}, { urls: 'deny' }, 'no'],
    [{}, { html: 'deny' }, 'no'],
    [{ urls: 'deny', html: 'deny', normalization: 'nfc', marks: 1 }, {}, 'yes'],
  ])('%j within %j: %s', (inner, outer, expected) => {
    expect(compileKind(textKind, inner).isWithin(compileKind(textKind, outer))).toBe(expected);
  });
});

test('a joiner is genuine after the letter of a script that joins, not after a mark that any script may use', () => {
  const any = compileKind(textKind, {});
  expect(passes(any, 'مثلاً\u200cای')).toBe(true);
  expect(passes(any, '\u1cd0\u200c')).toBe(false);
  expect(passes(any, 'a\u1cd0\u200c')).toBe(false);
});

test('what passes in one script shows every character that it holds', () => {
  const compiled = compileKind(textKind, { scripts: ['Latin'] });
  const piece = fc.oneof(
    fc.constantFrom(
      'a',
      '\u{1f600}',
      '\u200d',
      '\ufe0f',
      '1',
      '\u20e3',
      '\u{1f3f4}',
      '\u{e0067}',
      '\u200c',
      '\u202e',
      '\u{1f3fd}',
    ),
    fc.string({ maxLength: 1, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      if (!passes(compiled, text)) return;
      const shown = text
        .replaceAll(
          /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/gu,
          '',
        )
        .replaceAll(/[\p{Emoji}][\ufe0e\ufe0f]/gu, '');
      expect(shown).not.toMatch(/[\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}]|(?![\t\n\r])\p{Cc}/u);
    }),
    { numRuns: casesOr(3000) },
  );
});
