import type { HistoryView } from './history-view.ts';

/**
 * Stands for a history where none is asked for: no control judges the call. For what looks at a policy (diff, explain, lint), and
 * never for what enforces it.
 */
export const IGNORED_HISTORY: HistoryView = Object.freeze({
  judge: () => ({ effect: 'allow' as const }),
});
