/** Folders that a policy names at most. */
const MAX_ROOTS = 8;

/** The folders that hold all of `roots` and a path: each as deep as it can be, none in another. Undefined where there are too many. */
export function rootsWith(roots: readonly string[], path: string): readonly string[] | undefined {
  const folder = segmentsOf(path);
  const known = roots.map(segmentsOf);
  if (known.some((root) => isBelow(folder, root))) return roots;
  // The first try keeps apart what only shares its first folder, the last gives up and names the root.
  for (const least of [2, 1, 0]) {
    const wanted = folder[0] === '.' ? Math.min(least, 1) : least;
    const index = known.findIndex((root) => shared(root, folder).length > wanted);
    const joined = index === -1 ? [...known, folder] : known.with(index, shared(known[index] ?? [], folder));
    const outermost = withoutNested(joined);
    if (outermost.length <= MAX_ROOTS) return outermost.map(textOf).toSorted();
  }
  return undefined;
}

/** Segments of a path; the first tells absolute (`""`, or a drive) from relative (`.`). */
function segmentsOf(path: string): readonly string[] {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part, index) => part !== '' || index === 0);
  const [first = ''] = parts;
  if (first === '' || /^[A-Za-z]:$/u.test(first)) return parts.length === 0 ? [''] : parts;
  return first === '.' ? parts : ['.', ...parts];
}

function textOf(segments: readonly string[]): string {
  const [first = '', ...rest] = segments;
  if (first === '.') return rest.length === 0 ? '.' : rest.join('/');
  return rest.length === 0 ? `${first}/` : segments.join('/');
}

function isBelow(path: readonly string[], root: readonly string[]): boolean {
  return root.every((segment, index) => segment === path[index]);
}

function shared(left: readonly string[], right: readonly string[]): readonly string[] {
  const end = left.findIndex((segment, index) => segment !== right[index]);
  return end === -1 ? left : left.slice(0, end);
}

function withoutNested(roots: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return roots.filter(
    (root, index) =>
      !roots.some((other, at) => at !== index && isBelow(root, other) && (other.length < root.length || at < index)),
  );
}
