/** Whether a text matches a compiled pattern. */
export type GlobTest = (text: string) => boolean;

/** Compiles a pattern of names, in which `*` is any run of characters and everything else is itself. */
export function compileNameGlob(pattern: string): GlobTest {
  const parts = pattern.split('*');
  const [prefix = '', ...rest] = parts;
  const suffix = rest.pop();
  if (suffix === undefined) return (text) => text === pattern;
  if (prefix === '' && suffix === '' && rest.length === 0) return () => true;
  const middle = rest.filter((part) => part !== '');
  return (text) => matchesParts(text, prefix, middle, suffix);
}

/** Prefix and suffix are fixed to the ends; what lies between is found from left to right, each part at its first place. */
function matchesParts(text: string, prefix: string, middle: readonly string[], suffix: string): boolean {
  const end = text.length - suffix.length;
  if (prefix.length > end || !text.startsWith(prefix) || !text.endsWith(suffix)) return false;
  let from = prefix.length;
  for (const part of middle) {
    const found = text.indexOf(part, from);
    if (found === -1 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

const ANY = 0;
const ANY_BUT_SLASH = 1;
type Token = string | typeof ANY | typeof ANY_BUT_SLASH;

/**
 * Compiles a pattern of URIs, in which `**` is any run of characters and `*` any run without `/`, a slash or backslash in
 * percent-encoding included: a server that decodes once more would see a separator there.
 *
 * Runs all states of the pattern side by side, so time is at most text length × pattern length, never more.
 */
export function compileUriGlob(pattern: string): GlobTest {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const tokens = tokensOf(pattern);
  const head = tokens.findIndex((token) => typeof token !== 'string');
  const prefix = tokens.slice(0, head).join('');
  const rest = tokens.slice(head);
  if (rest.length === 1 && rest[0] === ANY) return (text) => text.startsWith(prefix);
  return (text) => text.startsWith(prefix) && runTokens(rest, text, prefix.length);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    if (pattern[index] !== '*') {
      tokens.push(pattern[index] as string);
      continue;
    }
    const isDouble = pattern[index + 1] === '*';
    while (pattern[index + 1] === '*') index += 1;
    tokens.push(isDouble ? ANY : ANY_BUT_SLASH);
  }
  return tokens;
}

function runTokens(tokens: readonly Token[], text: string, from: number): boolean {
  const encoded = encodedSlashes(text);
  let active = enter(new Uint8Array(tokens.length + 1), tokens, 0);
  for (let index = from; index < text.length; index += 1) {
    const next = new Uint8Array(tokens.length + 1);
    const character = text[index] as string;
    const isSlash = character === '/' || encoded?.has(index) === true;
    let isAlive = false;
    for (let state = 0; state < tokens.length; state += 1) {
      if (active[state] !== 1) continue;
      const token = tokens[state] as Token;
      if (token === ANY || (token === ANY_BUT_SLASH && !isSlash)) enter(next, tokens, state);
      else if (token === character) enter(next, tokens, state + 1);
      else continue;
      isAlive = true;
    }
    if (!isAlive) return false;
    active = next;
  }
  return active[tokens.length] === 1;
}

/** Where encoded slashes and backslashes begin, however often they were encoded. */
function encodedSlashes(text: string): ReadonlySet<number> | undefined {
  if (!text.includes('%')) return undefined;
  return new Set([...text.matchAll(/%(?:25)*(?:2f|5c)/giu)].map((match) => match.index));
}

/** Marks `state` and, since a run may be empty, those that its wildcards lead to. */
function enter(states: Uint8Array, tokens: readonly Token[], state: number): Uint8Array {
  let current = state;
  states[current] = 1;
  while (current < tokens.length && typeof tokens[current] !== 'string') {
    current += 1;
    if (states[current] === 1) break;
    states[current] = 1;
  }
  return states;
}

/** Whether any of the patterns matches: exact ones by lookup, the others one by one. */
export function compileNameSet(patterns: readonly string[]): GlobTest {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const globs = patterns.filter((pattern) => pattern.includes('*')).map(compileNameGlob);
  if (globs.length === 0) return (text) => exact.has(text);
  return (text) => exact.has(text) || globs.some((test) => test(text));
}
