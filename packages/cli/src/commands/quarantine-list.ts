import { openQuarantine } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printableJson } from '../output/printable.ts';
import { quarantineLine } from '../output/quarantine-text.ts';

/** `callgate quarantine list`: what a quarantine holds. */
export const quarantineListCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'quarantine list',
  summary: 'list what inspection withheld and a gate keeps',
  usage: '<directory>',
  description: [
    'One line for each answer that is kept, the oldest first: its id, whether it is held or was released, when it came, from where, and what inspection found. Nothing of the content, so no key is needed; what is listed is as its file says, and is proven only when it is opened with the key.',
  ],
  options: {
    server: { kind: 'text', short: 's', placeholder: 'name', description: 'only what this server sent' },
    held: { kind: 'flag', description: 'only what was not released' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate quarantine list ./quarantine', says: 'what waits for somebody to look at it' },
    {
      command: "callgate quarantine list ./quarantine --format json | jq -r '.findings[].rule' | sort | uniq -c",
      says: 'what is found most',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'listed, also when there is nothing', 2: 'the directory cannot be read, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [directory = ''] = invocation.positionals;
  const { out, style, format } = context;
  const server = invocation.text('server');
  const isHeldOnly = invocation.flag('held');
  const all = await (await openQuarantine(directory)).list();
  const entries = all.filter(
    (entry) => (server === undefined || entry.server === server) && (!isHeldOnly || entry.state === 'held'),
  );
  for (const entry of entries) {
    out.printLine(
      format === 'json' ? printableJson(JSON.stringify(entry), out.isTerminal) : quarantineLine(entry, style),
    );
    if (out.isFull) await out.flush();
  }
  if (entries.length === 0) context.err.printLine('nothing is in quarantine');
  return EXIT.fine;
}
