/** What a statement's text will cost its parser: at least so much, where a limit is exceeded. */
export interface LexicalBounds {
  readonly tokens: number;
  /** No less than the depth of the tree. */
  readonly nesting: number;
  /** The sum of squares of the lengths of runs of operator characters, which PostgreSQL's scanner reads again for each. */
  readonly operators: number;
}

/** How a dialect writes what is not code. */
export interface Lexis {
  readonly nestedComments: boolean;
  /** `$tag$ … $tag$`, and `E'…'` with backslashes. */
  readonly dollarQuotes: boolean;
  /** `[name]`. */
  readonly bracketNames: boolean;
}

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /[\d.][\w.]*/y;
const OPERATORS = /[~!@#^&|`?+\-*/%<>=]{2,}/gu;
const SPACE = /\s+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const COMMENT_EDGE = /\/\*|\*\//gu;

/** Chains of these nest, whatever stands between. */
const CHAINS: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'join']);
/** What stands beside them is a list: it does not nest. */
const SEPARATORS: ReadonlySet<string> = new Set(['and', 'or']);

/** From where on a text is refused, and need not be read further. */
export interface LexicalLimits {
  readonly tokens: number;
  readonly nesting: number;
}

/**
 * Reads a text as far as its bounds need, up to where it exceeds `limits`, in linear time. It need not agree with the parser in every detail: a text that misleads it
 * costs the parser at most an error that is caught.
 */
export function lexicalBounds(text: string, lexis: Lexis, limits: LexicalLimits): LexicalBounds {
  const nest = new Nesting();
  let at = 0;
  while (at < text.length) {
    if (nest.tokens > limits.tokens || nest.deepest > limits.nesting) {
      return { tokens: nest.tokens, nesting: nest.deepest, operators: 0 };
    }
    const skipped = skipText(text, at, lexis);
    if (skipped !== undefined) {
      if (text[at] !== '-' && text[at] !== '/' && !isSpace(text, at)) nest.token();
      at = skipped;
      continue;
    }
    const word = matchAt(WORD, text, at) ?? matchAt(NUMBER, text, at);
    if (word === undefined) nest.mark(text.charAt(at));
    else nest.word(word);
    at += word?.length ?? 1;
  }
  return { tokens: nest.tokens, nesting: nest.deepest, operators: operatorCost(text) };
}

/** Counted in the raw text: inside comments, runs cost as much as outside. */
function operatorCost(text: string): number {
  let cost = 0;
  for (const [run] of text.matchAll(OPERATORS)) {
    // A line of dashes is read once, up to a comment that another comment holds.
    const comment = run.startsWith('--') ? run.indexOf('/*') : 0;
    if (comment >= 0) cost += (run.length - comment) ** 2;
  }
  return cost;
}

function isSpace(text: string, at: number): boolean {
  return matchAt(SPACE, text, at) !== undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The end of the space, comment or quoted text that begins here; undefined where none does. */
function skipText(text: string, at: number, lexis: Lexis): number | undefined {
  switch (text[at]) {
    case "'":
      return endOfQuoted(text, at, "'", lexis.dollarQuotes && /[eE]/u.test(text[at - 1] ?? ''));
    case '"':
    case '`':
      return endOfQuoted(text, at, text.charAt(at), false);
    case '-':
      return text[at + 1] === '-' ? orEnd(text, text.indexOf('\n', at)) : undefined;
    case '/':
      return text[at + 1] === '*' ? endOfComment(text, at, lexis.nestedComments) : undefined;
    case '[':
      return lexis.bracketNames ? orEnd(text, text.indexOf(']', at), 1) : undefined;
    case '$': {
      const tag = lexis.dollarQuotes ? matchAt(DOLLAR_TAG, text, at) : undefined;
      return tag === undefined ? undefined : orEnd(text, text.indexOf(tag, at + tag.length), tag.length);
    }
    default: {
      const space = matchAt(SPACE, text, at);
      return space === undefined ? undefined : at + space.length;
    }
  }
}

function orEnd(text: string, found: number, length = 0): number {
  return found < 0 ? text.length : found + length;
}

function endOfQuoted(text: string, at: number, quote: string, escapes: boolean): number {
  for (let index = at + 1; index < text.length; index += 1) {
    if (escapes && text[index] === '\\') index += 1;
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index + 1;
      index += 1;
    }
  }
  return text.length;
}

function endOfComment(text: string, at: number, nested: boolean): number {
  if (!nested) return orEnd(text, text.indexOf('*/', at + 2), 2);
  let depth = 0;
  COMMENT_EDGE.lastIndex = at;
  for (let edge = COMMENT_EDGE.exec(text); edge !== null; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.index + 2;
  }
  return text.length;
}

/**
 * An upper bound of the tree's depth: the tokens of the current item of every open bracket, and the links of all chains. A comma,
 * `AND` or `OR` begins an item.
 */
class Nesting {
  tokens = 0;
  deepest = 0;
  private depth = 0;
  private readonly open: { readonly mark: string; count: number }[] = [{ mark: '', count: 0 }];

  token(): void {
    this.tokens += 1;
    this.depth += 1;
    const top = this.open.at(-1);
    if (top !== undefined) top.count += 1;
    if (this.depth > this.deepest) this.deepest = this.depth;
  }

  word(text: string): void {
    this.token();
    if (text.length > 9) return;
    const word = text.toLowerCase();
    if (CHAINS.has(word)) this.depth += 1;
    else if (SEPARATORS.has(word)) this.next();
    else if (word === 'case') this.open.push({ mark: 'case', count: 0 });
    else if (word === 'end' && this.open.at(-1)?.mark === 'case') this.close();
  }

  mark(character: string): void {
    this.token();
    if (character === '(' || character === '[') this.open.push({ mark: character, count: 0 });
    else if (character === ',' || character === ';') this.next();
    else if (character === ')' || character === ']') {
      while (this.open.at(-1)?.mark === 'case') this.close();
      this.close();
    }
  }

  private next(): void {
    const top = this.open.at(-1);
    if (top === undefined) return;
    this.depth -= top.count;
    top.count = 0;
  }

  private close(): void {
    this.next();
    if (this.open.length > 1) this.open.pop();
  }
}
