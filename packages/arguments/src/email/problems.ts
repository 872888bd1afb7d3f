import type { KindProblem } from '@callgate/policy';

/** What is wrong with an address or a list of them. */
export type EmailProblemCode =
  | 'email.form'
  | 'email.empty'
  | 'email.too_many'
  | 'email.too_long'
  | 'email.several'
  | 'email.control'
  | 'email.international'
  | 'email.display_name'
  | 'email.comment'
  | 'email.quoted'
  | 'email.route'
  | 'email.address_literal'
  | 'email.syntax'
  | 'email.domain'
  | 'email.plus';

const ERRORS: ReadonlySet<EmailProblemCode> = new Set(['email.control', 'email.syntax']);

/** A problem without its place. */
export interface EmailProblem {
  readonly code: EmailProblemCode;
  readonly expected: string;
  readonly got: string;
  readonly hint?: string;
}

export function emailProblem(problem: EmailProblem, pointer: string = ''): KindProblem {
  return { ...problem, verdict: ERRORS.has(problem.code) ? 'error' : 'fail', pointer };
}
