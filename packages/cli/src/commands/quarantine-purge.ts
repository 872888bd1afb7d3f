import { openQuarantine, type PurgeOptions } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseAge } from '../input/age.ts';
import { LEDGER_OPTION, withLedger } from '../input/quarantine-ledger.ts';
import { plural } from '../output/words.ts';

/** `callgate quarantine purge`: removes items for good. */
export const quarantinePurgeCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'quarantine purge',
  summary: 'remove items of a quarantine for good',
  usage: '(--older-than <age> | --all) <directory>',
  description: [
    'Removes what is held and what was released, and says how many. With `--ledger` the record of it is durable before anything is removed.',
  ],
  options: {
    'older-than': { kind: 'text', placeholder: 'age', description: 'what was stored longer ago than this: 12h, 7d' },
    all: { kind: 'flag', description: 'everything' },
    ledger: LEDGER_OPTION,
  },
  positionals: [1, 1],
  examples: [
    {
      command: 'callgate quarantine purge ./quarantine --older-than 7d --ledger ./operators',
      says: 'nobody looked at it',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'removed, also when there was nothing', 2: 'something cannot be removed or recorded, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [directory = ''] = invocation.positionals;
  const options = purgeOptions(invocation);
  const ledgerDirectory = invocation.text('ledger');
  const items =
    ledgerDirectory === undefined
      ? await (await openQuarantine(directory)).purge(options)
      : await withLedger(ledgerDirectory, async (ledger) =>
          (await openQuarantine(directory, { ledger })).purge(options),
        );
  const { out, format } = context;
  out.printLine(format === 'json' ? JSON.stringify({ purged: items }) : `${plural(items, 'item')} removed`);
  return EXIT.fine;
}

function purgeOptions(invocation: Invocation): PurgeOptions {
  const olderThan = invocation.text('older-than');
  if ((olderThan !== undefined) === invocation.flag('all'))
    throw new UsageError('quarantine purge', 'expected `--older-than <age>` or `--all`');
  if (olderThan === undefined) return { all: true };
  const olderThanMs = parseAge(olderThan);
  if (olderThanMs === undefined)
    throw new UsageError('quarantine purge', 'expected `--older-than` with an age, for instance 30m, 12h or 7d');
  return { olderThanMs };
}
