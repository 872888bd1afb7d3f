/** A path, read without a file system: what `.` and `..` leave of it. */
export interface LexicalPath {
  readonly isAbsolute: boolean;
  /** Leading `..` are kept in a relative path, and dropped in an absolute one. */
  readonly segments: readonly string[];
}

export function parsePath(text: string): LexicalPath {
  const isAbsolute = text.startsWith('/');
  const segments: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!isAbsolute) segments.push('..');
  }
  return { isAbsolute, segments };
}

export function pathText({ isAbsolute, segments }: LexicalPath): string {
  return isAbsolute ? `/${segments.join('/')}` : segments.length === 0 ? '.' : segments.join('/');
}

/** Whether a path is `root` or below it. A relative path is never below an absolute root: where it starts is not known here. */
export function isUnder(path: LexicalPath, root: LexicalPath): boolean {
  return (
    path.isAbsolute === root.isAbsolute &&
    root.segments.length <= path.segments.length &&
    root.segments.every((segment, index) => segment === path.segments[index]) &&
    path.segments[root.segments.length] !== '..'
  );
}

/** Encoded controls, dots, slashes, backslashes and percent signs: what a program that decodes would read as another path. */
const ENCODED = /%(?:[01][\da-f]|2[5ef]|5c|7f)/iu;

/**
 * Whether text is a plain path: what programs read as something else (`https://…`, `host:file`, `~/x`, `C:\x`, `@file`, `-`) is not, nor
 * is one with `..`, which behind a symbolic link is not what it looks like.
 */
export function isPlainPath(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return text !== '' && !/^[-~@]|^[^/]*:|(?:^|\/)\.\.(?:\/|$)|[\\\0-\u001F\u007F]/u.test(text) && !ENCODED.test(text);
}
