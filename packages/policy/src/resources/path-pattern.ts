import { compileNameGlob, type GlobTest } from '../match/glob.ts';

/** Matches paths in every spelling. Case does not matter: on some systems it does not either, and these patterns forbid. */
export interface PathPattern {
  /** Whether a path matches, as given or resolved. */
  matches(path: string): boolean;
}

type Segment = '**' | GlobTest;

/** Compiles a path pattern: `*` is any run within a segment, `**` any run of segments; a pattern that ends in `/**` covers the folder too. */
export function compilePathPattern(pattern: string): PathPattern {
  const { segments, isAbsolute } = splitPath(pattern);
  const tests = segments.map((segment): Segment => (segment === '**' ? '**' : compileNameGlob(segment)));
  const covered = tests.at(-1) === '**' ? tests.slice(0, -1) : undefined;
  const test = (path: readonly string[]): boolean =>
    runSegments(tests, path) || (covered !== undefined && covered.length > 0 && runSegments(covered, path));
  return {
    matches: (path) =>
      readingsOf(path).some((reading) =>
        reading.isAbsolute === isAbsolute || tests[0] === '**' ? test(reading.segments) : false,
      ),
  };
}

interface SplitPath {
  readonly segments: readonly string[];
  readonly isAbsolute: boolean;
}

const FILE_URL = /^file:(?:\/\/[^/]*)?(?=\/)/u;
const DRIVE = /^[a-z]:/u;

/** The segments of a path in lower case: backslashes are separators, empty segments and `.` are left out. */
function splitPath(path: string): SplitPath {
  const text = path.toLowerCase().replaceAll('\\', '/').replace(FILE_URL, '').replace(DRIVE, '');
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  return { segments, isAbsolute: text.startsWith('/') };
}

/**
 * The ways a path can be read: as it is; with `..` resolved; and with other names of the root followed: more `..` than there are
 * folders, and what `/proc` calls a process's root or current folder.
 */
function readingsOf(path: string): readonly SplitPath[] {
  const raw = splitPath(path);
  const resolved = resolve(raw, false);
  return raw.segments.includes('proc') ? [raw, resolved, resolve(raw, true)] : [raw, resolved];
}

function resolve({ segments, isAbsolute }: SplitPath, followsRoots: boolean): SplitPath {
  const resolved: string[] = [];
  let isRooted = isAbsolute;
  for (const segment of segments.map(withoutEnd)) {
    if (segment !== '..') resolved.push(segment);
    else if (resolved.pop() === undefined) isRooted = true;
    if (followsRoots && isProcessRoot(resolved)) {
      resolved.length = 0;
      isRooted = true;
    }
  }
  return { segments: resolved, isAbsolute: isRooted };
}

/** Without the dots and spaces at the end, which Windows leaves out; of nothing else, as it is. */
function withoutEnd(segment: string): string {
  let end = segment.length;
  while (end > 0 && '. '.includes(segment.charAt(end - 1))) end -= 1;
  return end === 0 ? segment : segment.slice(0, end);
}

/** `/proc/<process>/root`, `/proc/<process>/task/<thread>/root`, and the same for the current folder. */
function isProcessRoot(segments: readonly string[]): boolean {
  const isThread = segments.length === 5 && segments[2] === 'task';
  const last = segments.at(-1);
  return segments[0] === 'proc' && (segments.length === 3 || isThread) && (last === 'root' || last === 'cwd');
}

/** Runs all states of the pattern side by side: at most segments × pattern, never more. */
function runSegments(tests: readonly Segment[], path: readonly string[]): boolean {
  let active = enter(new Uint8Array(tests.length + 1), tests, 0);
  for (const segment of path) {
    const next = new Uint8Array(tests.length + 1);
    let isAlive = false;
    for (let state = 0; state < tests.length; state += 1) {
      if (active[state] !== 1) continue;
      const test = tests[state] as Segment;
      if (test === '**') enter(next, tests, state);
      else if (test(segment)) enter(next, tests, state + 1);
      else continue;
      isAlive = true;
    }
    if (!isAlive) return false;
    active = next;
  }
  return active[tests.length] === 1;
}

/** Marks `state` and, since `**` may stand for no segment, those behind it. */
function enter(states: Uint8Array, tests: readonly Segment[], from: number): Uint8Array {
  let state = from;
  states[state] = 1;
  while (tests[state] === '**') {
    state += 1;
    if (states[state] === 1) break;
    states[state] = 1;
  }
  return states;
}

const AROUND_PATHS = /[\s"'`=,;|<>(){}[\]&@!^]+/u;
// a query or a fragment ends the path of a URL, and NUL whatever is handed to the system
const BEHIND_PATH = /[?#\0]/u;

/**
 * What in a text may be a path: the whole of it, the pieces between spaces, quotes and the signs of command lines and lists, and the
 * words of a shell, whose quotes and backslashes join what they stand between.
 */
export function pathsIn(text: string): readonly string[] {
  const words = /["'\\]/u.test(text) ? shellWords(text) : [];
  const pieces = [text.trim(), ...text.split(AROUND_PATHS), ...words, ...words.flatMap((word) => word.split('='))];
  const parts = pieces.flatMap((piece) => piece.split(':'));
  return [...new Set([...pieces, ...parts].flatMap(cut))].filter((piece) => piece !== '');
}

/** A piece, and what of it comes before a query. */
function cut(piece: string): readonly string[] {
  const end = piece.search(BEHIND_PATH);
  return end < 0 ? [piece] : [piece, piece.slice(0, end)];
}

/** The words of a text as a POSIX shell reads it, without quotes and backslashes; a quote that nothing ends goes to the end. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\' && quote !== "'") {
      index += 1;
      word += text.charAt(index);
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (/[\s;|&<>()]/u.test(character)) {
      words.push(word);
      word = '';
    } else {
      word += character;
    }
  }
  return [...words, word];
}
