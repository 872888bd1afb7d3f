import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

const MAX_MISSING = 256;

/**
 * Where a path leads once every link in it is followed: the real path of the longest part of it that exists, and the rest as it
 * is. Undefined where that cannot be told: a link to nothing, a file where a folder should be, a loop, a folder that may not be
 * read.
 *
 * @param path absolute, without `.` and `..`
 */
export async function resolveReal(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  let current = path;
  while (missing.length <= MAX_MISSING) {
    try {
      return join(await realpath(current), ...missing.toReversed());
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || (await isLink(current))) return undefined;
    }
    const parent = dirname(current);
    if (parent === current) return undefined;
    missing.push(basename(current));
    current = parent;
  }
  return undefined;
}

/** Whether there is a link here: since what it leads to is missing, it would be made outside. What cannot be told counts as one. */
async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Whether a real path is a folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
