import { cosignBundle, readBundle } from 'callgate';

import { keyFileOption, readBundleFile, readKeys } from '../bundle/bundle-options.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bundleJson, bundleLines } from '../output/bundle-text.ts';
import { printable, printableJson } from '../output/printable.ts';
import { replaceFile } from '../output/write-files.ts';

const COMMAND = 'bundle cosign';

/** `callgate bundle cosign`: a second signature, by somebody else. */
export const bundleCosignCommand: CommandSpec<'pretty' | 'json'> = {
  name: COMMAND,
  summary: 'add a signature to a bundle',
  usage: '--key-file <file> <bundle>',
  description: [
    'Adds a signature to a bundle, in its place: for gates that want several, by keys that are never in one place. Who signs says that what is in it is right, so look first: `callgate bundle show --part policy`, and `callgate diff`.',
  ],
  options: { 'key-file': keyFileOption('a file with a private key; repeat it to sign with several') },
  positionals: [1, 1],
  examples: [{ command: 'callgate bundle cosign -k mine.key desk.json', says: 'the second of two' }],
  formats: ['pretty', 'json'],
  exits: {
    0: 'signed',
    2: 'it is no bundle, the key is none or has signed, a file cannot be read or written, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out, style, format } = context;
  const [path = ''] = invocation.positionals;
  const keys = await readKeys(COMMAND, invocation);
  const bundle = cosignBundle(await readBundleFile(path), keys);
  await replaceFile(path, bundle);
  const { claimedKeys, ...written } = readBundle(Buffer.from(bundle));
  if (format === 'json') {
    const json = { file: path, ...bundleJson(written), claimedKeys };
    out.printLine(printableJson(JSON.stringify(json), out.isTerminal));
    return EXIT.fine;
  }
  for (const line of bundleLines(written, style)) out.printLine(line);
  out.printLine(
    `  says it is signed by ${claimedKeys.map((key) => printable(key ?? 'a key that it does not name')).join(', ')}`,
  );
  return EXIT.fine;
}
