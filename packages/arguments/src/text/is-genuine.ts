/** Letters and marks of scripts in which a joiner or non-joiner changes how a word is written. */
const JOINING = scripts(
  `Arabic Syriac Mandaic Nko Mongolian Phags_Pa Hanifi_Rohingya Adlam Manichaean Sogdian Devanagari Bengali Gurmukhi Gujarati Oriya
  Tamil Telugu Kannada Malayalam Sinhala Myanmar Khmer Tibetan Balinese Javanese Sundanese Grantha Newa Meetei_Mayek Chakma`,
);

/** Letters and marks of scripts that write no space between words. */
const UNSPACED = scripts('Khmer Thai Lao Myanmar Tibetan Balinese Javanese Tai_Le New_Tai_Lue Tai_Tham');

/** Letters that run from right to left. */
const RIGHT_TO_LEFT =
  /(?=\p{L})[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;

const HAN = /^\p{Script=Han}$/u;
const MONGOLIAN = /^\p{Script_Extensions=Mongolian}$/u;
const BRAILLE = /^[\u2801-\u28ff]$/u;
const VARIED = /^[\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}]$/u;

/** What an emoji presentation selector may follow: digits only as keycaps, see below. */
const EMOJI = /^(?![0-9#*\p{Emoji_Modifier}])[\p{Emoji}\p{Extended_Pictographic}]$/u;
const KEYCAP = /^[0-9#*]$/u;
const PICTOGRAPH = /^\p{Extended_Pictographic}$/u;
const MODIFIER = /^\p{Emoji_Modifier}$/u;

/** UTS #51, RGI emoji tag sequences: the flags of England, Scotland and Wales, the only ones there are. */
const TAGGED_FLAGS: readonly string[] = ['gbeng', 'gbsct', 'gbwls'].map(
  (name) =>
    `\u{1f3f4}${name.replaceAll(/[a-z]/gu, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)))}\u{e007f}`,
);
const LONGEST_FLAG = 14;

/** Whether the character at `start` to `end`, which is otherwise refused, stands where its script or an emoji needs it. */
export function isGenuine(text: string, start: number, end: number, point: number): boolean {
  switch (point) {
    case 0x0d:
      return text[end] === '\n';
    case 0x200c:
      return isAfterJoining(text, start);
    case 0x200d:
      return joinsEmoji(text, start, end) || isAfterJoining(text, start);
    case 0x200b:
      return UNSPACED.test(before(text, start)) && UNSPACED.test(after(text, end));
    case 0x200e:
    case 0x200f:
    case 0x61c:
      return !isDirectionMark(before(text, start)) && isNearRightToLeft(text, start);
    case 0xfe0e:
    case 0xfe0f:
      return isVariedEmoji(text, start, end);
    case 0x180b:
    case 0x180c:
    case 0x180d:
    case 0x180e:
    case 0x180f:
      return MONGOLIAN.test(before(text, start));
    case 0x2800:
      return BRAILLE.test(before(text, start)) || BRAILLE.test(after(text, end));
    default:
      if (point >= 0xfe00 && point <= 0xfe02) return VARIED.test(before(text, start));
      if (point >= 0xe0100 && point <= 0xe01ef) return HAN.test(before(text, start));
      return point >= 0xe0020 && point <= 0xe007f && isInFlag(text, start);
  }
}

/** Marks that any script may use, such as Arabic vowels: which script they are of is for the letter below them to say. */
const SHARED_MARK = /^(?=\p{M})\p{Script=Inherited}$/u;

/** How many shared marks one letter has at most. */
const MAX_SHARED_MARKS = 4;

function isAfterJoining(text: string, index: number): boolean {
  let at = index;
  let last = before(text, at);
  for (let marks = 0; marks < MAX_SHARED_MARKS && SHARED_MARK.test(last); marks += 1) {
    at -= last.length;
    last = before(text, at);
  }
  return !SHARED_MARK.test(last) && JOINING.test(last);
}

/** Letters and marks of these scripts. */
function scripts(names: string): RegExp {
  const classes = names.split(/\s+/u).map((name) => String.raw`\p{Script_Extensions=${name}}`);
  return new RegExp(String.raw`^(?=[\p{L}\p{M}])(?!\p{Default_Ignorable_Code_Point})[${classes.join('')}]$`, 'u');
}

/** The character that ends at `index`; empty at the start. */
function before(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && (text.codePointAt(index - 2) ?? 0) > 0xffff;
  return text.slice(Math.max(0, index - (isPair ? 2 : 1)), index);
}

/** The character that begins at `index`; empty at the end. */
function after(text: string, index: number): string {
  const point = text.codePointAt(index);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** No emoji of a joined sequence but the first comes before it. */
const FIRST_JOINED = 0x2000;

function joinsEmoji(text: string, start: number, end: number): boolean {
  if ((text.charCodeAt(end) || 0) < FIRST_JOINED || !PICTOGRAPH.test(after(text, end))) return false;
  const last = before(text, start);
  if (last !== '\ufe0f' && !MODIFIER.test(last)) return PICTOGRAPH.test(last);
  return PICTOGRAPH.test(before(text, start - last.length));
}

function isVariedEmoji(text: string, start: number, end: number): boolean {
  const last = before(text, start);
  return EMOJI.test(last) || (KEYCAP.test(last) && text[end] === '\u20e3');
}

function isDirectionMark(character: string): boolean {
  return character === '\u200e' || character === '\u200f' || character === '\u061c';
}

/** How far a mark may be from the letter that it is for, in UTF-16 code units. */
const NEAR = 32;

function isNearRightToLeft(text: string, index: number): boolean {
  return RIGHT_TO_LEFT.test(text.slice(Math.max(0, index - NEAR), index + NEAR));
}

function isInFlag(text: string, index: number): boolean {
  const start = Math.max(0, index - LONGEST_FLAG + 1);
  const from = text.slice(start, index).lastIndexOf('\u{1f3f4}');
  return from !== -1 && TAGGED_FLAGS.some((flag) => text.startsWith(flag, start + from));
}
