import { generateQuarantineKey, parseQuarantineKey } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../output/printable.ts';
import { writeSecret } from '../output/write-files.ts';

/** `callgate quarantine keygen`: a key for a quarantine. */
export const quarantineKeygenCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'quarantine keygen',
  summary: 'make a key for a quarantine',
  usage: '<file>',
  description: [
    'Writes the key to a new file that only its owner may read. The gate seals with it what inspection withholds, and whoever has it can open that. It is never printed.',
  ],
  options: {},
  positionals: [1, 1],
  examples: [
    { command: 'callgate quarantine keygen quarantine.key', says: 'for the gate, and for who looks at things' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'made', 2: 'the file is there already or cannot be written, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [path = ''] = invocation.positionals;
  const key = generateQuarantineKey();
  const { fingerprint } = parseQuarantineKey(key);
  await writeSecret(path, `# callgate quarantine key ${fingerprint}: seals and opens\n${key}\n`);
  const { out } = context;
  if (context.format === 'json') out.printLine(JSON.stringify({ fingerprint, file: path }));
  else out.printLine(`quarantine key ${fingerprint}, in ${printable(path)}`);
  return EXIT.fine;
}
