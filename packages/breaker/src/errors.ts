import { CallgateError } from '@callgate/canonical';

/** Codes of the errors this package throws. The code is the contract; class and message are help. */
export type HistoryErrorCode = 'CALLGATE_HISTORY_SNAPSHOT' | 'CALLGATE_HISTORY_STALE' | 'CALLGATE_HISTORY_ENDED';

/** A snapshot is not what `History.snapshot` returns. Nothing of it is in force. */
export class SnapshotError extends CallgateError {
  readonly code = 'CALLGATE_HISTORY_SNAPSHOT';
}

/**
 * An attempt cannot be reserved.
 *
 * `CALLGATE_HISTORY_STALE`: something was reserved, settled, released or dropped since it was judged, so that it may be over a limit by
 * now. Judge and reserve without waiting in between; judge a new attempt after waiting. `CALLGATE_HISTORY_ENDED`: it was already reserved
 * or dropped.
 */
export class AttemptError extends CallgateError {
  readonly code: 'CALLGATE_HISTORY_STALE' | 'CALLGATE_HISTORY_ENDED';

  constructor(code: 'CALLGATE_HISTORY_STALE' | 'CALLGATE_HISTORY_ENDED', message: string) {
    super(message);
    this.code = code;
  }
}
