import { GateError } from '../errors.ts';

/**
 * Why a pinned fetch refused: `url` (outside the rules), `address` (the name resolves to an address that may not be reached),
 * `redirect` (one that may not be followed), `redirects` (too many), `size` (the response is too large).
 */
export type FetchRefusal = 'url' | 'address' | 'redirect' | 'redirects' | 'size';

/** A pinned fetch or lookup refused before, or while, anything was sent. Holds no part of the URL or response. */
export class FetchRefusedError extends GateError {
  readonly reason: FetchRefusal;
  /** For `url` and `redirect`: codes of the argument kind `url`, such as `url.address`. */
  readonly problems: readonly string[];

  constructor(reason: FetchRefusal, message: string, problems: readonly string[] = [], options?: ErrorOptions) {
    super('CALLGATE_FETCH_REFUSED', message, options);
    this.reason = reason;
    this.problems = problems;
  }
}
