import { CallgateError, excerpt } from '@callgate/canonical';

/**
 * Codes of the errors this package throws. The code is the contract; class and message are help.
 *
 * | code | when |
 * |---|---|
 * | `CALLGATE_AUDIT_CLOSED` | the ledger or sink is closed, or not open yet |
 * | `CALLGATE_AUDIT_FAILED` | the ledger's sink failed earlier (`cause`); it takes no more |
 * | `CALLGATE_AUDIT_FULL` | too many records wait for the sink |
 * | `CALLGATE_AUDIT_RECORD_INVALID` | an entry or line is not a record |
 * | `CALLGATE_AUDIT_LOCKED` | another gate holds the ledger |
 * | `CALLGATE_AUDIT_CHAIN_BROKEN` | what is stored does not verify, or changed underfoot |
 * | `CALLGATE_AUDIT_NO_SPACE` | the disk or quota is full |
 * | `CALLGATE_AUDIT_NOT_WRITABLE` | missing permission, or a read-only file system |
 * | `CALLGATE_AUDIT_NOT_A_DIRECTORY` | a file is where the ledger's directory should be, or the reverse |
 * | `CALLGATE_AUDIT_UNSAFE_PATH` | a symbolic link or special file is where the ledger keeps a regular file |
 * | `CALLGATE_AUDIT_NOT_FOUND` | the ledger's directory does not exist |
 * | `CALLGATE_AUDIT_IO_FAILED` | any other failure of the operating system |
 */
export type AuditErrorCode =
  | 'CALLGATE_AUDIT_CLOSED'
  | 'CALLGATE_AUDIT_FAILED'
  | 'CALLGATE_AUDIT_FULL'
  | 'CALLGATE_AUDIT_RECORD_INVALID'
  | 'CALLGATE_AUDIT_LOCKED'
  | 'CALLGATE_AUDIT_CHAIN_BROKEN'
  | 'CALLGATE_AUDIT_NO_SPACE'
  | 'CALLGATE_AUDIT_NOT_WRITABLE'
  | 'CALLGATE_AUDIT_NOT_A_DIRECTORY'
  | 'CALLGATE_AUDIT_UNSAFE_PATH'
  | 'CALLGATE_AUDIT_NOT_FOUND'
  | 'CALLGATE_AUDIT_IO_FAILED';

/** Anything that goes wrong with records, ledgers and sinks. The operating system's error is the `cause`. */
export class AuditError extends CallgateError {
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Another gate, in this or another process, holds the ledger. */
export class LedgerLockedError extends AuditError {
  /** The holder's process id, null where the lock file does not say. */
  readonly pid: number | null;

  constructor(pid: number | null, message: string, options?: ErrorOptions) {
    super('CALLGATE_AUDIT_LOCKED', message, options);
    this.pid = pid;
  }
}

/** An entry or a line is not a record. Carries the place and shapes, never the value found there. */
export class RecordError extends AuditError {
  /** JSON pointer (RFC 6901) to the place, `""` for the root. */
  readonly pointer: string;
  readonly expected: string;
  readonly got: string;

  constructor(
    place: { readonly pointer: string; readonly expected: string; readonly got: string },
    options?: ErrorOptions,
  ) {
    super(
      'CALLGATE_AUDIT_RECORD_INVALID',
      `expected ${place.expected} at \`${excerpt(place.pointer)}\`, got ${place.got}`,
      options,
    );
    this.pointer = place.pointer;
    this.expected = place.expected;
    this.got = place.got;
  }
}
