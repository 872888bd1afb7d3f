import { isSubset } from '../internal/prove-within.ts';
import { isUnder } from './check-path.ts';
import type { CompiledUrl } from './compiled-url.ts';
import { DEFAULT_PORTS, type UrlScheme, type UrlSpecification } from './specification.ts';

/** Whether the two specifications prove, dimension by dimension, that every URL of `inner` passes `outer`. */
export function isUrlsWithin(inner: CompiledUrl, outer: CompiledUrl): boolean {
  const mine = inner.specification;
  const theirs = outer.specification;
  return (
    inner.maxLength <= outer.maxLength &&
    isSubset([...inner.schemes], [...outer.schemes]) &&
    areHostsWithin(inner, outer) &&
    [...inner.schemes].every((scheme) => arePortsWithin(scheme as UrlScheme, mine, theirs)) &&
    arePathsWithin(mine.paths, theirs.paths) &&
    isQueryWithin(mine.query, theirs.query) &&
    (mine.fragment === 'deny' || theirs.fragment !== 'deny')
  );
}

const REACH = { names: 0, public: 1, private: 2 } as const;

function areHostsWithin({ hosts: mine }: CompiledUrl, { hosts: theirs }: CompiledUrl): boolean {
  const isReachWithin = REACH[mine.addresses] <= REACH[theirs.addresses];
  // Only a list lets international names in, and, under `names`, addresses.
  if (mine.list === undefined) return isReachWithin && theirs.list === undefined;
  return mine.list.entries.every((entry) => {
    // What never passes here is within everything; what passes under one name alone can be tried.
    if (!entry.startsWith('.')) return mine.problem(entry) !== undefined || theirs.problem(entry) === undefined;
    return isReachWithin && (theirs.list === undefined || theirs.list.covers(entry));
  });
}

function arePortsWithin(
  scheme: UrlScheme,
  { ports: mine }: UrlSpecification,
  { ports: theirs }: UrlSpecification,
): boolean {
  if (theirs === 'any') return true;
  if (mine === 'any') return false;
  const own = [DEFAULT_PORTS[scheme]];
  return isSubset<number>(mine ?? own, theirs ?? own);
}

function arePathsWithin(mine: readonly string[] | undefined, theirs: readonly string[] | undefined): boolean {
  if (theirs === undefined) return true;
  return mine !== undefined && mine.every((path) => theirs.some((prefix) => isUnder(path, prefix)));
}

function isQueryWithin(mine: UrlSpecification['query'], theirs: UrlSpecification['query']): boolean {
  if (theirs === undefined || theirs === 'allow' || mine === 'deny') return true;
  return typeof theirs !== 'string' && typeof mine === 'object' && isSubset<string>(mine, theirs);
}
