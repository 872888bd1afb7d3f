import { readFile } from 'node:fs/promises';

import { excerpt } from '@callgate/canonical';
import { LINTS, type LintLevel } from '@callgate/policy';

import { didYouMean } from '../arguments/nearest-word.ts';
import { LEVELS, checkFile, type FindingFilter } from '../check/check-file.ts';
import { reportOf, type CheckResult } from '../check/check-result.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { existingLock } from '../lock/lock-options.ts';
import { checkGithub } from '../output/check-github.ts';
import { checkJson } from '../output/check-json.ts';
import { checkJunit } from '../output/check-junit.ts';
import { checkSarif } from '../output/check-sarif.ts';
import { printCheck } from '../output/check-text.ts';
import { printableJson } from '../output/printable.ts';

type CheckFormat = 'pretty' | 'json' | 'junit' | 'sarif' | 'github';

/** `callgate check`: does a policy load, and does it do what it seems to say? */
export const checkCommand: CommandSpec<CheckFormat> = {
  name: 'check',
  summary: 'check that policies load and do what they seem to say',
  usage: '<policy…>',
  description: [
    'Reports everything that keeps a policy from loading, with its line, what was expected there and the nearest known key. Of a policy that loads it reports findings: errors let through what the text seems to refuse, warnings are defects, notes are loosenings and omissions that may be meant. Every id is in docs/reference/lints.md.',
    'Reports for other programs name files relative to GITHUB_WORKSPACE where that is set, else to the working directory.',
  ],
  options: {
    strict: { kind: 'flag', description: 'exit with 1 for notes as well' },
    level: {
      kind: 'text',
      placeholder: 'level',
      choices: LEVELS,
      description: 'report and count only findings of this level or above: note (default), warning, error',
    },
    lock: {
      kind: 'text',
      short: 'l',
      placeholder: 'file',
      description: 'also compare the servers of each policy with those of a lock; default: no lock',
    },
    ignore: {
      kind: 'text',
      placeholder: 'id',
      multiple: true,
      description: 'neither report nor count findings with this id',
    },
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate check callgate.yaml', says: 'before a commit' },
    { command: 'callgate check --strict policies/*.yaml', says: 'in CI, where nothing may be loose' },
    { command: 'callgate check --format github callgate.yaml', says: 'as annotations of a pull request' },
    { command: 'callgate check --format sarif callgate.yaml > callgate.sarif', says: 'for code scanning' },
    { command: 'callgate check --format json callgate.yaml | jq .files[].findings', says: 'for a program' },
  ],
  formats: ['pretty', 'json', 'junit', 'sarif', 'github'],
  exits: {
    0: 'every policy loads and has no error or warning',
    1: 'an error or a warning (with `--strict`: or a note)',
    2: 'a policy does not load, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<CheckFormat>): Promise<ExitCode> {
  const filter = filterOf(invocation);
  const lock = invocation.text('lock') === undefined ? undefined : await existingLock(invocation);
  const results: CheckResult[] = [];
  for (const file of invocation.positionals) {
    const result = await checkFile(file, filter, lock);
    results.push(result);
    if (context.format === 'pretty') printCheck(result, await readSource(result), context);
  }
  const isStrict = invocation.flag('strict');
  const fails = (level: LintLevel): boolean => isStrict || level !== 'note';
  const code = exitCodeOf(results, fails);
  for (const line of linesOf(results, fails, code, context)) context.out.printLine(line);
  return code;
}

function filterOf(invocation: Invocation): FindingFilter {
  const ignored = invocation.texts('ignore');
  const unknown = ignored.find((id) => !Object.hasOwn(LINTS, id));
  if (unknown !== undefined) {
    const guess = didYouMean(unknown, Object.keys(LINTS));
    throw new UsageError(
      'check',
      `expected \`--ignore\` with the id of a finding, got \`${excerpt(unknown)}\`${guess}`,
    );
  }
  const least = LEVELS.find((level) => level === invocation.text('level')) ?? 'note';
  return { least, ignored: new Set(ignored) };
}

/** The lines of a report that is made once all is known; none for `pretty`, which prints as it goes. */
function linesOf(
  results: readonly CheckResult[],
  fails: (level: LintLevel) => boolean,
  code: ExitCode,
  { format, io, out }: CommandContext<CheckFormat>,
): readonly string[] {
  switch (format) {
    case 'pretty':
      return [];
    case 'json':
      return [printableJson(checkJson(results, code === EXIT.fine), out.isTerminal)];
    case 'junit':
      return checkJunit('callgate check', results.map(reportOf), fails, io.env);
    case 'sarif':
      return [printableJson(checkSarif(results.map(reportOf), LINTS, io.env), out.isTerminal)];
    case 'github':
      return checkGithub(results.map(reportOf), io.env);
  }
}

/** The text for excerpts, read only where an issue has a line in it: then it was small enough to parse. */
async function readSource(result: CheckResult): Promise<string> {
  if (result.loads || result.issues.every((issue) => issue.line === null)) return '';
  return readFile(result.file, 'utf8').catch(() => '');
}

function exitCodeOf(results: readonly CheckResult[], fails: (level: LintLevel) => boolean): ExitCode {
  if (results.some((result) => !result.loads)) return EXIT.usage;
  const isFailing = results.some((result) => result.loads && result.findings.some(({ level }) => fails(level)));
  return isFailing ? EXIT.findings : EXIT.fine;
}
