export type { Attempt, HistoryChange, Waiting } from './attempt.ts';
export type { CallOutcome, OutcomeKind } from './call-outcome.ts';
export { AttemptError, SnapshotError, type HistoryErrorCode } from './errors.ts';
export { createHistory, type History, type HistoryOptions } from './history.ts';
export type { InspectedControl } from './inspect-history.ts';
export { DEFAULT_HISTORY_LIMITS, type HistoryLimits } from './limits.ts';
export type { InspectedCell } from './reducer.ts';
