import { generateBundleKey } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeSecret } from '../output/write-files.ts';

/** `callgate bundle keygen`: a key pair for policy bundles. */
export const bundleKeygenCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'bundle keygen',
  summary: 'make a key pair for policy bundles',
  usage: '<file>',
  description: [
    'Writes the private key (Ed25519, PKCS #8 PEM) to a new file that only its owner may read, and prints the public key. Gates trust the public key; the private key signs. Keep it where policy is released, not where gates run.',
  ],
  options: {},
  positionals: [1, 1],
  examples: [
    { command: 'callgate bundle keygen release.key > release.pub', says: 'the public key goes to the gates' },
    {
      command: 'callgate bundle sign -k release.key --sequence 1 -o desk.json callgate.yaml',
      says: '…and the other signs',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'made', 2: 'the file is there already or cannot be written, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, { out, format }: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [file = ''] = invocation.positionals;
  const { publicKey, privateKey, keyId } = generateBundleKey();
  await writeSecret(file, `# callgate bundle key ${keyId}: signs policy bundles\n${privateKey}`);
  if (format === 'json') out.printLine(JSON.stringify({ publicKey, keyId, file }));
  else out.print(`# callgate bundle key ${keyId}, public: verifies policy bundles\n${publicKey}`);
  return EXIT.fine;
}
