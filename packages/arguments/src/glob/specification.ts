import * as z from 'zod';

import { specification, texts, whole, word } from '../internal/specification.ts';

/** A wildcard: of `glob` `*` (within a segment), `**` (across segments), `?`, `[]` (a class), `{}` (alternatives); of `sql-like` `%` and `_`. */
export type GlobWildcard = '%' | '*' | '**' | '?' | '[]' | '_' | '{}';

/** The keys of `{ kind: glob, … }`. */
export interface GlobSpecification {
  /** Default `glob`. */
  readonly syntax?: 'glob' | 'sql-like';
  /** Wildcards allowed, or `none`: plain text only. Default: all of the syntax. */
  readonly wildcards?: 'none' | readonly GlobWildcard[];
  /** Texts of which the pattern must start with one, before any wildcard. */
  readonly prefixes?: readonly string[];
  /** Literal characters required before the first wildcard. Default 0. */
  readonly minPrefix?: number;
  /** Letters and digits required outside of wildcards. Default 1: no bare `*`. */
  readonly minLiterals?: number;
  /** Default 8, at most 64. */
  readonly maxWildcards?: number;
  /** Patterns that braces may stand for. Default 16, at most 1,024. */
  readonly maxBranches?: number;
  /** UTF-16 code units. Default 512, at most 65,536. */
  readonly maxLength?: number;
}

export const globSpecification: z.ZodObject & z.ZodType<GlobSpecification> = specification({
  syntax: word('glob', 'sql-like')
    .exactOptional()
    .describe('`glob`: file names; `sql-like`: LIKE of SQL. Default `glob`.'),
  wildcards: z
    .union(
      [
        z.literal('none', { error: '`none`' }),
        z.array(word('*', '**', '?', '[]', '{}', '%', '_'), { error: 'a list of wildcards' }),
      ],
      { error: '`none`, or a list of `*`, `**`, `?`, `[]`, `{}`, or of `%` and `_`' },
    )
    .exactOptional()
    .describe('Wildcards allowed, or `none`: plain text only. Default: all of the syntax.'),
  prefixes: texts('a prefix')
    .exactOptional()
    .describe('Texts of which the pattern must start with one, before any wildcard.'),
  minPrefix: whole(0, 65_536)
    .exactOptional()
    .describe('Literal characters required before the first wildcard. Default 0.'),
  minLiterals: whole(0, 65_536)
    .exactOptional()
    .describe('Letters and digits required outside of wildcards. Default 1: no bare `*` or `%`.'),
  maxWildcards: whole(0, 64).exactOptional().describe('Wildcards in one pattern. Default 8.'),
  maxBranches: whole(1, 1024).exactOptional().describe('Patterns that braces may stand for. Default 16.'),
  maxLength: whole(1, 65_536).exactOptional().describe('UTF-16 code units. Default 512.'),
}) as z.ZodObject & z.ZodType<GlobSpecification>;
