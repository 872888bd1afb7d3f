import { openQuarantine, type ReleasedItem } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { QUARANTINE_KEY_OPTION, quarantineKeyText } from '../input/quarantine-key-option.ts';
import { LEDGER_OPTION, withLedger } from '../input/quarantine-ledger.ts';
import { printable, printableJson } from '../output/printable.ts';
import { reserveSecret } from '../output/write-files.ts';

/** `callgate quarantine release`: hands out one item, once, on the record. */
export const quarantineReleaseCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'quarantine release',
  summary: 'hand out one item of a quarantine, once, on the record',
  usage: '--by <person> --reason <text> --ledger <directory> <directory> <id>',
  description: [
    'Records who releases the item and why, and once that record is durable prints the content as JSON, or writes it to a new file that only its owner may read. It goes out once: after that nothing of it is kept but what `show` tells.',
  ],
  options: {
    by: { kind: 'text', placeholder: 'person', description: 'who releases it' },
    reason: { kind: 'text', placeholder: 'text', description: 'why' },
    ledger: LEDGER_OPTION,
    'key-file': QUARANTINE_KEY_OPTION,
    output: { kind: 'text', short: 'o', placeholder: 'file', description: 'a new file for the content' },
  },
  positionals: [2, 2],
  examples: [
    {
      command:
        'callgate quarantine release ./quarantine qtn_… --by ada --reason "a quoted article, T-4711" --ledger ./operators -k quarantine.key -o answer.json',
      says: 'to look into elsewhere',
    },
  ],
  formats: ['pretty', 'json'],
  exits: {
    0: 'released',
    1: 'released, but its sealed content could not be removed',
    2: 'there is no such item, it was released before, it does not open with the key, it cannot be recorded or written, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [directory = '', id = ''] = invocation.positionals;
  const by = required(invocation, 'by', 'person');
  const reason = required(invocation, 'reason', 'text');
  const ledgerDirectory = required(invocation, 'ledger', 'directory');
  const key = await quarantineKeyText('quarantine release', invocation, context.io);
  const output = invocation.text('output');
  // What cannot be released anyway begins no ledger, and a file that cannot be made costs nobody the content.
  await (await openQuarantine(directory, { key })).reveal(id);
  const file = output === undefined ? undefined : await reserveSecret(output);
  const released = await withLedger(ledgerDirectory, async (ledger) =>
    (await openQuarantine(directory, { key, ledger })).release(id, { by, reason }),
  ).catch(async (error: unknown) => {
    await file?.giveUp();
    throw error;
  });
  await file?.write(`${JSON.stringify(released.content)}\n`);
  print(released, output, context);
  return released.isErased ? EXIT.fine : EXIT.findings;
}

function print(
  { item, content, isErased }: ReleasedItem,
  output: string | undefined,
  { out, err, format }: CommandContext<'pretty' | 'json'>,
): void {
  const { id } = item;
  if (format === 'json') {
    const shown = output === undefined ? { id, isErased, content } : { id, isErased, file: output };
    out.printLine(printableJson(JSON.stringify(shown), out.isTerminal));
  } else if (output === undefined) out.printLine(printableJson(JSON.stringify(content), out.isTerminal));
  else out.printLine(`${id} is released, in ${printable(output)}`);
  if (!isErased) err.printLine(`callgate: the sealed content of ${id} could not be removed`);
}

function required(invocation: Invocation, name: string, what: string): string {
  const value = invocation.text(name);
  if (value !== undefined && value.trim() !== '') return value;
  throw new UsageError('quarantine release', `expected \`--${name} <${what}>\``);
}
