import { CallgateError } from '@callgate/canonical';

/** Codes of the errors of trace keys and of reading a trace. */
export type TraceErrorCode =
  | 'CALLGATE_TRACE_KEY_INVALID'
  | 'CALLGATE_TRACE_KEY_OTHER'
  | 'CALLGATE_TRACE_FORMAT'
  | 'CALLGATE_TRACE_UNREADABLE'
  | 'CALLGATE_TRACE_UNWRITABLE';

/**
 * A trace, or its key, is not what was expected: a key with a slip in it, another key than the one the trace is sealed for,
 * a file that is no trace, a file that cannot be read or made. What is wrong further into a trace is not thrown but told by
 * how it ended.
 */
export class TraceError extends CallgateError {
  readonly code: TraceErrorCode;

  constructor(code: TraceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
