import { readBundle } from 'callgate';

import { readBundleFile } from '../bundle/bundle-options.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bundleJson, bundleLines } from '../output/bundle-text.ts';
import { printable, printableJson } from '../output/printable.ts';

/** `callgate bundle show`: what a bundle says. */
export const bundleShowCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'bundle show',
  summary: 'show what a bundle says, whoever signed it',
  usage: '[--part policy|exceptions] <bundle>',
  description: [
    'Proves nothing: use `callgate bundle verify` for that. With `--part` it prints the text of that part and nothing else, in any format.',
  ],
  options: {
    part: {
      kind: 'text',
      placeholder: 'part',
      choices: ['policy', 'exceptions'],
      description: 'print the text of this part',
    },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate bundle show desk.json', says: 'which one is it?' },
    { command: 'callgate bundle show --part policy desk.json > theirs.yaml', says: 'for `callgate diff`' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'shown', 2: 'it is no bundle, has no such part or cannot be read, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out, style } = context;
  const [path = ''] = invocation.positionals;
  const bundle = readBundle(await readBundleFile(path));
  const part = invocation.text('part');
  if (part === 'policy' || part === 'exceptions') {
    const text = bundle.contents[part];
    if (text === undefined) throw new InputError(`expected a bundle with a part \`${part}\`, got one without`);
    const lines = text.split('\n').map((line) => printable(line, Number.POSITIVE_INFINITY));
    out.print(out.isTerminal ? lines.join('\n') : text);
    return EXIT.fine;
  }
  const { claimedKeys } = bundle;
  if (context.format === 'json') {
    out.printLine(printableJson(JSON.stringify({ ...bundleJson(bundle), claimedKeys }), out.isTerminal));
    return EXIT.fine;
  }
  for (const line of bundleLines(bundle, style)) out.printLine(line);
  const keys = claimedKeys.map((key) => (key === null ? 'a key that it does not name' : printable(key)));
  out.printLine(`  ${style.yellow('not verified')}; says it is signed by ${keys.join(', ')}`);
  return EXIT.fine;
}
