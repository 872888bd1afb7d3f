import type { KindProblem } from '@callgate/policy';

import type { UrlParts } from './split-url.ts';
import { urlProblem } from './problems.ts';

/**
 * Not of RFC 3986 §2, nor a letter, mark or digit of another script as RFC 3987 has them; a percent sign without two digits; more
 * marks on one letter than any script needs, on which normalisation takes quadratic time.
 */
const FOREIGN = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%\p{L}\p{M}\p{Nd}]|%(?![0-9A-Fa-f]{2})|\p{M}{9}/u;

/** NUL to US and DEL, percent-encoded. */
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/iu;

/** NUL, and what ends a line of a header. */
const ENCODED_CONTROL_BUT_WHITE_SPACE = /%(?:0[0-8b-f]|1[0-9a-f]|7f)/iu;

/** Letters that no parser may fold into something else: not in NFKC, so full-width and enclosed forms. */
function folds(text: string): boolean {
  return /[^\0-\x7f]/u.test(text) && text.normalize('NFKC') !== text;
}

/** Characters that some parsers remove, encode or take for separators. */
export function characterProblem(text: string): KindProblem | undefined {
  if (!FOREIGN.test(text) && !folds(text)) return undefined;
  return urlProblem(
    'url.character',
    'characters of RFC 3986 only',
    'white space, a control character, a backslash, a broken percent sign, or a character that must be encoded',
    'percent-encode what is not a letter, digit or separator, and remove white space and backslashes',
  );
}

/** Encoded control characters; brackets outside a host, a query and a fragment. */
export function encodingProblem({ path, query = '', fragment = '' }: UrlParts): KindProblem | undefined {
  if (!ENCODED_CONTROL.test(path) && !ENCODED_CONTROL_BUT_WHITE_SPACE.test(`${query}#${fragment}`)) {
    if (!/[[\]]/u.test(path)) return undefined;
    return urlProblem('url.character', 'brackets that are percent-encoded', 'a bracket in the path');
  }
  return urlProblem('url.character', 'no control characters, encoded ones included', 'an encoded control character');
}
