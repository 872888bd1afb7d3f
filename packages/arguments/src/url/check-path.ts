import type { KindProblem } from '@callgate/policy';

import { urlProblem } from './problems.ts';

/** `.` and `..` in every spelling, those of servers that cut `;parameters` off included. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/;]|%2f|%5c|%3b|$)/iu;

/** What a server may decode into a separator or a dot segment after the prefix was compared. */
const ENCODED_SEPARATOR = /%(?:2e|2f|5c|25)/iu;

/** What is wrong with a path as it is written, for every URL. */
export function pathProblem(path: string): KindProblem | undefined {
  if (DOT_SEGMENT.test(path)) {
    return urlProblem(
      'url.path_dots',
      'a path without `.` and `..` segments',
      'one with them',
      'resolve the path first',
    );
  }
  if (!path.startsWith('//')) return undefined;
  return urlProblem('url.path', 'a path that begins with one slash', 'several slashes', 'remove the extra slashes');
}

/** What is wrong with a path where only some are allowed. */
export function prefixProblem(path: string, prefixes: readonly string[], expected: string): KindProblem | undefined {
  if (ENCODED_SEPARATOR.test(path)) {
    return urlProblem(
      'url.path_encoding',
      'a path without encoded dots, slashes, backslashes and percent signs',
      'one with them',
    );
  }
  if (path.includes('//')) return urlProblem('url.path', 'a path without empty segments', 'one with them');
  if (prefixes.some((prefix) => isUnder(path === '' ? '/' : path, prefix))) return undefined;
  return urlProblem('url.path', expected, 'another path', 'use a path that is allowed');
}

/** Whether `path` is `prefix` or below it. */
export function isUnder(path: string, prefix: string): boolean {
  return (
    path.startsWith(prefix) && (path.length === prefix.length || prefix.endsWith('/') || path[prefix.length] === '/')
  );
}
