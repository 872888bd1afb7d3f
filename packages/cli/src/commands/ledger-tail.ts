import { followLedger, type AuditRecord } from '@callgate/audit';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { lastRecords } from '../input/last-records.ts';
import { countOption, recordFilter, RECORD_OPTIONS } from '../input/record-filter.ts';
import { recordJson } from '../output/record-json.ts';
import { recordHeader, recordLine } from '../output/record-text.ts';

const DEFAULT_COUNT = 10;
const MAX_COUNT = 100_000;

/** `callgate ledger tail`: the end of a ledger, and what is being added to it. */
export const ledgerTailCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'ledger tail',
  summary: 'show the last records of a ledger, and follow it',
  usage: '<directory>',
  description: [
    'Shows the last records; with `--follow` then every record as a gate writes it, until interrupted. Options that choose records apply to the last `--lines` and to what follows.',
  ],
  options: {
    lines: {
      kind: 'text',
      short: 'n',
      placeholder: 'count',
      description: `how many of the last records to look at (default ${DEFAULT_COUNT}, at most ${MAX_COUNT})`,
    },
    follow: { kind: 'flag', short: 'f', description: 'go on with records as they are written' },
    ...RECORD_OPTIONS,
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate ledger tail ./ledger', says: 'the last ten' },
    { command: 'callgate ledger tail -f --effect deny ./ledger', says: 'denials as they happen' },
    { command: 'callgate ledger tail -f -n 0 --format json ./ledger | jq .code', says: 'new records, for a program' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'shown; with `--follow`: interrupted', 2: 'the ledger cannot be read or a line is no record, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out } = context;
  const [directory = ''] = invocation.positionals;
  const count = countOption('ledger tail', 'lines', invocation.text('lines'), [0, MAX_COUNT]) ?? DEFAULT_COUNT;
  const isChosen = recordFilter(invocation);
  // At least one is looked at: following goes on from the last.
  const last = await lastRecords(directory, Math.max(1, count));
  if (context.format === 'pretty') out.printLine(recordHeader(context.style));
  for (const record of count === 0 ? [] : last) {
    if (isChosen(record)) print(record, context);
    if (out.isFull) await out.flush();
  }
  await out.flush();
  if (invocation.flag('follow')) await follow(directory, (last.at(-1)?.seq ?? -1) + 1, isChosen, context);
  return EXIT.fine;
}

async function follow(
  directory: string,
  from: number,
  isChosen: (record: AuditRecord) => boolean,
  context: CommandContext,
): Promise<void> {
  const abort = new AbortController();
  const release = context.io.onInterrupt(() => abort.abort());
  try {
    for await (const record of followLedger(directory, { from, signal: abort.signal })) {
      if (!isChosen(record)) continue;
      print(record, context);
      await context.out.flush();
    }
  } finally {
    release();
  }
}

function print(record: AuditRecord, { out, style, format }: CommandContext): void {
  out.printLine(format === 'pretty' ? recordLine(record, style) : recordJson(record, out.isTerminal));
}
