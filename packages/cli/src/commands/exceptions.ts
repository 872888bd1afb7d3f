import { readLedger } from '@callgate/audit';
import { loadExceptions, loadPolicy } from 'callgate';
import { CallgateError } from '@callgate/canonical';
import { PolicyError, type CompiledException, type ExceptionRegister, type LintLevel } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { problemsOfBroken, type FileReport, type Problem } from '../check/check-result.ts';
import { EXCEPTION_LINTS, lintExceptions, stateOf, type ExceptionFinding } from '../exceptions/lint-exceptions.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { POLICY_CONTEXT_OPTIONS, readTime } from '../input/policy-context.ts';
import { checkGithub } from '../output/check-github.ts';
import { checkJunit } from '../output/check-junit.ts';
import { checkSarif } from '../output/check-sarif.ts';
import { printable, printableJson } from '../output/printable.ts';
import { plural } from '../output/words.ts';

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
    const uses = row.hits === null ? '' : `, used ${plural(row.hits, 'time')}`;
    context.out.printLine(`${context.style.bold(printable(row.id))} ${state}${uses}`);
    context.out.printLine(`  ${printable(row.server)} ${printable(row.tool)}: ${printable(row.reason, 500)}`);
    const renewals = row.renewals === 0 ? '' : ` · renewed ${plural(row.renewals, 'time')}`;
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

type LintFormat = 'pretty' | 'json' | 'junit' | 'sarif' | 'github';

/** `callgate exceptions lint`: exceptions that do nothing any more, and those that may do too much. */
export const exceptionsLintCommand: CommandSpec<LintFormat> = {
  name: 'exceptions lint',
  summary: 'find exceptions that have expired, fit nothing, or last too long',
  usage: '<register> [--policy <file>] [--strict]',
  description: [
    'Warnings are exceptions that lift nothing: expired ones, and, with `--policy`, those for tools and rules that the policy does not have. Notes are exceptions that last over 90 days, were renewed twice or more, or are for everybody.',
    'Reports for other programs name files as those of `check` do.',
  ],
  options: {
    at: POLICY_CONTEXT_OPTIONS.at,
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy that they go with' },
    strict: { kind: 'flag', description: 'exit with 1 for notes as well' },
  },
  positionals: [1, 1],
  examples: [
    { command: `callgate exceptions lint ${FILE} -p callgate.yaml`, says: 'every night' },
    { command: `callgate exceptions lint --format github ${FILE}`, says: 'as annotations of a pull request' },
  ],
  formats: ['pretty', 'json', 'junit', 'sarif', 'github'],
  exits: { 0: 'no warning', 1: 'a warning (with `--strict`: or a note)', 2: 'a file does not load, or usage' },
  whenCutShort: EXIT.findings,
  run: lint,
};

async function lint(invocation: Invocation, context: CommandContext<LintFormat>): Promise<ExitCode> {
  const file = invocation.positionals[0] ?? '';
  const isStrict = invocation.flag('strict');
  const fails = (level: LintLevel): boolean => isStrict || level !== 'note';
  const path = invocation.text('policy');
  const policy = path === undefined ? undefined : await loadPolicy(path);
  const isReport = context.format !== 'pretty' && context.format !== 'json';
  const loaded = isReport ? await tryExceptions(file) : await loadExceptions(file);
  if ('loads' in loaded) {
    printReport(loaded, fails, context);
    return EXIT.usage;
  }
  const findings = lintExceptions(loaded, policy, readTime('exceptions lint', invocation));
  const code = findings.some(({ level }) => fails(level)) ? EXIT.findings : EXIT.fine;
  if (isReport) printReport({ file, loads: true, problems: findings.map(problemOf) }, fails, context);
  else if (context.format === 'json') {
    const json = JSON.stringify({ ok: code === EXIT.fine, file, exceptions: loaded.exceptions.length, findings });
    context.out.printLine(printableJson(json, context.out.isTerminal));
  } else printFindings(file, loaded.exceptions.length, findings, context);
  return code;
}

function printFindings(
  file: string,
  count: number,
  findings: readonly ExceptionFinding[],
  { out, style }: CommandContext<LintFormat>,
): void {
  for (const { id, level, exception, line, message } of findings) {
    const mark = level === 'warning' ? style.red(level) : style.dim(level);
    const place = `${printable(file)}${line === null ? '' : `:${line}`}`;
    out.printLine(`${place}: ${mark}: ${printable(exception)}: ${printable(message, 500)} [${id}]`);
  }
  out.printLine(`${printable(file)}: ${plural(count, 'exception')}, ${plural(findings.length, 'finding')}`);
}

/** The register, or for a report why it does not load. */
async function tryExceptions(file: string): Promise<ExceptionRegister | FileReport> {
  try {
    return await loadExceptions(file);
  } catch (error) {
    if (!CallgateError.is(error) || error.code === 'CALLGATE_INTERNAL') throw error;
    const issues = error instanceof PolicyError ? error.issues : [];
    return { file, loads: false, problems: problemsOfBroken({ code: error.code, message: error.message, issues }) };
  }
}

function problemOf({ id, level, exception, line, column, message }: ExceptionFinding): Problem {
  return { id, level, pointer: exception, line, column, message: `\`${exception}\`: ${message}`, remedy: null };
}

function printReport(
  report: FileReport,
  fails: (level: LintLevel) => boolean,
  { format, io, out }: CommandContext<LintFormat>,
): void {
  const lines =
    format === 'junit'
      ? checkJunit('callgate exceptions lint', [report], fails, io.env)
      : format === 'github'
        ? checkGithub([report], io.env)
        : [printableJson(checkSarif([report], EXCEPTION_LINTS, io.env), out.isTerminal)];
  for (const line of lines) out.printLine(line);
}
