import { ANY_NAMES, type PathGlob } from './deny-glob.ts';
import { printPath } from './parse-path.ts';
import type { PathRules, Root } from './rules.ts';

const MAX_ROOTS = 16;
const MAX_GLOBS = 24;
const MAX_CHAIN = 12;

/** Names that policies often deny, so that a policy which does not is told from one that does. */
const OFTEN_DENIED = [
  '.env',
  '.git/config',
  '.ssh/id_rsa',
  '.npmrc',
  'node_modules/a/a.js',
  'secrets/a',
  'id_rsa',
  'a.key',
  'a.pem',
  '.github/workflows/a.yml',
  'package.json',
];

/** Paths most of which pass, plain ones first, those at bounds among them. */
export function* candidatePaths(rules: PathRules): Generator<string> {
  const [ending = '', ...endings] = rules.extensions ?? [];
  for (const root of rules.roots.slice(0, MAX_ROOTS)) yield below(root, [`a${ending}`]);
  const [first] = rules.roots;
  if (first === undefined) return;
  yield* chains(first, ending, rules);
  for (const other of endings.slice(0, MAX_ROOTS)) yield below(first, [`a${other}`]);
  for (const name of ['a.txt', 'a.exe', '.a', '.a.txt', '[a]', 'a b', 'A', 'a$b', 'é', 'a%20b', '-a']) {
    yield below(first, [`${name}${ending}`]);
  }
  yield below(first, ['.a', `a${ending}`]);
  // what only some platforms take
  for (const name of ['con', 'a:b', 'a ', 'a.', 'aaaaaa~1', 'a*', 'a?', 'a|b', '{a}']) {
    yield below(first, [`${name}${ending}`, 'a'].slice(0, 1));
    yield below(first, [name, `a${ending}`]);
  }
  for (const name of OFTEN_DENIED) yield below(first, name.split('/'));
  for (const glob of rules.deny.slice(0, MAX_GLOBS)) yield* around(first, glob, ending);
  yield* spellings(first, ending, rules);
  yield filled(first, ending, rules.maxLength);
}

function below(root: Pick<Root, 'anchor' | 'names'>, names: readonly string[]): string {
  const text = printPath(root.anchor, [...root.names, ...names]);
  return text.startsWith('-') ? `./${text}` : text;
}

/** From the root itself to as deep as is permitted, and one deeper. */
function* chains(root: Root, ending: string, rules: PathRules): Generator<string> {
  const depths = [...Array.from({ length: MAX_CHAIN }, (_, depth) => depth), rules.minDepth];
  if (Number.isFinite(rules.maxDepth)) depths.push(rules.maxDepth, rules.maxDepth + 1);
  for (const depth of depths) {
    const names = Array.from({ length: depth }, () => 'a');
    yield below(root, depth === 0 ? names : [...names.slice(1), `a${ending}`]);
  }
}

function* spellings(root: Root, ending: string, rules: PathRules): Generator<string> {
  const plain = below(root, [`a${ending}`]);
  if (root.anchor === '') yield `./${plain}`;
  yield `${below(root, ['a'])}/`;
  yield plain.toUpperCase();
  yield plain.replaceAll('/', '\\');
  const { base } = rules;
  if (base !== undefined) yield* [`a${ending}`, `a/a${ending}`];
}

/** One path of the pattern, in which every wildcard stands for `a`, and paths that are nearly so. */
function* around(root: Root, glob: PathGlob, ending: string): Generator<string> {
  const names = glob.names.map((name) => (name === ANY_NAMES ? 'a' : name.pattern.replaceAll(/[*?]/gu, 'a')));
  const place = glob.anchor === '' ? root : { anchor: glob.anchor, names: [] };
  yield below(place, names);
  yield below(place, [...names, `a${ending}`]);
  if (glob.names[0] === ANY_NAMES) yield below(place, names.slice(1));
  yield below(place, [...names.slice(0, -1), `${names.at(-1) ?? ''}${ending === '' ? 'x' : ending}`]);
}

/** A path as long as is permitted. */
function filled(root: Root, ending: string, length: number): string {
  let text = below(root, []);
  if (text === '.') text = 'a';
  while (length - text.length - ending.length > 202) text += `/${'a'.repeat(100)}`;
  const rest = length - text.length - ending.length;
  return rest < 2 ? text : `${text}/${'a'.repeat(rest - 1)}${ending}`;
}

/** Paths just outside. */
export function* pathsBeyond(rules: PathRules): Generator<string> {
  for (const root of rules.roots.slice(0, MAX_ROOTS)) {
    const text = below(root, []);
    const parent = { anchor: root.anchor, names: root.names.slice(0, -1) };
    yield `${text}x/a`;
    yield below(parent, ['b']);
    yield `${text}/../a`;
    yield `${text}//a`;
    yield `${text}/%2e%2e/a`;
  }
  yield* [
    '/a',
    '/etc/passwd',
    'a',
    '../a',
    '..\\a',
    '~/a',
    '$HOME/a',
    'C:/a',
    'C:a',
    '//a/b',
    'file:///a',
    '/proc/self/root',
  ];
  const [first] = rules.roots;
  if (first !== undefined) yield `${filled(first, '', rules.maxLength)}a`;
}

const MOST_TEXT = 4096;
const MAX_NAMES = 32;

/** Paths near one that does not pass: written otherwise, then with its names moved into the roots. */
export function* pathsNear(value: string, rules: PathRules): Generator<string> {
  const text = value
    .slice(0, MOST_TEXT)
    .trim()
    .replaceAll(/^["']|["']$/gu, '')
    .normalize('NFC');
  const slashed = text.replaceAll('\\', '/');
  yield* [text, slashed, slashed.replaceAll(/\/{2,}/gu, '/'), slashed.replaceAll(/(?<=\/)\.\//gu, '')];
  const names = slashed
    .split('/')
    .map(plainName)
    .filter((name) => name !== '')
    .slice(-MAX_NAMES);
  const [ending] = rules.extensions ?? [];
  for (const root of rules.roots.slice(0, 4)) {
    const kept = withoutRoot(root, names);
    yield below(root, kept);
    yield below(root, kept.slice(-1));
    if (ending === undefined) continue;
    const stem = (kept.at(-1) ?? 'a').replace(/\.[^.]*$/u, '');
    yield below(root, [...kept.slice(0, -1), `${stem === '' ? 'a' : stem}${ending}`]);
  }
  for (const root of rules.roots.slice(0, 4)) yield below(root, []);
}

/** The name with everything removed that some platform reads otherwise. */
function plainName(name: string): string {
  return name
    .replaceAll(/%[0-9A-Fa-f]{2}/gu, '')
    .replaceAll(/[^\w.\- ]/gu, '')
    .replace(/^[\s.]*\.\.|^[\s.]+$/u, '')
    .replace(/[. ]+$/u, '');
}

function withoutRoot(root: Root, names: readonly string[]): readonly string[] {
  const starts = root.names.every((name, index) => name === names[index]);
  return starts && names.length > root.names.length ? names.slice(root.names.length) : names;
}
