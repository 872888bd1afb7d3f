import { generateTraceKey, parseTraceKey } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeSecret } from '../output/write-files.ts';

/** `callgate trace keygen`: a key pair for traces. */
export const traceKeygenCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'trace keygen',
  summary: 'make a key pair for traces',
  usage: '<file>',
  description: [
    'Writes the secret key to a new file that only its owner may read, and prints the public key. A gate seals with the public key and cannot read back what it sealed; the secret key opens. Keep it where analysts are, not where the gate runs.',
    'There is no other way to open a trace: without the secret key it is noise.',
  ],
  options: {},
  positionals: [1, 1],
  examples: [
    { command: 'callgate trace keygen trace.key > trace.pub', says: 'the public key goes to the gate' },
    { command: 'callgate record --key-file trace.pub …', says: '…and is all that recording needs' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'made', 2: 'the file is there already or cannot be written, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [path = ''] = invocation.positionals;
  const { publicKey, secretKey } = generateTraceKey();
  const { fingerprint } = parseTraceKey(publicKey);
  await writeSecret(
    path,
    `# callgate trace key ${fingerprint}: opens what is sealed with\n# ${publicKey}\n${secretKey}\n`,
  );
  const { out } = context;
  if (context.format === 'json') {
    out.printLine(JSON.stringify({ publicKey, fingerprint, file: path }));
    return EXIT.fine;
  }
  out.printLine(`# callgate trace key ${fingerprint}, public: seals, and opens nothing`);
  out.printLine(publicKey);
  return EXIT.fine;
}
