import { isGenuine } from './is-genuine.ts';

/** A character that text may not hold, or only in its place. */
export type HiddenCode =
  | 'text.control'
  | 'text.line_separator'
  | 'text.bidi'
  | 'text.invisible'
  | 'text.tag'
  | 'text.variation'
  | 'text.private_use'
  | 'text.noncharacter'
  | 'text.surrogate';

/** Where a character is hidden, in UTF-16 code units. */
export interface HiddenCharacter {
  readonly code: HiddenCode;
  readonly start: number;
  readonly end: number;
}

/**
 * Everything that is looked at: controls, what fonts show nothing for (`Default_Ignorable_Code_Point`), private use, lone surrogates,
 * noncharacters, other line ends, interlinear annotation, and the blank of Braille. The properties are those of the engine's Unicode
 * version.
 */
const SUSPECT =
  /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu;

/** Text of which nothing has to be looked at. */
const PLAIN = /^[\t\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/u;

const NONE: ReadonlySet<HiddenCode> = new Set();

/** More ideographic variation selectors than this hide something: names need one or two. */
const MAX_IDEOGRAPHIC = 8;

/** The characters of `text` that it may not hold, in order; without those whose code is in `known` when they are reached. */
export function* findHidden(text: string, known: ReadonlySet<HiddenCode> = NONE): Generator<HiddenCharacter> {
  if (PLAIN.test(text)) return;
  // A copy, for its position; `test` instead of `matchAll`, which makes an array of each match.
  const suspects = new RegExp(SUSPECT);
  let ideographic = 0;
  while (suspects.test(text)) {
    const end = suspects.lastIndex;
    const start = end - (isPair(text, end) ? 2 : 1);
    const point = text.codePointAt(start) ?? 0;
    if (point === 0x0a || point === 0x09) continue;
    if (isIdeographicSelector(point)) ideographic += 1;
    const code = codeOf(point);
    if (known.has(code) || (ideographic <= MAX_IDEOGRAPHIC && isGenuine(text, start, end, point))) continue;
    yield { code, start, end };
  }
}

/** Whether the two code units before `end` are one character. */
function isPair(text: string, end: number): boolean {
  return end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff;
}

function isIdeographicSelector(point: number): boolean {
  return point >= 0xe0100 && point <= 0xe01ef;
}

/** What a character is, wherever it stands: undefined for one that text may hold. */
export function hiddenCode(point: number): HiddenCode | undefined {
  const character = String.fromCodePoint(point);
  return character.search(SUSPECT) === -1 ? undefined : codeOf(point);
}

function codeOf(point: number): HiddenCode {
  if (point <= 0x1f || (point >= 0x7f && point <= 0x9f)) return point === 0x85 ? 'text.line_separator' : 'text.control';
  if (point === 0x2028 || point === 0x2029) return 'text.line_separator';
  if ((point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069)) return 'text.bidi';
  if (point === 0x200e || point === 0x200f || point === 0x61c) return 'text.bidi';
  if (point >= 0xe0000 && point <= 0xe007f) return 'text.tag';
  if ((point >= 0xfe00 && point <= 0xfe0f) || isIdeographicSelector(point)) return 'text.variation';
  if (point >= 0xd800 && point <= 0xdfff) return 'text.surrogate';
  if ((point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) === 0xfffe) return 'text.noncharacter';
  // The private-use area and planes 15 and 16; their last two code points are above.
  return (point >= 0xe000 && point <= 0xf8ff) || point >= 0xf0000 ? 'text.private_use' : 'text.invisible';
}
