import { FINDINGS, type Finding } from './problems.ts';

/** What a specification says about single characters. */
export interface CharacterRules {
  /** `< > " |` are refused: Windows knows them as operators and wildcards. */
  readonly isWindowsLike: boolean;
  readonly wildcards: 'deny' | 'brackets' | 'allow';
}

/** How a character that always means the same is judged; anything else is plain. */
const FIXED: ReadonlyMap<number, Finding> = new Map<number, Finding>([
  ...Array.from('<>"|', (character) => [character.charCodeAt(0), FINDINGS.illegal] as const),
  ...Array.from('*?[]{}', (character) => [character.charCodeAt(0), FINDINGS.wildcard] as const),
]);

/** Ranges of code points, inclusive. */
type Ranges = readonly (readonly [number, number])[];

/**
 * Code points that show nothing, or change how what is around them shows (Unicode Default_Ignorable_Code_Point, Bidi_Control,
 * line separators). Joiners and variation selectors are not among them: words and emoji need them; see {@link withoutIgnorable}.
 */
const INVISIBLE: Ranges = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/**
 * Characters that some step between here and the file reads as `.`, `/` or `\`: compatibility forms (UAX #15, NFKC), slashes of
 * mathematics, and the currency signs that Japanese and Korean code pages of Windows have in place of the backslash.
 */
const LOOK_ALIKES: ReadonlySet<number> = new Set([
  0xa5, 0x20a9, 0x2024, 0x2025, 0xfe52, 0xfe30, 0xff0e, 0x2044, 0x2215, 0x2216, 0x29f5, 0x29f8, 0x29f9, 0xfe68, 0xff0f,
  0xff3c,
]);

/** The first character that may not be in a path. */
export function findCharacter(text: string, rules: CharacterRules): Finding | undefined {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return FINDINGS.control;
    if (code < 0x80) {
      const finding = FIXED.get(code);
      if (finding !== undefined && isRefused(code, finding, rules)) return finding;
      continue;
    }
    const point = text.codePointAt(index) ?? code;
    const finding = findBeyondAscii(point);
    if (finding !== undefined) return finding;
    if (point > 0xffff) index += 1;
  }
  return undefined;
}

function isRefused(code: number, finding: Finding, rules: CharacterRules): boolean {
  if (finding === FINDINGS.illegal) return rules.isWindowsLike;
  const isBracket = code !== 0x2a && code !== 0x3f;
  if (isBracket) return rules.wildcards === 'deny';
  return rules.wildcards !== 'allow' || rules.isWindowsLike;
}

function findBeyondAscii(point: number): Finding | undefined {
  if (point < 0xa0) return FINDINGS.control;
  if (point >= 0xd800 && point <= 0xdfff) return FINDINGS.surrogate;
  // what a decoder writes for bytes that it cannot read, and what no text holds
  if (point === 0xfffd || (point & 0xfffe) === 0xfffe) return FINDINGS.surrogate;
  if (LOOK_ALIKES.has(point)) return FINDINGS.lookalike;
  return INVISIBLE.some(([first, last]) => point >= first && point <= last) ? FINDINGS.invisible : undefined;
}

/** The text without joiners and variation selectors, which HFS+ and some comparisons leave out. */
export function withoutIgnorable(text: string): string {
  return text.replaceAll(/\u200c|\u200d|[\ufe00-\ufe0f]/gu, '');
}
