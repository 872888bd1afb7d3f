import { recordJsonSchema } from '@callgate/audit';
import { exceptionsJsonSchema, policyJsonSchema } from '@callgate/policy';
import { lockJsonSchema } from '@callgate/registry';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { didYouMean } from '../arguments/nearest-word.ts';
import { printableJson } from '../output/printable.ts';

const SCHEMAS = {
  policy: policyJsonSchema,
  exceptions: exceptionsJsonSchema,
  record: recordJsonSchema,
  lock: lockJsonSchema,
} as const;

/** `callgate schema`: the JSON Schemas of what people and programs write and read. */
export const schemaCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'schema',
  summary: 'print the JSON Schema of policies, registers of exceptions, ledger records or locks',
  usage: '[policy|exceptions|record|lock]',
  description: [
    'The policy schema (the default) and that of registers of exceptions are what editors use for completion and checks as you type. The record schema describes one line of a ledger, the lock schema a `callgate.lock.json`.',
  ],
  options: {},
  positionals: [0, 1],
  examples: [
    {
      command: 'callgate schema > callgate.schema.json',
      says: 'for `# yaml-language-server: $schema=./callgate.schema.json`',
    },
    { command: 'callgate schema record --format json', says: 'on one line' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'printed', 2: 'usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, { out, format }: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const name = invocation.positionals[0] ?? 'policy';
  if (name !== 'policy' && name !== 'exceptions' && name !== 'record' && name !== 'lock') {
    throw new UsageError(
      'schema',
      `expected \`policy\`, \`exceptions\`, \`record\` or \`lock\`${didYouMean(name, Object.keys(SCHEMAS))}`,
    );
  }
  const text = JSON.stringify(SCHEMAS[name](), null, format === 'pretty' ? 2 : undefined);
  out.printLine(printableJson(text, out.isTerminal));
  await out.flush();
  return EXIT.fine;
}
