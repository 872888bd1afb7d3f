import { BIDI, FILLER, IGNORABLE, JOINER, MARK, TAG, VARIATION, ZERO_WIDTH, classOf } from './character-class.ts';
import type { Paragraphs } from './paragraphs.ts';
import {
  HYPHENATED,
  IDEOGRAPHS,
  JAMO,
  JOINED_SCRIPTS,
  KHMER,
  MARKED,
  MONGOLIAN,
  MUSIC,
  PICTOGRAPHS,
  SPACELESS_SCRIPTS,
  VARIED,
} from './scripts.ts';

/** A run of characters that show nothing, and what stands around it. */
export interface InvisibleRun {
  readonly text: string;
  /** UTF-16 code units into `text`. */
  readonly start: number;
  readonly end: number;
  readonly points: readonly number[];
  /** The code points before and after; undefined at the ends of the text. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly paragraphs: Paragraphs;
}

/** Longer runs are written by nobody: the longest are ZWJ, ZWNJ, ZWJ, and an emoji's selector with marks of direction. */
const LONGEST = 4;

/** Tags of flags that keyboards have: England, Scotland, Wales and Northern Ireland, states and provinces (UTS #51, ED-14a). */
const FLAG = /^(?:gb(?:eng|sct|wls|nir)|us[a-z]{2}|ca[a-z]{2})\u007f$/u;
const BLACK_FLAG = 0x1f3f4;

/** Whether people write this run: joiners between letters that join, selectors behind emoji, marks of direction where text turns. */
export function isGenuine(run: InvisibleRun): boolean {
  const { points, before } = run;
  if (before === BLACK_FLAG && points.every((point) => classOf(point) === TAG)) {
    return FLAG.test(String.fromCodePoint(...points.slice(0, 8).map((point) => point - 0xe0000))) && points.length <= 8;
  }
  if (points.length > LONGEST) return false;
  return points.every((point, index) => isRepeatable(points, index) && isGenuineAt(run, point, index));
}

/** The same character twice is a slip of a keyboard, thrice is not. */
function isRepeatable(points: readonly number[], index: number): boolean {
  if (points.length <= 2) return true;
  const point = points[index];
  return points.filter((other) => other === point).length <= 2;
}

function isGenuineAt(run: InvisibleRun, point: number, index: number): boolean {
  const { before, after, paragraphs, start } = run;
  switch (classOf(point)) {
    case JOINER:
      return isJoined(run, point, index);
    case ZERO_WIDTH:
      if (point === 0xfeff) return start === 0 && index === 0;
      return point === 0x200b && (SPACELESS_SCRIPTS.has(before) || SPACELESS_SCRIPTS.has(after));
    case MARK:
      return paragraphs.at(start).isRightToLeft;
    case BIDI: {
      const { isRightToLeft, isBalanced } = paragraphs.at(start);
      return isRightToLeft && isBalanced;
    }
    case VARIATION:
      return isVaried(run, point, index);
    case FILLER:
      return point === 0x1d159
        ? MUSIC.has(before) || MUSIC.has(after)
        : point < 0x1161 && (JAMO.has(before) || JAMO.has(after));
    case IGNORABLE:
      return isGenuineIgnorable(run, point);
    default:
      return false;
  }
}

function isJoined({ points, before, after }: InvisibleRun, point: number, index: number): boolean {
  if (JOINED_SCRIPTS.has(before) || JOINED_SCRIPTS.has(after)) return true;
  // UTS #51, ED-16: an emoji, its selector or modifier, ZWJ, an emoji
  return point === 0x200d && index === points.length - 1 && PICTOGRAPHS.has(before) && PICTOGRAPHS.has(after);
}

function isVaried({ points, before }: InvisibleRun, point: number, index: number): boolean {
  if (point >= 0xe0100) return index === 0 && IDEOGRAPHS.has(before);
  if (point >= 0xfe0e) return VARIED.has(before) && points.slice(0, index).every((other) => other === point);
  return index === 0 && VARIED.has(before);
}

function isGenuineIgnorable({ text, start, end, points, before, after }: InvisibleRun, point: number): boolean {
  if (point === 0xad) return points.length === 1 && isHyphenation(text, start, end);
  if (point === 0x34f) return MARKED.has(before) || MARKED.has(after);
  if (point === 0x17b4 || point === 0x17b5) return KHMER.has(before);
  if (point >= 0x1d173 && point <= 0x1d17a) return MUSIC.has(before) || MUSIC.has(after);
  if (point >= 0x180b && point <= 0x180f) return MONGOLIAN.has(before) || MONGOLIAN.has(after);
  return false;
}

/** A soft hyphen between syllables: at least two letters on either side, as every hyphenation has it. */
function isHyphenation(text: string, start: number, end: number): boolean {
  return [start - 2, start - 1, end, end + 1].every((at) => {
    const unit = text.charCodeAt(at);
    return HYPHENATED.has(unit);
  });
}
