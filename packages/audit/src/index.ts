export { AuditError, LedgerLockedError, RecordError, type AuditErrorCode } from './errors.ts';
export { MAX_RECORD_BYTES } from './limits.ts';
export { openLedger } from './ledger.ts';
export type { Ledger, LedgerHealth, LedgerOptions } from './ledger-types.ts';
export { createMemorySink, type MemorySink, type MemorySinkOptions } from './memory-sink.ts';
export { writeRecord } from './record-writer.ts';
export {
  RECORD_VERSION,
  type AnomalyEntry,
  type AuditEntry,
  type AuditRecord,
  type DecisionEntry,
  type DefinitionEntry,
  type GapEntry,
  type LifecycleEntry,
  type OutcomeEntry,
  type RecordHeader,
} from './records.ts';
export type { AuditSink, LedgerTail, SinkOpening } from './sink.ts';
