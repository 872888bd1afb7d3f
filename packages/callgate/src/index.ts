export { asData, type DataEnvelope, type DataProvenance } from './as-data/as-data.ts';
export type { DataBlock } from './as-data/data-blocks.ts';
export { NOBODY, type Actor } from './actor.ts';
export { bundleKeyId, generateBundleKey, type BundleKeyPair } from './bundle/bundle-key.ts';
export type { BundleContents } from './bundle/contents.ts';
export { BundleError, type BundleErrorCode } from './bundle/errors.ts';
export type { BundleFetchOptions } from './bundle/fetched-source.ts';
export { loadBundle, type BundleSourceOptions } from './bundle/load-bundle.ts';
export {
  openBundle,
  readBundle,
  verifyBundle,
  type BundleTrust,
  type OpenBundleOptions,
  type PolicyBundle,
  type UnverifiedBundle,
  type VerifiedBundle,
} from './bundle/open-bundle.ts';
export { cosignBundle, signBundle } from './bundle/sign-bundle.ts';
export {
  watchBundle,
  type BundleChange,
  type BundleWatch,
  type BundleWidening,
  type WatchBundleOptions,
} from './bundle/watch-bundle.ts';
export type { AnomalyCode, GateCode, Verdict } from './codes.ts';
export { DECISION_META_KEY, DENIAL_ERROR_CODE, readDenial, type Denial } from './denial.ts';
export type { FetchLike } from './egress-guard.ts';
export { GateError, type GateErrorCode } from './errors.ts';
export type { CallEvent, GateEventName, GateEvents } from './events.ts';
export { FEATURES, type Detector, type InspectedText, type KeywordHit, type Match } from '@callgate/inspector';
export { createGate, type DryCall, type Gate } from './gate.ts';
export type { GovernableClient } from './govern-client.ts';
export { HistoryError, type HistoryErrorCode } from './history/errors.ts';
export type { HistoryControl, ReleaseLabels } from './history/history-control.ts';
export type { HistoryOptions } from './history/history-options.ts';
export { REPEATED_META_KEY } from './history/idempotent-call.ts';
export { knownArguments } from './history/known-arguments.ts';
export { countEnded, type CountedOutcome, type EndedCall } from './history/call-outcome.ts';
export type { Interception, Interceptor, MutationResult, ValidationMessage, ValidationResult } from './interceptors.ts';
export { loadExceptions, loadPolicy, type LoadPolicyOptions } from './load-policy.ts';
export { loadLock } from './lock/load-lock.ts';
export type { GateOptions, WrapOptions } from './options.ts';
export { FetchRefusedError, type FetchRefusal } from './pinned-fetch/fetch-refused-error.ts';
export type { PinnedFetchOptions, PinnedLookupOptions, ResolveHost } from './pinned-fetch/options.ts';
export { createPinnedFetch } from './pinned-fetch/pinned-fetch.ts';
export { createPinnedLookup } from './pinned-fetch/pinned-lookup.ts';
export {
  compilePolicy,
  createPolicyLearner,
  loadKinds,
  parseExceptions,
  parsePolicy,
  starterPolicy,
  suggestPolicy,
} from './policies.ts';
export { QuarantineError, type QuarantineErrorCode } from './quarantine/errors.ts';
export { openQuarantine, type OpenQuarantine, type OpenQuarantineOptions } from './quarantine/open-quarantine.ts';
export type { PurgeOptions, QuarantineControl, ReleasedItem, RevealedItem } from './quarantine/quarantine-control.ts';
export type { QuarantineHandle, SafeScalar } from './quarantine/quarantine-handle.ts';
export { generateQuarantineKey, parseQuarantineKey, type QuarantineKey } from './quarantine/quarantine-key.ts';
export type { QuarantineOptions } from './quarantine/quarantine-options.ts';
export type {
  QuarantinedFinding,
  QuarantinedItem,
  QuarantinedType,
  QuarantineEntry,
} from './quarantine/quarantined-item.ts';
export type { ReleaseOptions } from './quarantine/release-options.ts';
export type { QuarantineStore, SealedItem } from './quarantine/store.ts';
export type { PolicyWidening, ReloadOptions, ReloadResult } from './reload-policy.ts';
export { watchPolicy, type PolicyChange, type PolicyWatch, type WatchPolicyOptions } from './watch-policy.ts';
export { createRealPathCheck, type RealPathCheckOptions } from './real-path/real-path-check.ts';
export { systemClock } from './system.ts';
export { digestDecision } from './trace/decision-digest.ts';
export { TraceError, type TraceErrorCode } from './trace/errors.ts';
export { openTrace, readTraceInfo, type TraceEnding, type TraceReader } from './trace/open-trace.ts';
export {
  formatPublicKey,
  generateTraceKey,
  parseTraceKey,
  type TraceKey,
  type TraceKeyPair,
} from './trace/trace-key.ts';
export type { TraceOptions } from './trace/trace-options.ts';
export {
  MAX_TRACE_RECORD_BYTES,
  type TraceBegin,
  type TracedCall,
  type TracedDecision,
  type TracedOutcome,
  type TraceEnd,
  type TraceGap,
  type TraceRecord,
} from './trace/trace-records.ts';
export { isTraceStart, type TraceInfo } from './trace/trace-seal.ts';
export type { TraceSink } from './trace/trace-sink.ts';
export type { TraceStatus } from './trace/trace-writer.ts';
export type { GovernedTransport } from './transport/governed-transport.ts';
export type { SendOptions, TransportLike } from './transport/transport-shape.ts';

export {
  createFileSink,
  createMemorySink,
  openLedger,
  verifyLedger,
  type AuditRecord,
  type AuditSink,
  type Ledger,
} from '@callgate/audit';
export { CallgateError } from '@callgate/canonical';
export {
  decide,
  definePolicy,
  explain,
  explainToModel,
  withExceptions,
  type Call,
  type CompiledPolicy,
  type Decision,
  type Direction,
  type PolicyDocument,
  type Principal,
  type ServerIdentity,
} from '@callgate/policy';
export type { Lock } from '@callgate/registry/lock';
