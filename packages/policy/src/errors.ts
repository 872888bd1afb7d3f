import { CallgateError } from '@callgate/canonical';

/** Codes of {@link PolicyError}. The code is the contract; class and message are help. */
export type PolicyErrorCode =
  | 'CALLGATE_POLICY_EMPTY'
  | 'CALLGATE_POLICY_TOO_LARGE'
  | 'CALLGATE_POLICY_SYNTAX'
  | 'CALLGATE_POLICY_VERSION'
  | 'CALLGATE_POLICY_INVALID';

/** One thing wrong with a policy document. */
export interface PolicyIssue {
  /** The file's name as the caller gave it; null where the document came without one. */
  readonly file: string | null;
  /** Line and column from 1; null where the document has no text (`compilePolicy` of an object). */
  readonly line: number | null;
  readonly column: number | null;
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly expected: string;
  readonly got: string;
  /** The known name nearest to an unknown one. */
  readonly nearest?: string;
  /** One line, lower case, without the place. */
  readonly message: string;
}

const SHOWN_ISSUES = 20;

/**
 * A policy document that cannot be used. Nothing of it is in force.
 *
 * Carries every issue found, in the order of the text; the message shows the first 20 as `file:line:column message`.
 */
export class PolicyError extends CallgateError {
  readonly code: PolicyErrorCode;
  readonly issues: readonly PolicyIssue[];

  constructor(code: PolicyErrorCode, issues: readonly PolicyIssue[], options?: ErrorOptions) {
    super(describeIssues(issues), options);
    this.code = code;
    this.issues = issues;
  }
}

function describeIssues(issues: readonly PolicyIssue[]): string {
  const shown = issues.slice(0, SHOWN_ISSUES).map((issue) => `${place(issue)} ${issue.message}`);
  if (issues.length > SHOWN_ISSUES) shown.push(`and ${issues.length - SHOWN_ISSUES} more`);
  return shown.length === 1 ? (shown[0] ?? '') : [`${issues.length} problems`, ...shown].join('\n  ');
}

function place(issue: PolicyIssue): string {
  const file = issue.file ?? 'policy';
  if (issue.line !== null) return `${file}:${issue.line}:${issue.column ?? 1}`;
  return issue.pointer === '' ? `${file}:` : `${file} at ${issue.pointer}:`;
}
