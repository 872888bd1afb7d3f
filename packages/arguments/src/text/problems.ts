import type { KindProblem } from '@callgate/policy';

/** What is wrong with a text. */
export type TextProblemCode =
  | 'text.type'
  | 'text.too_short'
  | 'text.too_long'
  | 'text.lines'
  | 'text.control'
  | 'text.line_separator'
  | 'text.bidi'
  | 'text.invisible'
  | 'text.tag'
  | 'text.variation'
  | 'text.private_use'
  | 'text.noncharacter'
  | 'text.surrogate'
  | 'text.encoded'
  | 'text.encoded_word'
  | 'text.script'
  | 'text.mixed_script'
  | 'text.not_nfc'
  | 'text.marks'
  | 'text.url'
  | 'text.html';

/** Codes whose words depend on the specification. */
type BoundCode = 'text.too_short' | 'text.too_long' | 'text.lines' | 'text.script' | 'text.marks';
type PlainCode = Exclude<TextProblemCode, BoundCode>;

/** What each code says where it does not depend on the specification: expected, got, hint. */
const WORDS: Readonly<Record<PlainCode, readonly [string, string, string]>> = {
  'text.type': ['text', 'a value of another type', 'give text'],
  'text.control': ['no control characters', 'one', 'remove control characters'],
  'text.line_separator': ['line breaks as U+000A only', 'another line separator', 'break lines with U+000A'],
  'text.bidi': ['no characters that reorder text', 'one', 'remove bidirectional controls'],
  'text.invisible': ['no invisible characters', 'one', 'remove invisible characters'],
  'text.tag': ['no tag characters', 'one', 'remove tag characters'],
  'text.variation': [
    'variation selectors only where they vary something',
    'one elsewhere',
    'remove variation selectors',
  ],
  'text.private_use': ['no private-use characters', 'one', 'remove private-use characters'],
  'text.noncharacter': ['assigned characters', 'a noncharacter', 'remove noncharacters'],
  'text.surrogate': ['well-formed Unicode', 'a lone surrogate', 'remove lone surrogates'],
  'text.encoded': ['no spelled-out control or invisible characters', 'one', 'remove escape sequences'],
  'text.encoded_word': ['no encoded words of mail headers', 'one', 'write the text itself'],
  'text.mixed_script': ['words of one script', 'a word that mixes look-alike letters', 'write each word in one script'],
  'text.not_nfc': ['text in Normalization Form C', 'text in another form', 'normalise the text to NFC'],
  'text.url': ['text without URLs', 'a URL', 'leave URLs out'],
  'text.html': ['text without tags and character references', 'one', 'write plain text'],
};

/** Text of which it is not even certain what characters it holds. */
const ERRORS: ReadonlySet<TextProblemCode> = new Set(['text.noncharacter', 'text.surrogate']);

export function textProblem(code: PlainCode): KindProblem {
  const [expected, got, hint] = WORDS[code];
  return { code, verdict: ERRORS.has(code) ? 'error' : 'fail', pointer: '', expected, got, hint };
}

/** A bound that the specification sets. */
export function boundProblem(code: BoundCode, expected: string, got: string, hint: string): KindProblem {
  return { code, verdict: 'fail', pointer: '', expected, got, hint };
}
