import type { KindProblem } from '@callgate/policy';

/** What the kind `shell` can find wrong with a value. Closed. */
export type ShellProblemCode =
  | 'shell.ambiguous'
  | 'shell.assignment'
  | 'shell.character'
  | 'shell.comment'
  | 'shell.empty'
  | 'shell.expansion'
  | 'shell.flag'
  | 'shell.flag_value'
  | 'shell.form'
  | 'shell.length'
  | 'shell.operand'
  | 'shell.operand_count'
  | 'shell.operator'
  | 'shell.program'
  | 'shell.redirect'
  | 'shell.subcommand'
  | 'shell.substitution'
  | 'shell.syntax';

/** Codes of what could not be judged; the others were judged and refused. */
const UNJUDGED: ReadonlySet<ShellProblemCode> = new Set([
  'shell.ambiguous',
  'shell.character',
  'shell.empty',
  'shell.length',
  'shell.syntax',
]);

/** One thing that is wrong, without what would pass: that is added where the specification is known. */
export interface Finding {
  readonly code: ShellProblemCode;
  readonly got: string;
  readonly hint?: string;
}

export function finding(code: ShellProblemCode, got: string, hint?: string): Finding {
  return hint === undefined ? { code, got } : { code, got, hint };
}

export function problemOf(found: Finding, expected: string, pointer = ''): KindProblem {
  const { code, got, hint } = found;
  return {
    code,
    verdict: UNJUDGED.has(code) ? 'error' : 'fail',
    pointer,
    expected,
    got,
    ...(hint === undefined ? {} : { hint }),
  };
}
