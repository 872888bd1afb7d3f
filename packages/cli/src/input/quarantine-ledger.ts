import { createFileSink, openLedger, type Ledger } from '@callgate/audit';
import { systemClock } from 'callgate';

import type { OptionSpec } from '../command.ts';

export const LEDGER_OPTION: OptionSpec = {
  kind: 'text',
  placeholder: 'directory',
  description: 'the ledger that it is recorded in; not one that a running gate writes to',
};

/** The id of a ledger that commands begin. One that is there keeps its own. */
const LEDGER_ID = 'operators';

/**
 * Runs `work` with the ledger in a directory, which is made where it is missing, and closes it.
 *
 * @throws {AuditError} when it cannot be opened, or somebody else writes to it
 */
export async function withLedger<Result>(
  directory: string,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const sink = createFileSink({ directory, clock: systemClock });
  const ledger = await openLedger({ sink, clock: systemClock, id: LEDGER_ID });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
