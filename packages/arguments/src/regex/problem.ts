/** What the kind `regex` can find wrong with a value. Closed. */
export type RegexProblemCode =
  | 'regex.anchor'
  | 'regex.backtracking'
  | 'regex.construct'
  | 'regex.flag'
  | 'regex.length'
  | 'regex.size'
  | 'regex.syntax';

/** One thing that is wrong with a pattern. */
export interface RegexFinding {
  readonly code: RegexProblemCode;
  readonly verdict: 'fail' | 'error';
  readonly got: string;
  readonly hint: string;
}
