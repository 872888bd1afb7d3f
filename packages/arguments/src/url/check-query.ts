import type { KindProblem } from '@callgate/policy';

import { urlProblem } from './problems.ts';

/** What is wrong with a query, without its `?`. */
export function queryProblem(
  query: string | undefined,
  allowed: 'allow' | 'deny' | ReadonlySet<string>,
): KindProblem | undefined {
  if (allowed === 'allow' || query === undefined) return undefined;
  if (allowed === 'deny') return urlProblem('url.query', 'no query', 'a query', 'remove the query');
  // Some servers separate at `;` as well.
  const isPlain = !query.includes(';');
  if (isPlain && query.split('&').every((part) => allowed.has(nameOf(part)))) return undefined;
  const names = [...allowed].slice(0, 16).map((name) => `\`${name}\``);
  return urlProblem(
    'url.query_name',
    `a query with no names but ${names.join(', ')}${allowed.size > 16 ? ', …' : ''}`,
    isPlain ? 'another name, or another spelling of one' : 'a semicolon',
    'leave out what the query may not hold',
  );
}

/** The name of one parameter as it is written. */
function nameOf(part: string): string {
  const equals = part.indexOf('=');
  return equals === -1 ? part : part.slice(0, equals);
}
