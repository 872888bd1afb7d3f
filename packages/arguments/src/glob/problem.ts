/** What the kind `glob` can find wrong with a value. Closed. */
export type GlobProblemCode =
  | 'glob.breadth'
  | 'glob.character'
  | 'glob.climb'
  | 'glob.count'
  | 'glob.length'
  | 'glob.prefix'
  | 'glob.syntax'
  | 'glob.wildcard';

/** One thing that is wrong with a wildcard pattern. */
export interface GlobFinding {
  readonly code: GlobProblemCode;
  readonly verdict: 'fail' | 'error';
  readonly got: string;
  readonly hint: string;
}
