import { CallgateError } from '@callgate/canonical';

/** Codes of the errors of a quarantine: its key, its items, where they are kept. */
export type QuarantineErrorCode =
  | 'CALLGATE_QUARANTINE_KEY_INVALID'
  | 'CALLGATE_QUARANTINE_KEY_OTHER'
  | 'CALLGATE_QUARANTINE_UNKNOWN'
  | 'CALLGATE_QUARANTINE_RELEASED'
  | 'CALLGATE_QUARANTINE_BROKEN'
  | 'CALLGATE_QUARANTINE_FULL'
  | 'CALLGATE_QUARANTINE_UNREADABLE'
  | 'CALLGATE_QUARANTINE_UNWRITABLE';

/** Something kept in quarantine, or the place it is kept in, is not what was expected. No message repeats what is kept. */
export class QuarantineError extends CallgateError {
  readonly code: QuarantineErrorCode;

  constructor(code: QuarantineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
