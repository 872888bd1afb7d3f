export { AuditError, LedgerLockedError, RecordError, type AuditErrorCode } from './errors.ts';
export { createFileSink, type FileSinkOptions } from './file-sink.ts';
export { MAX_RECORD_BYTES } from './limits.ts';
export { openLedger } from './ledger.ts';
export type { Ledger, LedgerHealth, LedgerOptions } from './ledger-types.ts';
export { createMemorySink, type MemorySink, type MemorySinkOptions } from './memory-sink.ts';
export { parseRecord, recordJsonSchema } from './record-schema.ts';
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
export { verifyLedger, verifyLines } from './verify-ledger.ts';
export type {
  InDoubt,
  RecordedGap,
  VerifyOptions,
  VerifyProblem,
  VerifyProblemCode,
  VerifyReport,
} from './verify-types.ts';
export { followLedger, readLedger, type FollowOptions, type ReadOptions } from './read-ledger.ts';
export { auditSinkContract, type ContractCheck, type SinkStore } from './audit-sink-contract.ts';
export { OUTCOMES } from './internal/record-words.ts';
