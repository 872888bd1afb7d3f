import { createHistory } from '@callgate/breaker';
import type { Instant } from '@callgate/canonical';
import type { HistoryView } from '@callgate/policy';

const NOTHING_HAPPENED = createHistory({ environment: 'alone' });

/** For a call that is looked at alone: a view of a history in which nothing has happened. Nobody reserves it, so nothing ever does. */
export function loneAttempt(now: Instant | undefined): HistoryView {
  return NOTHING_HAPPENED.attempt('call', now);
}
