import {
  loadKinds,
  parseExceptions,
  parsePolicy,
  readBundle,
  signBundle,
  withExceptions,
  type CompiledPolicy,
} from 'callgate';
import { parseInstant } from '@callgate/policy';

import { keyFileOption, readCount, readKeys } from '../bundle/bundle-options.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { POLICY_CONTEXT_OPTIONS, readTime } from '../input/policy-context.ts';
import { readText } from '../input/read-text.ts';
import { bundleJson, bundleLines } from '../output/bundle-text.ts';
import { printable, printableJson } from '../output/printable.ts';
import { replaceFile } from '../output/write-files.ts';

const COMMAND = 'bundle sign';
const DEFAULT_LIFETIME = '30d';
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `callgate bundle sign`: a policy as a signed bundle. */
export const bundleSignCommand: CommandSpec<'pretty' | 'json'> = {
  name: COMMAND,
  summary: 'sign a policy as a bundle that gates fetch',
  usage: '--key-file <file> --sequence <number> --output <file> <policy>',
  description: [
    'Compiles a policy, and its exceptions where named, and writes both as one signed file, in place of what was there. Gates that trust the key take it if its sequence is higher than any that they took before.',
    'Look at what it changes first: `callgate diff`.',
  ],
  options: {
    'key-file': keyFileOption('a file with a private key; repeat it to sign with several'),
    sequence: {
      kind: 'text',
      short: 'n',
      placeholder: 'number',
      description: 'higher than that of any bundle of the name',
    },
    output: { kind: 'text', short: 'o', placeholder: 'file', description: 'where the bundle goes' },
    name: { kind: 'text', placeholder: 'name', description: 'the bundle’s name; default: the policy’s' },
    exceptions: POLICY_CONTEXT_OPTIONS.exceptions,
    expires: {
      kind: 'text',
      placeholder: 'time',
      description: `an RFC 3339 time, or from issue on \`12h\`, \`30d\`; default: ${DEFAULT_LIFETIME}`,
    },
    at: { kind: 'text', placeholder: 'time', description: 'issue as of this RFC 3339 time; default: now' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate bundle sign -k release.key -n 42 -o desk.json callgate.yaml', says: 'release 42' },
    {
      command: 'callgate bundle sign -k old.key -k new.key -n 43 -o desk.json callgate.yaml',
      says: 'while a new key takes the place of an old one',
    },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'signed', 2: 'the policy does not compile, a file cannot be read or written, a key is none, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { io, out, style } = context;
  const [path = ''] = invocation.positionals;
  const sequence = readCount(COMMAND, invocation, 'sequence');
  const output = invocation.text('output');
  if (sequence === undefined || output === undefined)
    throw new UsageError(COMMAND, 'expected `--sequence <number>` and `--output <file>`');
  const keys = await readKeys(COMMAND, invocation);
  const exceptionsPath = invocation.text('exceptions');
  const text = await readText(`@${path}`, io);
  const exceptions = exceptionsPath === undefined ? undefined : await readText(`@${exceptionsPath}`, io);
  const policy = await compile({ path, text }, exceptions);
  const issued = readTime(COMMAND, invocation);
  const bundle = signBundle(
    {
      name: invocation.text('name') ?? policy.name,
      sequence,
      issued,
      expires: expiryOf(invocation.text('expires') ?? DEFAULT_LIFETIME, issued),
      policy: text,
      ...(exceptions === undefined ? {} : { exceptions }),
    },
    keys,
  );
  await replaceFile(output, bundle);
  const written = readBundle(Buffer.from(bundle));
  if (context.format === 'json') {
    const json = { file: output, ...bundleJson(written), signedBy: written.claimedKeys };
    out.printLine(printableJson(JSON.stringify(json), out.isTerminal));
    return EXIT.fine;
  }
  for (const line of bundleLines(written, style)) out.printLine(line);
  out.printLine(`  signed by ${written.claimedKeys.join(', ')} in ${printable(output)}`);
  return EXIT.fine;
}

/** What does not compile is not signed: gates would refuse it. */
async function compile(
  { path, text }: { readonly path: string; readonly text: string },
  exceptions: string | undefined,
): Promise<CompiledPolicy> {
  await loadKinds(`${text}\n${exceptions ?? ''}`);
  const policy = parsePolicy(text, { file: path });
  return exceptions === undefined ? policy : withExceptions(policy, parseExceptions(exceptions));
}

function expiryOf(text: string, issued: number): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,4})([mhd])$/u.exec(text) ?? [];
  const expires = unit === '' ? parseInstant(text) : issued + Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (expires === undefined)
    throw new UsageError(COMMAND, 'expected `--expires` with `12h`, `30d` or an RFC 3339 time');
  return expires;
}
