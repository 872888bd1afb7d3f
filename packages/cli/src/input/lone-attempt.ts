import { createHistory } from '@callgate/breaker';
import type { Instant } from '@callgate/canonical';
import type { HistoryView } from '@callgate/policy';

/** A history in which nothing has happened, for a call that is looked at alone. */
export function loneAttempt(now: Instant | undefined): HistoryView {
  return createHistory({ environment: 'alone' }).attempt('call', now);
}
