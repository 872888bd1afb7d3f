import { compileNameGlob } from '../match/glob.ts';

const LETTERS = 'xzqkvwjyuabcdefghilmnoprst0123456789';

/**
 * Text that stands for a run of characters that no pattern at hand spells: what matches a pattern with this in place of a `*`
 * matches whatever else stands there. Always the same for the same patterns.
 */
export function freshText(patterns: Iterable<string>): string {
  const used = new Set<string>();
  for (const pattern of patterns) for (const character of pattern) used.add(character);
  const letter = LETTERS.split('').find((candidate) => !used.has(candidate));
  if (letter !== undefined) return letter;
  let codePoint = 0x4e_00;
  while (used.has(String.fromCodePoint(codePoint))) codePoint += 1;
  return String.fromCodePoint(codePoint);
}

/** A name that matches the pattern. */
export function instanceOf(pattern: string, text: string): string {
  return pattern.replaceAll('*', text);
}

/**
 * Whether every name that matches `inner` matches one of `outer`. Exact: a pattern is inside a union of patterns if and only if the
 * name that it has for a run of characters that none of them spells is.
 */
export function isNamePatternWithin(inner: string, outer: readonly string[]): boolean {
  const name = instanceOf(inner, freshText([inner, ...outer]));
  return outer.some((pattern) => compileNameGlob(pattern)(name));
}

/** Whether every name in one set of patterns is in another; undefined stands for the set of all names. */
export function areNamesWithin(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  if (outer === undefined) return true;
  return (inner ?? ['*']).every((pattern) => isNamePatternWithin(pattern, outer));
}

/** A name that both patterns match; undefined where none was found. */
export function meetingName(left: string, right: string, text: string): string | undefined {
  const isBoth = (name: string): boolean => compileNameGlob(left)(name) && compileNameGlob(right)(name);
  const [leftHead = '', ...leftRest] = left.split('*');
  const [rightHead = '', ...rightRest] = right.split('*');
  const head = leftHead.length >= rightHead.length ? leftHead : rightHead;
  const tails = [leftRest.at(-1) ?? '', rightRest.at(-1) ?? ''].toSorted((one, other) => other.length - one.length);
  const middle = [...leftRest.slice(0, -1), ...rightRest.slice(0, -1)].join(text);
  const [tail = ''] = tails;
  const candidates = [
    instanceOf(left, text),
    instanceOf(right, text),
    `${head}${text}${tail}`,
    `${head}${tail}`,
    `${head}${text}${middle}${text}${tail}`,
    instanceOf(left, ''),
    instanceOf(right, ''),
  ];
  return candidates.find(isBoth);
}

/** Whether a name may match both patterns. False is proved: their beginnings or their ends exclude each other. */
export function mayMeet(left: string, right: string): boolean {
  const [one, other] = [left.split('*'), right.split('*')];
  if (one.length === 1) return compileNameGlob(right)(left);
  if (other.length === 1) return compileNameGlob(left)(right);
  const [heads, tails] = [
    [one[0] ?? '', other[0] ?? ''],
    [one.at(-1) ?? '', other.at(-1) ?? ''],
  ] as const;
  const isPrefix = heads[0].startsWith(heads[1]) || heads[1].startsWith(heads[0]);
  return isPrefix && (tails[0].endsWith(tails[1]) || tails[1].endsWith(tails[0]));
}
