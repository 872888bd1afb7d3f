import { writeRecord, type AuditRecord } from '@callgate/audit';

import { printableJson } from './printable.ts';

/** A record as its ledger line: byte for byte, unless a terminal needs escapes. */
export function recordJson(record: AuditRecord, isTerminal: boolean): string {
  return printableJson(writeRecord(record), isTerminal);
}
