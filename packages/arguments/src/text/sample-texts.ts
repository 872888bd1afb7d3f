import type { CompiledText } from './compiled-text.ts';

/** A word of each script that is common in arguments. */
const WORDS: Readonly<Record<string, string>> = {
  Latin: 'text',
  Cyrillic: '\u0442\u0435\u043a\u0441\u0442',
  Greek: '\u03ba\u03b5\u03af\u03bc\u03b5\u03bd\u03bf',
  Arabic: '\u0646\u0635',
  Hebrew: '\u05d8\u05e7\u05e1\u05d8',
  Devanagari: '\u092a\u093e\u0920',
  Bengali: '\u09aa\u09be\u09a0',
  Tamil: '\u0b89\u0bb0\u0bc8',
  Thai: '\u0e02\u0e49\u0e2d\u0e04\u0e27\u0e32\u0e21',
  Han: '\u6587\u672c',
  Hiragana: '\u3076\u3093',
  Katakana: '\u30c6\u30ad\u30b9\u30c8',
  Hangul: '\ud14d\uc2a4\ud2b8',
  Armenian: '\u057f\u0565\u0584\u057d\u057f',
  Georgian: '\u10e2\u10d4\u10e5\u10e1\u10e2\u10d8',
};

/** Longest sample and probe, in code points: a bound beyond it has none. */
const MAX_SAMPLE = 100_000;

/** Candidates that may pass: a text of each script, at both bounds of the length, of as many lines as there may be, of each kind. */
export function sampleTexts({ specification, minLength, maxLength, lines, marks }: CompiledText): readonly string[] {
  const { scripts } = specification;
  const words = scripts === undefined ? Object.values(WORDS) : scripts.map((name) => WORDS[name] ?? '1');
  const last = Math.min(lines, 100);
  return [
    ...words,
    '1',
    '',
    ...[minLength, maxLength].filter((length) => length <= MAX_SAMPLE).map((length) => '1'.repeat(length)),
    '1\n2',
    Array.from({ length: last }, () => '1').join('\n'),
    `a${'\u0301'.repeat(marks)}`,
    '\u{1f469}\u200d\u{1f680}',
    'a\u0301',
    ...KINDS,
  ].map((text) => padded(text, minLength));
}

/** Texts that one key or another refuses. */
const KINDS: readonly string[] = [
  'https://example.com/',
  '<b>text</b>',
  'a&#10;b',
  'a%00b',
  '=?utf-8?q?text?=',
  'p\u0430ypal',
];

/** Candidates at and beyond each bound. */
export function probeTexts(compiled: CompiledText): readonly string[] {
  const { minLength, maxLength, lines, marks } = compiled;
  const lengths = [minLength - 1, maxLength + 1].filter((length) => length >= 0 && length <= MAX_SAMPLE);
  const texts = [
    ...compiled.samples(),
    ...sampleTexts(compiled).slice(0, 40),
    ...lengths.map((length) => '1'.repeat(length)),
    ...(lines < 1000 ? [padded(Array.from({ length: lines + 1 }, () => '1').join('\n'), minLength)] : []),
    padded(`a${'\u0301'.repeat(marks + 1)}`, minLength),
    ...['\u0001', '\u202e', '\u200b', '\u{e0041}', '\ue000', '\ufffe', '\u2028', 'a\ufe01'].map((text) =>
      padded(`text${text}`, minLength),
    ),
  ];
  return [...new Set(texts)].slice(0, 128);
}

function padded(text: string, minLength: number): string {
  const missing = Math.min(minLength, MAX_SAMPLE) - Array.from(text).length;
  return missing <= 0 ? text : text + '1'.repeat(missing);
}
