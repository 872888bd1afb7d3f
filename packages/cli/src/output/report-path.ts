import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where files stand to the reader of a report. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * A file as a report names it: relative to the root of the checkout, with `/` between segments; absolute where it is outside. The
 * root is `GITHUB_WORKSPACE` where that is set, else the working directory.
 */
export function reportPath(file: string, env: Env): string {
  return (insideRoot(file, env) ?? resolve(file)).split(sep).join('/');
}

/** The same as a URI reference (RFC 3986), for SARIF. */
export function reportUri(file: string, env: Env): { readonly uri: string; readonly isRelative: boolean } {
  const inside = insideRoot(file, env);
  if (inside === undefined) return { uri: pathToFileURL(resolve(file)).href, isRelative: false };
  const segments = inside.split(sep).map((segment) => encodeURIComponent(segment.toWellFormed()));
  return { uri: segments.join('/'), isRelative: true };
}

function insideRoot(file: string, env: Env): string | undefined {
  const root = env['GITHUB_WORKSPACE'];
  const path = relative(root === undefined || root === '' ? '.' : root, resolve(file));
  return path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? undefined : path;
}
