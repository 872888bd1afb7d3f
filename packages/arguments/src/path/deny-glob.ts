/** A pattern of paths, split into its names. */
export interface PathGlob {
  /** As written. */
  readonly text: string;
  /** Whether it is about whole paths, because it begins with `/` or a drive, and not about what is below a root. */
  readonly anchor: string;
  readonly names: readonly (NameGlob | typeof ANY_NAMES)[];
}

export const ANY_NAMES: unique symbol = Symbol('**');

/** A pattern of one name: text with wildcards, folded. */
export interface NameGlob {
  readonly pattern: string;
  /** Whether it has `*` or `?`. */
  readonly isWild: boolean;
}

/** The most names in a pattern, so that the states of one fit in a word. */
export const MAX_GLOB_NAMES = 30;

/**
 * Whether the path, or a folder above it, is one of the pattern. `**` is any number of names, `*` any run of characters in a
 * name, `?` one of them. Takes at most names of the path × names of the pattern, each at most 255 × 255.
 *
 * @param names folded
 */
export function matchesPathGlob(glob: PathGlob, names: readonly string[]): boolean {
  // bit n: the first n names of the pattern are matched
  const done = 1 << glob.names.length;
  let active = enter(glob, 0, 0);
  for (let index = 0; index < names.length && active !== 0 && (active & done) === 0; index += 1) {
    active = step(glob, active, names[index] ?? '');
  }
  return (active & done) !== 0;
}

function step(glob: PathGlob, active: number, name: string): number {
  let next = 0;
  for (let state = 0; active >> state !== 0; state += 1) {
    if (((active >> state) & 1) === 0) continue;
    const part = glob.names[state];
    if (part === ANY_NAMES) next = enter(glob, next, state);
    else if (part !== undefined && matchesName(part, name)) next = enter(glob, next, state + 1);
  }
  return next;
}

/** Adds a state and, since `**` may be no name at all, those behind it. */
function enter(glob: PathGlob, states: number, state: number): number {
  let current = state;
  while (glob.names[current] === ANY_NAMES) current += 1;
  let added = states;
  for (let each = state; each <= current; each += 1) added |= 1 << each;
  return added;
}

function matchesName(glob: NameGlob, name: string): boolean {
  return glob.isWild ? matchesWild(glob.pattern, name) : glob.pattern === name;
}

/** The usual two pointers: on a mismatch the last `*` takes one character more. */
function matchesWild(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < name.length;) {
    const sign = pattern[at];
    if (sign === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (sign === '?' || sign === name[index]) {
      at += 1;
      index += 1;
    } else if (star === -1) {
      return false;
    } else {
      resume += 1;
      index = resume;
      at = star + 1;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
