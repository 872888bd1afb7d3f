import { readLedger, type AuditRecord } from '@callgate/audit';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { createProgress } from '../output/progress.ts';
import { recordRange } from './record-range.ts';

/**
 * Takes every record of a ledger in the range that the options choose, in order; shows on a terminal how many.
 *
 * @throws {UsageError} when the range is none
 * @throws {AuditError} when the ledger cannot be read
 * @throws {RecordError} at a line that is no record
 */
export async function eachRecord(
  { name }: Pick<CommandSpec, 'name'>,
  directory: string,
  invocation: Invocation,
  context: CommandContext,
  take: (record: AuditRecord) => void,
): Promise<void> {
  const progress = createProgress(context, 'records read');
  let records = 0;
  try {
    for await (const record of readLedger(directory, recordRange(name, invocation))) {
      take(record);
      records += 1;
      progress.update(records);
    }
  } finally {
    progress.clear();
  }
}
