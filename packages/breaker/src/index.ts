export type { Attempt, HistoryChange, Waiting } from './attempt.ts';
export type { KnownArguments } from './call-facts.ts';
export type { CallOutcome, OutcomeKind } from './call-outcome.ts';
export { costOf } from './meters/amounts.ts';
export { AttemptError, SnapshotError, type HistoryErrorCode } from './errors.ts';
export {
  DEFAULT_FINGERPRINT_LIMITS,
  fingerprintsOf,
  type FingerprintLimits,
  type Fingerprints,
} from './flows/fingerprints.ts';
export type { TokenPlace } from './flows/folded-text.ts';
export type { BroughtLabels, RunLabels } from './flows/run-labels.ts';
export { createHistory, type History, type HistoryOptions } from './history.ts';
export type { InspectedControl } from './inspect-history.ts';
export { DEFAULT_HISTORY_LIMITS, type HistoryLimits } from './limits.ts';
export type { InspectedCell } from './reducer.ts';
