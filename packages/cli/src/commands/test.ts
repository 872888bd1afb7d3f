import { dirname, join } from 'node:path';

import { standardKinds } from '@callgate/arguments';
import { createHistory } from '@callgate/breaker';
import { loadKinds, loadPolicy } from 'callgate';
import {
  coverageOf,
  mutateSuite,
  parseSuite,
  PolicyError,
  runSuite,
  type CompiledPolicy,
  type MutationResult,
  type Suite,
} from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readText } from '../input/read-text.ts';
import { printableJson } from '../output/printable.ts';
import { printSuite } from '../output/suite-text.ts';
import { isGood, reportJson, type SuiteReport } from '../suite/suite-report.ts';

/** `callgate test`: do decisions come out as the tests beside a policy say? */
export const testCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'test',
  summary: 'run the tests beside a policy, and show what they cover',
  usage: '<suite…> [--filter <text>] [--coverage <percent>] [--mutate]',
  description: [
    'A suite names principals and calls, and what is expected of each; in a matrix, what is not listed is expected to be denied. Its policy is the file under `policy`, or the one it is named after: `callgate.test.yaml` tests `callgate.yaml`.',
    'Coverage counts the tools that a test lets through, the bounded arguments that a test sees refused, and the rules that apply in a test. With `--mutate` the suite also runs against the policy weakened in one place at a time, and every weakening that no test notices is shown.',
  ],
  options: {
    filter: { kind: 'text', placeholder: 'text', description: 'only cases whose name contains this' },
    coverage: { kind: 'text', placeholder: 'percent', description: 'exit with 1 where less is covered' },
    mutate: { kind: 'flag', description: 'weaken the policy in every place in turn; survivors are findings' },
    verbose: { kind: 'flag', description: 'show cases that pass as well' },
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate test callgate.test.yaml', says: 'before a commit' },
    { command: 'callgate test --coverage 90 --mutate policies/*.test.yaml', says: 'in CI' },
  ],
  formats: ['pretty', 'json'],
  exits: {
    0: 'every case passes, and coverage is reached',
    1: 'a case fails, coverage is not reached, or a mutant survives',
    2: 'a suite or its policy does not load, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const threshold = thresholdOf(invocation);
  const reports: SuiteReport[] = [];
  for (const file of invocation.positionals) {
    const report = await runFile(file, threshold, invocation, context);
    reports.push(report);
    if (context.format === 'pretty') printSuite(report, invocation.flag('verbose'), context);
  }
  const isFine = reports.every(isGood);
  if (context.format === 'json') {
    const json = JSON.stringify({ ok: isFine, suites: reports.map(reportJson) });
    context.out.printLine(printableJson(json, context.out.isTerminal));
  }
  return isFine ? EXIT.fine : EXIT.findings;
}

function thresholdOf(invocation: Invocation): number | undefined {
  const text = invocation.text('coverage');
  if (text === undefined) return undefined;
  const percent = /^(?:100|[0-9]{1,2})$/u.test(text) ? Number(text) : undefined;
  if (percent === undefined) throw new UsageError('test', 'expected `--coverage` with a percentage from 0 to 100');
  return percent;
}

async function runFile(
  file: string,
  threshold: number | undefined,
  invocation: Invocation,
  { io }: CommandContext,
): Promise<SuiteReport> {
  const suite = suiteOf(await readText(`@${file}`, io), file);
  const beside = (path: string): string => join(dirname(file), path);
  const policy = await loadPolicy(
    beside(policyPath(suite, file)),
    suite.exceptions === undefined ? {} : { exceptions: beside(suite.exceptions) },
  );
  const filter = invocation.text('filter');
  const cases = filter === undefined ? suite.cases : suite.cases.filter(({ name }) => name.includes(filter));
  if (cases.length === 0)
    throw new UsageError('test', `expected a case in \`${file}\` whose name contains \`--filter\``);
  const chosen = { ...suite, cases };
  const results = runSuite(chosen, policy, HISTORY);
  return {
    file,
    policy,
    results,
    coverage: coverageOf(policy, results),
    threshold,
    mutation: invocation.flag('mutate') ? await mutate(chosen, policy) : undefined,
  };
}

/** @throws {InputError} where it is the policy that was meant to be tested */
function suiteOf(text: string, file: string): Suite {
  try {
    return parseSuite(text, { file });
  } catch (error) {
    if (!(error instanceof PolicyError) || !error.issues.some(({ pointer }) => pointer === '/servers')) throw error;
    throw new InputError(
      `\`${file}\` is a policy: expected a suite, a file of its own with \`tests\`, such as \`callgate.test.yaml\` beside \`callgate.yaml\``,
      { cause: error },
    );
  }
}

/** Every case begins with nothing. */
const HISTORY = { history: () => createHistory({ environment: 'test' }) };

async function mutate(suite: Suite, policy: CompiledPolicy): Promise<MutationResult> {
  await loadKinds(JSON.stringify(policy.document));
  const source = { kinds: standardKinds, ...(policy.file === null ? {} : { file: policy.file }) };
  return mutateSuite(suite, policy, source, HISTORY);
}

/** The policy that a suite is for: named in it, or the file that it is named after. */
function policyPath(suite: Suite, file: string): string {
  if (suite.policy !== undefined) return suite.policy;
  const match = /(?:^|[/\\])([^/\\]+)\.test(\.[a-z]+)$/u.exec(file);
  if (match === null)
    throw new UsageError('test', `expected \`policy\` in \`${file}\`, or a name such as \`callgate.test.yaml\``);
  return `${match[1] ?? ''}${match[2] ?? ''}`;
}
