import { CallgateError, excerpt } from '@callgate/canonical';

/** Codes of the errors of locks. */
export type LockErrorCode = 'CALLGATE_LOCK_INVALID' | 'CALLGATE_LOCK_UNREADABLE' | 'CALLGATE_LOCK_UNWRITABLE';

/** One thing that is wrong with the text of a lock. */
export interface LockIssue {
  /** JSON pointer to the place, `""` for all of it. */
  readonly pointer: string;
  /** From 1; of the value, or of the nearest one around it that is there. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** What would have passed, and what came; never a definition's text. */
  readonly message: string;
}

/** A text is no lock, or its digests do not belong to its definitions. */
export class LockError extends CallgateError {
  readonly code = 'CALLGATE_LOCK_INVALID';
  /** At least one, in the order of places; at most 100. */
  readonly issues: readonly LockIssue[];

  constructor(issues: readonly LockIssue[], options?: ErrorOptions) {
    super(issues.map(({ line, column, message }) => `line ${line}:${column}: ${message}`).join('\n'), options);
    this.issues = issues;
  }
}

/** A lock's file cannot be read or written. */
export class LockFileError extends CallgateError {
  readonly code: 'CALLGATE_LOCK_UNREADABLE' | 'CALLGATE_LOCK_UNWRITABLE';

  constructor(
    code: 'CALLGATE_LOCK_UNREADABLE' | 'CALLGATE_LOCK_UNWRITABLE',
    path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`cannot ${code === 'CALLGATE_LOCK_UNREADABLE' ? 'read' : 'write'} \`${excerpt(path)}\`: ${reason}`, options);
    this.code = code;
  }
}
