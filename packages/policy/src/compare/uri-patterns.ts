import { canonicalPattern } from '../match/resource-uri.ts';

const ANY = Symbol('any run');
const SEGMENT = Symbol('any run without a slash');
type Token = string | typeof ANY | typeof SEGMENT;

/** Proves that every URI that matches `inner` matches one of `outer`. Undefined stands for no URI. */
export function proveUrisWithin(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  return (inner ?? []).every((pattern) => (outer ?? []).some((other) => provesUriPattern(pattern, other)));
}

function provesUriPattern(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  const text = canonicalPattern(inner);
  // an escape may spell a slash together with what a wildcard stands for
  if (text.includes('%')) return text === canonicalPattern(outer);
  return covers(tokensOf(canonicalPattern(outer)), tokensOf(text));
}

function tokensOf(pattern: string): readonly Token[] {
  return (pattern.match(/\*+|[^*]/gsu) ?? []).map((token) =>
    token.startsWith('*') ? (token.length > 1 ? ANY : SEGMENT) : token,
  );
}

/** Whether the outer tokens match the inner ones, taken as characters of which a wildcard matches those that it includes. */
function covers(outer: readonly Token[], inner: readonly Token[]): boolean {
  let active = enter(new Set(), outer, 0);
  for (const token of inner) {
    const next = new Set<number>();
    for (const state of active) {
      const wanted = outer[state];
      if (wanted === ANY || (wanted === SEGMENT && token !== ANY && token !== '/')) enter(next, outer, state);
      else if (typeof wanted === 'string' && wanted === token) enter(next, outer, state + 1);
    }
    active = next;
  }
  return active.has(outer.length);
}

function enter(states: Set<number>, tokens: readonly Token[], state: number): Set<number> {
  let current = state;
  states.add(current);
  while (current < tokens.length && typeof tokens[current] !== 'string') {
    current += 1;
    states.add(current);
  }
  return states;
}

/** URIs that match a pattern, plain ones first. */
export function urisOf(pattern: string, text: string): readonly string[] {
  const fill = (any: string, segment: string): string =>
    canonicalPattern(pattern).replaceAll(/\*+/gu, (run) => (run.length > 1 ? any : segment));
  return [fill(text, text), fill(`${text}/${text}`, text), fill(`example://${text}/${text}`, text), fill('', '')];
}
