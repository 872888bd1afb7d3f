import { openQuarantine, type RevealedItem } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { QUARANTINE_KEY_OPTION, quarantineKeyText } from '../input/quarantine-key-option.ts';
import { printable, printableJson } from '../output/printable.ts';
import { quarantineLines } from '../output/quarantine-text.ts';

/** `callgate quarantine show`: one item, and with the key what is in it. */
export const quarantineShowCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'quarantine show',
  summary: 'show one item of a quarantine',
  usage: '<directory> <id>',
  description: [
    'Shows where an item came from, whose call it answers, and what inspection found in it. With `--reveal` and the key its content follows, with everything made visible that a terminal would act on or not show. It stays where it is.',
    'The content is what was withheld for a reason: read it, do not paste it to a model.',
  ],
  options: {
    reveal: { kind: 'flag', description: 'show the content too' },
    'key-file': QUARANTINE_KEY_OPTION,
  },
  positionals: [2, 2],
  examples: [
    { command: 'callgate quarantine show ./quarantine qtn_…', says: 'where is it from?' },
    {
      command: 'callgate quarantine show ./quarantine qtn_… --reveal --key-file quarantine.key',
      says: '…and what is it?',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'shown', 2: 'there is no such item, it does not open with the key, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [directory = '', id = ''] = invocation.positionals;
  const { out, style, format } = context;
  const isRevealed = invocation.flag('reveal');
  const key = isRevealed ? await quarantineKeyText('quarantine show', invocation, context.io) : undefined;
  const quarantine = await openQuarantine(directory, key === undefined ? {} : { key });
  const entry = await quarantine.get(id);
  if (entry === undefined) throw new InputError(`nothing in quarantine has the id \`${printable(id, 80)}\``);
  const revealed = isRevealed ? await quarantine.reveal(id) : undefined;
  if (format === 'json') {
    const shown = revealed === undefined ? entry : { ...entry, content: revealed.content };
    out.printLine(printableJson(JSON.stringify(shown), out.isTerminal));
    return EXIT.fine;
  }
  for (const line of quarantineLines(entry, style)) out.printLine(line);
  if (revealed !== undefined) for (const line of contentLines(revealed)) out.printLine(line);
  return EXIT.fine;
}

/** Whether for a terminal or not: whoever reads this reads it as text. */
function contentLines({ content }: RevealedItem): readonly string[] {
  return JSON.stringify(content, null, 2)
    .split('\n')
    .map((line) => `  | ${printable(line, Number.POSITIVE_INFINITY)}`);
}
