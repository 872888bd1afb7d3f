/** What a look at the characters of a source tells before it is parsed. */
export interface BracketScan {
  /** For each opening bracket its closing one, as offsets. */
  readonly pairs: ReadonlyMap<number, number>;
  /** The first place where nesting goes beyond the bound, if any. */
  readonly tooDeepAt: number | undefined;
}

/**
 * Matches the brackets of a source outside of strings and comments, and bounds how deep it nests: brackets, and `!` and `-`
 * in a row, are what makes a parser recurse. Never fails: what does not match is left for the parser to report.
 */
export function scanBrackets(source: string, maxDepth: number): BracketScan {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  let signs = 0;
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (character === '"' || character === "'") {
      index = endOfString(source, index);
      signs = 0;
    } else if (character === '/' && source.charAt(index + 1) === '/') {
      const end = source.indexOf('\n', index);
      index = end < 0 ? source.length : end;
    } else if ('([{'.includes(character)) {
      open.push(index);
    } else if (')]}'.includes(character)) {
      const start = open.pop();
      if (start !== undefined) pairs.set(start, index);
      signs = 0;
    } else if (character === '!' || character === '-') {
      signs += 1;
    } else if (!' \t\r\n'.includes(character)) {
      signs = 0;
    }
    if (open.length + signs > maxDepth) return { pairs, tooDeepAt: index };
  }
  return { pairs, tooDeepAt: undefined };
}

/** The offset of the last character of the string that begins at `start`, by the rules of the parser's lexer. */
function endOfString(source: string, start: number): number {
  const quote = source.charAt(start);
  const isTriple = source.startsWith(quote.repeat(3), start);
  const close = isTriple ? quote.repeat(3) : quote;
  for (let index = start + close.length; index < source.length; index += 1) {
    if (source.charAt(index) === '\\') index += 1;
    else if (source.startsWith(close, index)) return index + close.length - 1;
    else if (!isTriple && source.charAt(index) === '\n') return index;
  }
  return source.length;
}
