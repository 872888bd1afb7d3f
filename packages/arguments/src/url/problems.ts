import type { KindProblem } from '@callgate/policy';

/** What is wrong with a URL. `error` problems are about text that parsers could read differently. */
export type UrlProblemCode =
  | 'url.too_long'
  | 'url.character'
  | 'url.syntax'
  | 'url.scheme'
  | 'url.credentials'
  | 'url.host_syntax'
  | 'url.host_spelling'
  | 'url.host_international'
  | 'url.host_internal'
  | 'url.host_metadata'
  | 'url.host_rebinding'
  | 'url.address'
  | 'url.host'
  | 'url.port'
  | 'url.path'
  | 'url.path_dots'
  | 'url.path_encoding'
  | 'url.query'
  | 'url.query_name'
  | 'url.fragment'
  | 'url.ambiguous';

const ERRORS: ReadonlySet<UrlProblemCode> = new Set([
  'url.character',
  'url.syntax',
  'url.host_syntax',
  'url.host_spelling',
  'url.ambiguous',
]);

export function urlProblem(code: UrlProblemCode, expected: string, got: string, hint?: string): KindProblem {
  return {
    code,
    verdict: ERRORS.has(code) ? 'error' : 'fail',
    pointer: '',
    expected,
    got,
    ...(hint === undefined ? {} : { hint }),
  };
}
