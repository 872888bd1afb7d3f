export type { CallOutcome, OutcomeKind } from './call-outcome.ts';
export { DEFAULT_HISTORY_LIMITS, type HistoryLimits } from './limits.ts';
