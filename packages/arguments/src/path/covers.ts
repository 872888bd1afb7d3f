import { ANY_NAMES, type PathGlob } from './deny-glob.ts';
import { isDenied, isPrefix } from './judge-path.ts';
import { isSpecial } from './names.ts';
import type { PathRules, Root } from './rules.ts';

const BY_STRICTNESS = { deny: 0, brackets: 1, allow: 2 } as const;

/** Whether it is proved, key by key, that every path that passes `inner` passes `outer`. */
export function isPathCovered(inner: PathRules, outer: PathRules): boolean {
  return (
    (inner.platform === outer.platform || inner.platform === 'any') &&
    (inner.caseSensitive || !outer.caseSensitive) &&
    BY_STRICTNESS[inner.wildcards] <= BY_STRICTNESS[outer.wildcards] &&
    (inner.hidden === 'deny' || outer.hidden === 'allow') &&
    inner.maxLength <= outer.maxLength &&
    isExtensionCovered(inner, outer) &&
    inner.roots.every((root) => isRootCovered(root, inner, outer))
  );
}

function isExtensionCovered(inner: PathRules, outer: PathRules): boolean {
  if (outer.extensions === undefined) return true;
  return inner.extensions?.every((own) => outer.extensions?.some((other) => own.endsWith(other))) ?? false;
}

function isRootCovered(root: Root, inner: PathRules, outer: PathRules): boolean {
  // without a base, and with an absolute root, only absolute paths pass, whatever base the other knows
  if (!isSameBase(inner.base, outer.base) && (inner.base !== undefined || root.anchor === '')) return false;
  const around = outer.roots.find((other) => other.anchor === root.anchor && isPrefix(other, root.names, outer));
  if (around === undefined || isSpecial(root.anchor, root.names, around.names.length)) return false;
  const between = root.names.slice(around.names.length);
  const isHidden = between.some((name) => name.startsWith('.'));
  if (outer.hidden === 'deny' && isHidden) return false;
  if (inner.minDepth + between.length < outer.minDepth || inner.maxDepth + between.length > outer.maxDepth)
    return false;
  if (isDenied({ root: around, names: root.names, below: between }, outer)) return false;
  return outer.deny.every(
    (glob) => (inner.hidden === 'deny' && !isHidden && hidesItself(glob)) || isGlobCovered(glob, inner, between.length),
  );
}

function isSameBase(left: Root | undefined, right: Root | undefined): boolean {
  return left?.text === right?.text;
}

/** Whether `inner` refuses what the pattern denies: it has the same one, or one that says as much whatever the root. */
function isGlobCovered(glob: PathGlob, inner: PathRules, deeper: number): boolean {
  if (glob.anchor === '' && deeper > 0 && !isAnywhere(glob)) return false;
  const wanted = keyOf(glob);
  return inner.deny.some((own) => keyOf(own) === wanted);
}

/** Whether all that it denies has a hidden name. */
function hidesItself(glob: PathGlob): boolean {
  return glob.anchor === '' && glob.names.some((name) => name !== ANY_NAMES && name.pattern.startsWith('.'));
}

/** `**`, then one name: denied at any depth, so that it does not matter from where it is looked for. */
function isAnywhere(glob: PathGlob): boolean {
  const [first, second, ...rest] = glob.names;
  return (
    first === ANY_NAMES && second !== undefined && second !== ANY_NAMES && rest.every((name) => name === ANY_NAMES)
  );
}

/** Without `**` at the end: what is denied is so with all that lies below. */
function keyOf(glob: PathGlob): string {
  const names = glob.names.map((name) => (name === ANY_NAMES ? '**' : name.pattern));
  while (names.length > 1 && names.at(-1) === '**') names.pop();
  return `${glob.anchor}${names.join('/')}`;
}
