import type { GlobWildcard } from './specification.ts';

/** A specification of the kind `glob`, ready to judge with. */
export interface GlobRules {
  readonly syntax: 'glob' | 'sql-like';
  readonly wildcards: ReadonlySet<GlobWildcard>;
  readonly prefixes: readonly string[];
  readonly minPrefix: number;
  readonly minLiterals: number;
  readonly maxWildcards: number;
  readonly maxBranches: number;
  readonly maxLength: number;
}

/** Whether it is proved that all patterns that `inner` accepts are accepted by `outer`. */
export function isRulesWithin(inner: GlobRules, outer: GlobRules): boolean {
  const shortest = Math.min(...inner.prefixes.map(({ length }) => length));
  const least = Math.max(inner.minPrefix, inner.prefixes.length === 0 ? 0 : shortest);
  return (
    inner.syntax === outer.syntax &&
    [...inner.wildcards].every((wildcard) => outer.wildcards.has(wildcard)) &&
    (outer.prefixes.length === 0 ||
      (inner.prefixes.length > 0 &&
        inner.prefixes.every((prefix) => outer.prefixes.some((wider) => prefix.startsWith(wider))))) &&
    least >= outer.minPrefix &&
    inner.minLiterals >= outer.minLiterals &&
    inner.maxWildcards <= outer.maxWildcards &&
    inner.maxBranches <= outer.maxBranches &&
    inner.maxLength <= outer.maxLength
  );
}
