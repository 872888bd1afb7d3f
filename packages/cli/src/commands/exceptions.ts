import { readLedger } from '@callgate/audit';
import { loadExceptions, loadPolicy } from 'callgate';
import type { CompiledException } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { lintExceptions, stateOf } from '../exceptions/lint-exceptions.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { POLICY_CONTEXT_OPTIONS, readTime } from '../input/policy-context.ts';
import { printable, printableJson } from '../output/printable.ts';

const FILE = 'exceptions.yaml';

/** `callgate exceptions list`: every exception, where it is in its life, and how often it was used. */
export const exceptionsListCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'exceptions list',
  summary: 'list exceptions, whether they are in force, and how often they were used',
  usage: '<register> [--ledger <directory>]',
  description: [
    'Shows every exception of a register with its scope, owner, approver, time and renewals. With `--ledger` it counts the calls that needed it.',
  ],
  options: {
    at: POLICY_CONTEXT_OPTIONS.at,
    ledger: { kind: 'text', placeholder: 'directory', description: 'count uses in this ledger' },
  },
  positionals: [1, 1],
  examples: [{ command: `callgate exceptions list ${FILE} --ledger ./ledger`, says: 'what is used, and what is not' }],
  formats: ['pretty', 'json'],
  exits: { 0: 'listed', 2: 'the register or the ledger cannot be read, or usage' },
  whenCutShort: EXIT.fine,
  run: list,
};

async function list(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const register = await loadExceptions(invocation.positionals[0] ?? '');
  const now = readTime('exceptions list', invocation);
  const directory = invocation.text('ledger');
  const hits = directory === undefined ? undefined : await countHits(directory);
  const rows = register.exceptions.map((exception) =>
    Object.assign(rowOf(exception), {
      state: stateOf(exception, now),
      hits: hits === undefined ? null : (hits.get(exception.id) ?? 0),
    }),
  );
  if (context.format === 'json') {
    context.out.printLine(printableJson(JSON.stringify({ exceptions: rows }), context.out.isTerminal));
    return EXIT.fine;
  }
  for (const row of rows) {
    const state = row.state === 'in force' ? context.style.green(row.state) : context.style.dim(row.state);
    const uses = row.hits === null ? '' : `, used ${row.hits} times`;
    context.out.printLine(`${context.style.bold(printable(row.id))} ${state}${uses}`);
    context.out.printLine(`  ${printable(row.server)} ${printable(row.tool)}: ${printable(row.reason, 500)}`);
    const renewals = row.renewals === 0 ? '' : ` · renewed ${row.renewals} times`;
    context.out.printLine(
      `  ${context.style.dim(`owner ${printable(row.owner)} · approved by ${printable(row.approver)} · ${row.created} to ${row.expires}${renewals}`)}`,
    );
  }
  return EXIT.fine;
}

function rowOf({ id, document, created, expires, renewals, location }: CompiledException): {
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly created: string;
  readonly expires: string;
  readonly renewals: number;
  readonly line: number | null;
} {
  const { server, tool, reason, owner, approver } = document;
  const times = { created: new Date(created).toISOString(), expires: new Date(expires).toISOString() };
  return { id, server, tool, reason, owner, approver, ...times, renewals, line: location?.line ?? null };
}

async function countHits(directory: string): Promise<ReadonlyMap<string, number>> {
  const hits = new Map<string, number>();
  for await (const record of readLedger(directory)) {
    if (record.kind !== 'decision') continue;
    for (const id of record.exceptions) hits.set(id, (hits.get(id) ?? 0) + 1);
  }
  return hits;
}

/** `callgate exceptions lint`: exceptions that do nothing any more, and those that may do too much. */
export const exceptionsLintCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'exceptions lint',
  summary: 'find exceptions that have expired, fit nothing, or last too long',
  usage: '<register> [--policy <file>] [--strict]',
  description: [
    'Warnings are exceptions that lift nothing: expired ones, and, with `--policy`, those for tools and rules that the policy does not have. Notes are exceptions that last over 90 days, were renewed twice or more, or are for everybody.',
  ],
  options: {
    at: POLICY_CONTEXT_OPTIONS.at,
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy that they go with' },
    strict: { kind: 'flag', description: 'exit with 1 for notes as well' },
  },
  positionals: [1, 1],
  examples: [{ command: `callgate exceptions lint ${FILE} -p callgate.yaml`, says: 'every night' }],
  formats: ['pretty', 'json'],
  exits: { 0: 'no warning', 1: 'a warning (with `--strict`: or a note)', 2: 'a file does not load, or usage' },
  whenCutShort: EXIT.findings,
  run: lint,
};

async function lint(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const file = invocation.positionals[0] ?? '';
  const register = await loadExceptions(file);
  const path = invocation.text('policy');
  const policy = path === undefined ? undefined : await loadPolicy(path);
  const findings = lintExceptions(register, policy, readTime('exceptions lint', invocation));
  const isStrict = invocation.flag('strict');
  const code = findings.some(({ level }) => isStrict || level === 'warning') ? EXIT.findings : EXIT.fine;
  if (context.format === 'json') {
    const json = JSON.stringify({ ok: code === EXIT.fine, file, exceptions: register.exceptions.length, findings });
    context.out.printLine(printableJson(json, context.out.isTerminal));
    return code;
  }
  for (const { id, level, exception, line, message } of findings) {
    const mark = level === 'warning' ? context.style.red(level) : context.style.dim(level);
    const place = `${printable(file)}${line === null ? '' : `:${line}`}`;
    context.out.printLine(`${place}: ${mark}: ${printable(exception)}: ${printable(message, 500)} [${id}]`);
  }
  context.out.printLine(`${printable(file)}: ${register.exceptions.length} exceptions, ${findings.length} findings`);
  return code;
}
