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
 * The ways a path can be read: with `..` resolved, without; and what lies behind another name of the root: more `..` than there
 * are folders, or `/proc/self/root`.
 */
function readingsOf(path: string): readonly SplitPath[] {
  const raw = splitPath(path);
  const readings: SplitPath[] = [raw];
  const resolved: string[] = [];
  let climbs = 0;
  for (const segment of raw.segments.map((name) => name.replace(/[. ]+$/u, (end) => (name === end ? end : '')))) {
    if (segment !== '..') resolved.push(segment);
    else if (resolved.pop() === undefined) climbs += 1;
  }
  readings.push({ segments: resolved, isAbsolute: raw.isAbsolute || climbs > 0 });
  const [first, , third] = resolved;
  if (first === 'proc' && (third === 'root' || third === 'cwd'))
    readings.push({ segments: resolved.slice(3), isAbsolute: true });
  return readings;
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

/** What in a text may be a path: the whole of it, and the pieces between spaces, quotes and the signs of command lines and lists. */
export function pathsIn(text: string): readonly string[] {
  const pieces = text.split(AROUND_PATHS);
  return [text.trim(), ...pieces, ...pieces.flatMap((piece) => (piece.includes(':') ? piece.split(':') : []))].filter(
    (piece) => piece !== '',
  );
}
