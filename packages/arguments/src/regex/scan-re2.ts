/** What can be told of a pattern in RE2 syntax from its outside. */
export interface Scan {
  /** Flags that it sets somewhere. */
  readonly flags: ReadonlySet<string>;
  /** Whether it starts with `^` or `\A` and ends with `$` or `\z`, with no alternative at the top and no flag `m`. */
  readonly isAnchored: boolean;
  /** A construct that RE2 does not have, in words. */
  readonly foreign: string | undefined;
  /** Unicode classes, which are large. */
  readonly unicodeClasses: number;
  /** The sum of the greatest counts of repetition: the compiled program has at least so many steps. */
  readonly copies: number;
}

/** Reads a pattern in one pass, without judging whether it compiles. */
export function scanRe2(pattern: string): Scan {
  const flags = new Set<string>();
  let foreign: string | undefined;
  let unicodeClasses = 0;
  let copies = 0;
  let depth = 0;
  let hasAlternative = false;
  let last = '';
  for (const token of pattern.matchAll(TOKENS)) {
    [last] = token;
    if (/^\{\d/u.test(last)) copies += Math.max(...last.slice(1, -1).split(',').map(Number));
    if (/^\\p/iu.test(last)) unicodeClasses += 1;
    if (/^\\(?:[1-9]|k|g)/u.test(last)) foreign ??= 'a backreference';
    else if (last === '\\Q') foreign ??= 'a quotation with `\\Q`';
    else if (/^\(\?<?[=!]/u.test(last)) foreign ??= 'a lookaround';
    else if (/^\(\?[>#(|&R\d]/u.test(last)) foreign ??= 'a group of another dialect';
    else if (last.startsWith('[')) unicodeClasses += last.split(/\\p/iu).length - 1;
    const set = /^\(\?(?<set>[a-zA-Z]*)(?:-[a-zA-Z]*)?[:)]$/u.exec(last)?.groups?.['set'] ?? '';
    for (const letter of set) flags.add(letter);
    if (last.startsWith('(') && !(last.startsWith('(?') && last.endsWith(')'))) depth += 1;
    if (last === ')') depth -= 1;
    if (last === '|' && depth === 0) hasAlternative = true;
  }
  const isAnchored =
    /^(?:\(\?[is]+\))?(?:\^|\\A)/u.test(pattern) &&
    (last === '$' || last === '\\z') &&
    !hasAlternative &&
    !flags.has('m');
  return { flags, isAnchored, foreign, unicodeClasses, copies };
}

/** An escape, a class, the head of a group, or one character. Linear: no two parts can read the same text in two ways. */
const TOKENS =
  /\\(?:[pP]\{[^}]{0,64}\}|[\s\S])|\[\^?\]?(?:\[:\^?[a-z]{0,16}:\]|\\[\s\S]|[^\]\\])*\]|\(\?(?:[a-zA-Z]*(?:-[a-zA-Z]*)?[:)]|<?[=!]|[>#(|&\d])?|\{\d{1,9}(?:,\d{0,9})?\}|[\s\S]/gu;
