import { readLedger, type ReadOptions } from '@callgate/audit';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { countOption, recordFilter, RECORD_OPTIONS } from '../input/record-filter.ts';
import { RANGE_OPTIONS, recordRange } from '../input/record-range.ts';
import { recordJson } from '../output/record-json.ts';
import { recordHeader, recordLine } from '../output/record-text.ts';

/** `callgate ledger show`: records of a ledger, chosen by what they are about. */
export const ledgerShowCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'ledger show',
  summary: 'show records of a ledger',
  usage: '<directory>',
  description: [
    'Shows the records that match all options, in order: a table, or with `--format json` their exact lines. Reads what is complete at the moment, also while a gate writes; does not verify (see `callgate ledger verify`).',
  ],
  options: {
    ...RANGE_OPTIONS,
    ...RECORD_OPTIONS,
    limit: { kind: 'text', short: 'n', placeholder: 'count', description: 'stop after so many records' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate ledger show ./ledger --effect deny', says: 'what was denied' },
    { command: 'callgate ledger show ./ledger --run ticket-4711', says: 'one agent run, decisions and outcomes' },
    {
      command: 'callgate ledger show ./ledger --from 2026-11-20T10:00Z --format json | jq .code',
      says: 'for a program',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'shown, also when nothing matches', 2: 'the ledger cannot be read or a line is no record, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out, style, format } = context;
  const [directory = ''] = invocation.positionals;
  const limit = countOption('ledger show', 'limit', invocation.text('limit'), [1, Number.MAX_SAFE_INTEGER]);
  let shown = 0;
  for await (const record of readLedger(directory, readOptions(invocation))) {
    if (format === 'pretty' && shown === 0) out.printLine(recordHeader(style));
    out.printLine(format === 'pretty' ? recordLine(record, style) : recordJson(record, out.isTerminal));
    if (out.isFull) await out.flush();
    shown += 1;
    if (shown === limit) break;
  }
  if (shown === 0) context.err.printLine('no records match');
  return EXIT.fine;
}

function readOptions(invocation: Invocation): ReadOptions {
  const range = recordRange('ledger show', invocation);
  const isChosen = recordFilter(invocation);
  return { ...range, filter: (record) => range.filter(record) && isChosen(record) };
}
