import { CallgateError, openBundle, type PolicyBundle } from 'callgate';

import { keyFileOption, readBundleFile, readCount, readKeys } from '../bundle/bundle-options.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readTime } from '../input/policy-context.ts';
import { bundleJson, bundleLines } from '../output/bundle-text.ts';
import { printable, printableJson } from '../output/printable.ts';

const COMMAND = 'bundle verify';

/** `callgate bundle verify`: would a gate take it? */
export const bundleVerifyCommand: CommandSpec<'pretty' | 'json'> = {
  name: COMMAND,
  summary: 'say whether gates that trust given keys take a bundle',
  usage: '--key-file <file> <bundle>',
  description: [
    'Checks a bundle as a gate does: its signatures, then its form, name, times and sequence, and whether its policy compiles. What a gate remembers of earlier bundles is not looked at; say `--minimum-sequence` for that.',
  ],
  options: {
    'key-file': keyFileOption('a file with a public key that is trusted; repeat it for several'),
    threshold: {
      kind: 'text',
      placeholder: 'number',
      description: 'how many of the keys must have signed; default: 1',
    },
    name: { kind: 'text', placeholder: 'name', description: 'the name that the bundle must have; default: any' },
    'minimum-sequence': { kind: 'text', placeholder: 'number', description: 'the least sequence that is taken' },
    at: { kind: 'text', placeholder: 'time', description: 'verify as of this RFC 3339 time; default: now' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate bundle verify -k release.pub desk.json', says: 'before it is published' },
    { command: 'callgate bundle verify -k a.pub -k b.pub --threshold 2 desk.json', says: 'did both sign?' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'it is taken', 1: 'it is refused', 2: 'a file cannot be read, a key is none, or usage' },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out, style, format } = context;
  const [path = ''] = invocation.positionals;
  const bytes = await readBundleFile(path);
  const verified = await verify(bytes, invocation);
  if (CallgateError.is(verified)) {
    const { code, message } = verified;
    const json = { ok: false, code, message, bundle: null };
    if (format === 'json') out.printLine(printableJson(JSON.stringify(json), out.isTerminal));
    else out.printLine(`${style.red('refused')} ${printable(path)}: ${printable(message, 1_000)} (${code})`);
    return EXIT.findings;
  }
  const { signedBy, policy } = verified;
  if (format === 'json') {
    const { name, version, digest } = policy;
    const bundle = { ...bundleJson(verified), signedBy, policy: { name, version, digest } };
    out.printLine(printableJson(JSON.stringify({ ok: true, code: null, message: null, bundle }), out.isTerminal));
    return EXIT.fine;
  }
  for (const line of bundleLines(verified, style)) out.printLine(line);
  out.printLine(`  ${style.green('verified')}: signed by ${signedBy.join(', ')}`);
  return EXIT.fine;
}

/** The error is what refuses the bundle; a key or a threshold that makes no sense is thrown. */
async function verify(bytes: Uint8Array, invocation: Invocation): Promise<PolicyBundle | CallgateError> {
  const name = invocation.text('name');
  const threshold = readCount(COMMAND, invocation, 'threshold');
  const minimumSequence = readCount(COMMAND, invocation, 'minimum-sequence');
  try {
    return await openBundle(bytes, {
      keys: await readKeys(COMMAND, invocation),
      now: readTime(COMMAND, invocation),
      ...(name === undefined ? {} : { name }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(minimumSequence === undefined ? {} : { minimumSequence }),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(COMMAND, `expected \`--${error.message}\``, { cause: error });
    const isRefusal = CallgateError.is(error) && /^CALLGATE_(?:BUNDLE|POLICY)_/u.test(error.code);
    if (!isRefusal || error.code === 'CALLGATE_BUNDLE_KEY_INVALID') throw error;
    return error;
  }
}
