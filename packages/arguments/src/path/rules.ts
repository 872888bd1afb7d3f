import type { Finding } from './problems.ts';
import type { PathGlob } from './deny-glob.ts';
import type { Platform } from './parse-path.ts';

/** A folder that paths may lie in. */
export interface Root {
  readonly anchor: string;
  readonly names: readonly string[];
  /** For messages. */
  readonly text: string;
}

/** A compiled specification: what paths are judged by, and compared by. */
export interface PathRules {
  readonly platform: Platform;
  readonly caseSensitive: boolean;
  readonly wildcards: 'deny' | 'brackets' | 'allow';
  readonly hidden: 'allow' | 'deny';
  readonly minDepth: number;
  readonly maxDepth: number;
  readonly maxLength: number;
  /** No root lies in another, so at most one holds a path. */
  readonly roots: readonly Root[];
  readonly base: Root | undefined;
  /** In lower case, with the dot. */
  readonly extensions: readonly string[] | undefined;
  readonly deny: readonly PathGlob[];
}

/** A path that is in a root. */
export interface LocatedPath {
  readonly root: Root;
  readonly names: readonly string[];
  /** The names below the root. */
  readonly below: readonly string[];
  readonly isFolder: boolean;
}

export type Judged = { readonly findings: readonly Finding[] } | { readonly path: LocatedPath };
