import { diag } from '@opentelemetry/api';

/**
 * Runs what calls into OpenTelemetry. Span processors, readers and context managers are the host's, and may throw: that
 * changes nothing on the path of a call, and is said where OpenTelemetry says such things.
 *
 * @returns undefined where `body` threw
 */
export function quietly<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch (error) {
    diag.error('callgate: telemetry failed', error);
    return undefined;
  }
}
