import { CallgateError } from '@callgate/canonical';

/** Codes of the errors of a history that is kept over restarts. */
export type HistoryErrorCode =
  /** What is there cannot be read, or is no history: to begin anew would refill every budget and close every breaker. */
  | 'CALLGATE_HISTORY_UNREADABLE'
  /** It cannot be written: after a restart what happened since is forgotten. */
  | 'CALLGATE_HISTORY_UNWRITABLE'
  /** Something else wrote the file: two gates that keep one history each forget what the other counted. */
  | 'CALLGATE_HISTORY_SHARED';

/** A history cannot be kept, or not be had back. */
export class HistoryError extends CallgateError {
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
