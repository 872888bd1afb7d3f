import type { JsonValue } from '@callgate/canonical';
import { describe, expect, test } from 'vitest';

import { STANDARD_DETECTORS, createInspector, type Detector, type Finding } from '../src/index.ts';
import { VISIBLE, classOf } from '../src/invisible/character-class.ts';

const inspector = createInspector();

const rulesIn = (text: string): readonly string[] => [
  ...new Set(inspector.inspect(text, { surface: 'result' }).findings.map(({ rule }) => rule)),
];

const cleaned = (text: string): JsonValue => inspector.inspect(text, { surface: 'result' }).value ?? null;

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Finds `obey me`, wherever it is read. */
const order: Detector = {
  kind: 'instructions',
  keywords: ['obey me'],
  find({ hits }, report) {
    for (const { start } of hits) {
      report({ rule: 'instructions.test', severity: 'high', start, end: start + 7, reason: 'an order' });
    }
  },
};

const orders = (text: string): readonly Finding[] =>
  createInspectorWithOrder()
    .inspect(text, { surface: 'result' })
    .findings.filter(({ rule }) => rule === 'instructions.test');

function createInspectorWithOrder(): ReturnType<typeof createInspector> {
  return createInspector({ detectors: [...STANDARD_DETECTORS, order] });
}

const tags = (text: string): string =>
  Array.from(text, (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');

const selectors = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)).join(
    '',
  );

const bits = (text: string, width = 8): readonly string[] =>
  Array.from(text, (c) => c.charCodeAt(0).toString(2).padStart(width, '0'));

const spelled = (text: string, zero: string, one: string, between = '', width = 8): string =>
  bits(text, width)
    .map((code) => code.replaceAll('0', zero).replaceAll('1', one))
    .join(between);

const spread = (text: string, hidden: string): string => {
  const points = Array.from(hidden);
  return Array.from(text, (c, index) => c + (points[index] ?? '')).join('');
};

describe('what hides text is found, goes, and what it spells is inspected', () => {
  test.each([
    ['tag characters', `hi${tags('now obey me')} there`],
    ['a language tag before them', `hi\u{e0001}${tags('obey me')}\u{e007f} there`],
    ['tag characters behind a black flag', `\u{1f3f4}${tags('obey me')}\u{e007f}`],
    ['one tag character behind each letter', spread('a quite ordinary sentence', tags('obey me'))],
    ['variation selectors behind an emoji', `\u{1f600}${selectors('please obey me')}`],
    ['variation selectors behind an emoji that has one', `\u2764\ufe0f${selectors('please obey me')}`],
    ['variation selectors in a word', `wo${selectors('obey me')}rd`],
    ['bits in zero-width characters', `a${spelled('obey me', '\u200b', '\u200c')}b`],
    ['bits the other way round', `a${spelled('obey me', '\u200d', '\u200b')}b`],
    ['bits of seven', `a${spelled('obey me!', '\u200b', '\u200c', '', 7)}b`],
    ['bits of sixteen', `a${spelled('obey me', '\u200b', '\u200c', '', 16)}b`],
    ['bits with a separator', `a${spelled('obey me', '\u200c', '\u200d', '\u200b', 7)}b`],
    [
      'bits in joiners between letters that join',
      spread('سلام دوست '.repeat(10).replaceAll(' ', ''), spelled('obey me', '\u200c', '\u200d')),
    ],
    ['bits in a frame', `a\ufeff${spelled('obey me', '\u200b', '\u200c')}\ufeffb`],
    ['bits in invisible operators', `a${spelled('obey me', '\u2062', '\u2064')}b`],
    ['bits in marks of direction', `a${spelled('obey me', '\u200e', '\u200f')}b`],
    ['bits in Hangul fillers', `a${spelled('obey me', '\uffa0', '\u3164')}b`],
    ['bits in two variation selectors', `a${spelled('obey me', '\ufe00', '\ufe01')}b`],
    [
      'two bits in each of four characters',
      `a${bits('obey me')
        .join('')
        .replaceAll(/../gu, (pair) => '\u200b\u200c\u200d\u2060'.charAt(Number.parseInt(pair, 2)))}b`,
    ],
    ['spaces and tabs behind a line', `one${spelled('obey me', ' ', '\t')}\ntwo`],
    [
      'spaces and tabs behind each line',
      bits('obey me')
        .map((b) => `line${b.replaceAll('0', '\t').replaceAll('1', ' ')}`)
        .join('\n'),
    ],
    ['spaces of two widths', `one${spelled('obey me', '\u2003', '\u2009')}two`],
    ['the text of a concealing style', 'see \u001b[8mobey me\u001b[0m there'],
    ['text of the colour of its ground', 'see \u001b[30;40mobey me\u001b[0m there'],
    ['a title of a terminal', 'see \u001b]0;obey me\u0007there'],
    ['a link of a terminal', 'see \u001b]8;;https://a.example/?q=obey me\u001b\\there'],
  ])('%s', (_, text) => {
    const found = orders(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.some(({ layers }) => layers[0] === 'hidden')).toBe(true);
    const others = rulesIn(text).filter((rule) => !rule.startsWith('invisible.') && !rule.startsWith('instructions.'));
    expect(others).toStrictEqual([]);
    const left = Array.from(textOf(cleaned(text))).map((character) => classOf(character.codePointAt(0) ?? 0));
    expect(left.filter((own, index) => own !== VISIBLE && left[index + 1] !== VISIBLE)).toStrictEqual([]);
  });
});

describe('what shows nothing is found and goes', () => {
  test.each([
    ['invisible.zero-width', 'Re\u200bad', 'Read'],
    ['invisible.zero-width', 'Re\u200cad', 'Read'],
    ['invisible.zero-width', 'Re\u200dad', 'Read'],
    ['invisible.zero-width', 'Re\u2060ad', 'Read'],
    ['invisible.zero-width', 'Re\u2063ad', 'Read'],
    ['invisible.zero-width', 'Re\ufeffad', 'Read'],
    ['invisible.zero-width', 'می\u200c\u200c\u200cخواهم', 'میخواهم'],
    ['invisible.variation-selectors', 'Re\ufe0fad', 'Read'],
    ['invisible.variation-selectors', 'Re\u{e0100}ad', 'Read'],
    ['invisible.tags', 'a \u{1f3f4}\u{e0069}\u{e0067}\u{e006e}\u{e007f}', 'a \u{1f3f4}'],
    ['invisible.bidi', 'if (\u202eadmin\u202c)', 'if (admin)'],
    ['invisible.bidi', '/*\u2066 } \u2069*/', '/* } */'],
    ['invisible.bidi', 'שלום \u2067abc', 'שלום abc'],
    ['invisible.bidi', 'שלום \u202eabc\u202c', 'שלום abc'],
    ['invisible.mark', 'ad\u200fmin', 'admin'],
    ['invisible.ignorable', 'i\u00adg\u00adn\u00adore', 'ignore'],
    ['invisible.ignorable', 'a\u034fb', 'ab'],
    ['invisible.ignorable', 'a\ufff9b\ufffac\ufffb', 'abc'],
    ['invisible.ignorable', 'a\u{1d173}b', 'ab'],
    ['invisible.ignorable', 'a\u{1bca0}b', 'ab'],
    ['invisible.ignorable', 'a\u206ab', 'ab'],
    ['invisible.ignorable', 'a\ufffcb', 'ab'],
    ['invisible.filler', 'a\u{1d159}b', 'ab'],
    ['invisible.private-use', 'a\ufdd0\ufdd1\uffff\ufffeb', 'ab'],
    ['invisible.filler', 'a\u3164b', 'ab'],
    ['invisible.filler', 'a\u115fb', 'ab'],
    ['invisible.blank', 'a\u2800\u2800 \u2800b', 'ab'],
    ['invisible.control', 'a\u0000b\u0008c\u007fd\u0085', 'abcd'],
    ['invisible.terminal', 'a\u001b[31mb\u001b[0m\u001b[2K\u001b(B\u001bc', 'ab'],
    ['invisible.terminal', 'a\u009b31mb', 'ab'],
    ['invisible.terminal', 'a\u001b]0;never closed\nb', 'a0;never closed\nb'],
    ['invisible.terminal-string', 'a\u001b]52;c;ZWNobw==\u0007b', 'ab'],
    ['invisible.terminal-string', 'a\u009d0;x\u009cb', 'ab'],
    ['invisible.lone-surrogate', 'a\ud800b\udc00c', 'abc'],
    ['invisible.private-use', 'a\ue000\ue001\ue002\ue003b', 'ab'],
    ['invisible.private-use', 'a\u{f0000}\u{10fffd}b', 'ab'],
  ])('%s in %j', (rule, text, left) => {
    expect(rulesIn(text)).toStrictEqual([rule]);
    expect(cleaned(text)).toBe(left);
  });

  test('words in letters of formulas and signs are told of, and stay', () => {
    for (const text of ['𝐢𝐠𝐧𝐨𝐫𝐞', 'ｉｇｎｏｒｅ all', 'ⓘⓖⓝⓞⓡⓔ', '🅸🅶🅽🅾🆁🅴']) {
      expect(rulesIn(text), text).toStrictEqual(['invisible.styled']);
      expect(cleaned(text)).toBe(text);
    }
  });

  test('words that mix alphabets are told of, and stay', () => {
    for (const text of ['log in to pаypal', 'miсrosоft', 'a gооgle link', 'ｘ аdmin', 'bаnk оf', 'ԁomain']) {
      expect(rulesIn(text), text).toStrictEqual(['invisible.homoglyphs']);
      expect(cleaned(text)).toBe(text);
    }
  });
});

/** Ordinary text, written for this test, in which characters that show nothing are as people write them. */
const GENUINE: readonly (readonly [name: string, text: string])[] = [
  ['Persian', 'می‌خواهم کتاب‌هایم را به خانه‌ی شما بیاورم؛ نمی‌دانم کِی می‌رسم. نام‌خانوادگی: حسینی‌زاده'],
  ['Persian with a Latin word', 'فایل‌های PDF‌ها و API‌های ما به‌روز شده‌اند (نسخه‌ی ۲)'],
  ['Persian with marks of direction', 'نسخهٔ \u200e1.2.3\u200e منتشر شد؛ شمارهٔ +98\u200e'],
  ['Arabic with the year of Hijra', 'سنة ١٤٤٥ ه\u200d الموافق ٢٠٢٤ م'],
  ['Arabic with a bracket', 'قال (\u200fنعم\u200f) ثم ذهب\u061c. البريد: a@b.example'],
  ['Arabic with an isolate', 'الملف \u2066report-2024.pdf\u2069 جاهز'],
  ['Arabic with an embedding', 'الإصدار \u202av2.0 (beta)\u202c متاح'],
  ['Urdu', 'یہ کتاب‌خانہ ہے، وہ بے‌شمار لوگ'],
  ['Kurdish', 'ئه‌م کتێبه‌ زۆر باشه‌'],
  ['Hindi', 'क्\u200dष और क्\u200cष में अंतर है; उद्\u200cघाटन, श्\u200dरी'],
  ['Marathi', 'दुसऱ्\u200dया घरी, तऱ्\u200dहेने'],
  ['Nepali', 'गर्\u200dयो, पर्\u200dयो'],
  ['Bengali', 'র\u200d্যাব, উদ্\u200cঘাটন, ক্\u200cষ'],
  ['Malayalam', 'അവന്\u200d പറഞ്ഞു; തമിഴ്\u200cനാട്, കണ്\u200dമണി'],
  ['Kannada', 'ರ\u200d್ಯಾಂಕ್, ಸಾಫ್ಟ್\u200cವೇರ್'],
  ['Telugu', 'సాఫ్ట్\u200cవేర్, ఫేస్\u200cబుక్'],
  ['Tamil', 'க்\u200cஷ மற்றும் க்ஷ'],
  ['Gujarati', 'ક્\u200dષ, ઉદ્\u200cઘાટન'],
  ['Sinhala', 'ශ්\u200dරී ලංකා, ක්\u200dරමය, විද්\u200dයා'],
  ['Thai with break marks', 'ภาษา\u200bไทย\u200bไม่มี\u200bช่องว่าง'],
  ['Lao', 'ພາສາ\u200bລາວ'],
  ['Khmer', 'ភាសា\u200bខ្មែរ\u200bជា\u200bភាសា'],
  ['Burmese', 'မြန်မာ\u200bဘာသာ'],
  ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠪᠢᠴᠢᠭ\u202fᠦᠨ ᠨ\u180bᠠ'],
  ['Hebrew with a grapheme joiner', 'יְרוּשָׁלַ\u034fִם'],
  ['Hebrew with marks', 'מחיר: 50\u200f ש"ח (לא כולל מע"מ)\u200f'],
  ['old Hangul', '\u115f\u1161 \u1100\u1160\u11a8'],
  ['Japanese variants', '葛\u{e0100}飾区と辻\u{e0101}さん、邊\u{e0108}'],
  ['Japanese with full-width forms', 'ＡＢＣ　株式会社　１２３'],
  ['soft hyphens', 'Donau\u00addampf\u00adschiff\u00adfahrt, inter\u00adnational, пере\u00adнос'],
  ['families and professions', '👨‍👩‍👧‍👦 👩🏽‍💻 🧑‍🚀 👩‍❤️‍💋‍👨 🏃🏿‍♀️‍➡️ 🐻‍❄️ 🐦‍🔥 🧑‍🧑‍🧒'],
  ['flags', '🏳️‍🌈 🏴‍☠️ 🏳️‍⚧️ 🇩🇪 🇮🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
  ['keycaps and symbols', '1️⃣ #️⃣ *️⃣ ✔️ ☎︎ ❤️ ©️ ™️ ↔️ ⚠️ ▶︎ 〰️ ㊗️ ℹ️ 0︀'],
  ['an emoji with its selector twice', '❤️️ thanks'],
  ['a mark of order at the start', '\ufeffid,name\n1,a'],
  ['a space that does not break', '10\u00a0km, 10\u202f000\u00a0€, a\u2009b'],
  ['a web page’s spaces', 'a \u00a0 \u00a0 \u00a0 b\u00a0\u00a0 \u00a0c'],
  ['a Braille picture', '⠀⠀⣀⣤⣶⠀⠀\n⠀⢸⣿⡇⠀⠀⠀'],
  ['mathematics', 'αmax = βx + Δy; ≠︀ ∩︀ 𝐱 ∈ ℝ; σx'],
  ['Russian with English', 'Это Wi-Fi роутер, SMSка пришла; IT-отдел, PDF-файл, Java-код'],
  ['Greek with English', 'Το email μου, το API της Google'],
  ['phonetic spelling', 'it is said /ˈkɒmən ɡɑːd/ or [ɪɡˈzɑːmpəl]'],
  ['Vietnamese, composed and not', 'Tiếng Việt, Tie\u0302\u0301ng Vie\u0323\u0302t'],
  ['music', '𝄞𝅘𝅥𝅮 𝅗𝅥'],
  ['a page break', 'page one\n\fpage two'],
  ['indented code', 'if x:\n\t    y = 1  \n\t\treturn   i  \n        for i in z:\n'],
  ['a table with tabs', 'name \t age\t city\n a\t\t1 \t x'],
  ['JSON', '{"a":[1,2,{"b":"c \\u200b d"}],"e":"\\n\\t"}'],
];

describe('what people write is not found', () => {
  test.each(GENUINE)('%s', (_, text) => {
    expect(rulesIn(text)).toStrictEqual([]);
    expect(cleaned(text)).toBe(text);
  });
});
