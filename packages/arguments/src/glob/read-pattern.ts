import type { GlobFinding } from './problem.ts';
import type { GlobWildcard } from './specification.ts';

/** A wildcard pattern, as far as its breadth is concerned. */
export interface Pattern {
  /** The wildcards in it, in order; a run of stars is one. */
  readonly wildcards: readonly GlobWildcard[];
  /** The text before the first wildcard. */
  readonly prefix: string;
  /** Letters and digits outside of wildcards; of alternatives the least. */
  readonly literals: number;
  /** How many patterns its braces stand for, counted up to 1,025. */
  readonly branches: number;
  /** Whether a segment can be `..`. */
  readonly climbs: boolean;
}

export type ReadPattern = Pattern | { readonly found: GlobFinding };

/** A limit above which alternatives are not counted further. */
const MAX_BRANCHES = 1024;

const DANGLING: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with an escape, class or brace that is not complete',
  hint: 'close brackets and braces, and put a backslash before those that mean themselves',
};
const FOREIGN: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with a negation, a comment or an extended group',
  hint: 'write it with `*`, `**`, `?`, `[…]` and `{a,b}` alone',
};
const NESTED: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with braces within braces, or a range in braces',
  hint: 'list the alternatives in one pair of braces',
};

/** Letters and digits; beyond ASCII all but punctuation and symbols. Written out, so that no version of Unicode matters. */
const LITERAL =
  /[0-9A-Za-z\u00C0-\u1FFF\u2C00-\u2DFF\u3040-\uD7FF\uF900-\uFDFF\u{10000}-\u{1EFFF}\u{20000}-\u{3FFFF}]/u;

function isLiteral(character: string): boolean {
  return LITERAL.test(character);
}

export function countLiterals(text: string): number {
  let count = 0;
  for (const character of text) if (isLiteral(character)) count += 1;
  return count;
}

/** What the parts of a pattern add up to. */
class Tally {
  readonly wildcards: GlobWildcard[] = [];
  prefix = '';
  literals = 0;
  branches = 1;
  climbs = false;
  /** The segment so far, as marks: `.` for what can be a dot and nothing else, `x` for the rest. */
  #segment = '';

  literal(text: string): void {
    for (const character of text) {
      if (this.wildcards.length === 0) this.prefix += character;
      if (isLiteral(character)) this.literals += 1;
      // Windows separates by both
      if (character === '/' || character === '\\') this.endSegment();
      else this.mark(character === '.' ? '.' : 'x');
    }
  }

  wildcard(wildcard: GlobWildcard, mark: '.' | 'x'): void {
    this.wildcards.push(wildcard);
    this.mark(mark);
  }

  mark(mark: string): void {
    if (this.#segment.length < 3) this.#segment += mark;
  }

  endSegment(): void {
    if (this.#segment === '..') this.climbs = true;
    this.#segment = '';
  }
}

/** Reads LIKE of SQL: `%`, `_`, and `\` in front of them. A `[` is a wildcard in one dialect, so it needs a backslash. */
export function readLike(text: string): ReadPattern {
  const tally = new Tally();
  for (const [part] of text.matchAll(/\\[\s\S]?|%+|_|[^\\%_]+/gu)) {
    if (part === '\\') return { found: DANGLING };
    if (part.startsWith('%')) tally.wildcard('%', 'x');
    else if (part === '_') tally.wildcard('_', 'x');
    else if (!part.startsWith('\\') && /[[\]]/u.test(part)) return { found: BRACKET };
    else tally.literal(part.startsWith('\\') ? part.slice(1) : part);
  }
  return summaryOf(tally, false);
}

const BRACKET: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with a bracket, which some dialects read as a class',
  hint: 'put a backslash before `[` and `]`',
};

/** A part of a glob: an escape, stars, `?`, a class, braces without braces in them, or text. */
const GLOB_PARTS =
  /\\[\s\S]?|\*+|\?|\[[!^]?\]?(?:\\[\s\S]|[^\]\\])*\]|\{(?:\\[\s\S]|[^{}\\])*\}|[^\\*?[\]{}]+|[\s\S]/gu;

/** Reads a glob as shells, minimatch, picomatch and gitignore read it alike. */
export function readGlob(text: string): ReadPattern {
  if (/^[!#]|[?*+@!]\(|\|/u.test(text)) return { found: FOREIGN };
  const tally = new Tally();
  for (const [part] of text.matchAll(GLOB_PARTS)) {
    const found = addPart(part, tally);
    if (found !== undefined) return { found };
  }
  return summaryOf(tally, true);
}

function addPart(part: string, tally: Tally): GlobFinding | undefined {
  const first = part[0] ?? '';
  if (part === '\\' || part === '[' || part === '{' || part === '}') return DANGLING;
  switch (first) {
    case '\\':
      tally.literal(part.slice(1));
      return undefined;
    case '*':
      tally.wildcard(part.length > 1 ? '**' : '*', 'x');
      return undefined;
    case '?':
      tally.wildcard('?', 'x');
      return undefined;
    case '[':
      // a class with a separator is read in several ways
      if (part.includes('/') || part.includes('\\\\')) return DANGLING;
      tally.wildcard('[]', part.includes('.') || /^\[[!^]|-/u.test(part) ? '.' : 'x');
      return undefined;
    case '{':
      return addBraces(part.slice(1, -1), tally);
    default:
      tally.literal(part);
      return undefined;
  }
}

/** Alternatives: plain text each, as globs with wildcards in braces are written without. */
function addBraces(body: string, tally: Tally): GlobFinding | undefined {
  const options = body.replaceAll(/\\[\s\S]/gu, '_').split(',');
  if (/\.\./u.test(body)) return NESTED;
  if (/[*?[\]]/u.test(body)) return FOREIGN_IN_BRACES;
  if (options.length < 2) return DANGLING;
  tally.branches = Math.min(MAX_BRANCHES + 1, tally.branches * options.length);
  tally.literals += Math.min(...options.map((option) => countLiterals(option)));
  // alternatives of dots, or none, could complete a `..`; those with a slash end a segment
  if (options.some((option) => /^\.*$/u.test(option) || option.includes('/'))) return DOTS_IN_BRACES;
  tally.wildcard('{}', 'x');
  return undefined;
}

const FOREIGN_IN_BRACES: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with wildcards within braces',
  hint: 'put wildcards outside of braces, or give several patterns',
};
const DOTS_IN_BRACES: GlobFinding = {
  code: 'glob.syntax',
  verdict: 'error',
  got: 'a pattern with an empty alternative, one of dots alone, or one with `/`',
  hint: 'list alternatives that are names or parts of names',
};

function summaryOf(tally: Tally, hasSegments: boolean): Pattern {
  tally.endSegment();
  const { wildcards, prefix, literals, branches, climbs } = tally;
  return { wildcards, prefix, literals, branches, climbs: hasSegments && climbs };
}
