import { readFile } from 'node:fs/promises';

import { loadPolicy } from 'callgate';
import { CallgateError } from '@callgate/canonical';
import { PolicyError } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CheckResult } from '../lint/check-result.ts';
import type { Finding } from '../lint/finding.ts';
import { lintPolicy } from '../lint/lint-policy.ts';
import { printCheck } from '../output/check-text.ts';
import { printableJson } from '../output/printable.ts';

/** `callgate check`: does a policy load, and does it do what it seems to say? */
export const checkCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'check',
  summary: 'check that policies load and do what they seem to say',
  usage: '<policy…>',
  description: [
    'Reports everything that keeps a policy from loading, with its line, what was expected there and the nearest known key. Of a policy that loads it reports findings: warnings are certain defects (exit code 1), notes are loosenings and omissions that may be meant.',
  ],
  options: {
    strict: { kind: 'flag', description: 'exit with 1 for notes as well' },
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate check callgate.yaml', says: 'before a commit' },
    { command: 'callgate check --strict policies/*.yaml', says: 'in CI, where nothing may be loose' },
    { command: 'callgate check --format json callgate.yaml | jq .files[].issues', says: 'for a program' },
  ],
  formats: ['pretty', 'json'],
  exits: {
    0: 'every policy loads and has no warning',
    1: 'a warning (with `--strict`: or a note)',
    2: 'a policy does not load, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const results: CheckResult[] = [];
  for (const file of invocation.positionals) {
    const result = await checkFile(file);
    results.push(result);
    if (context.format === 'pretty') printCheck(result, await readSource(result), context);
  }
  const code = exitCodeOf(results, invocation.flag('strict'));
  if (context.format === 'json') {
    const report = { ok: code === EXIT.fine, files: results.map(resultJson) };
    context.out.printLine(printableJson(JSON.stringify(report), context.out.isTerminal));
  }
  return code;
}

async function checkFile(file: string): Promise<CheckResult> {
  try {
    const policy = await loadPolicy(file);
    return { file, loads: true, policy, findings: lintPolicy(policy) };
  } catch (error) {
    if (!CallgateError.is(error) || error.code === 'CALLGATE_INTERNAL') throw error;
    const issues = error instanceof PolicyError ? error.issues : [];
    return { file, loads: false, code: error.code, message: error.message, issues };
  }
}

/** The text for excerpts, read only where an issue has a line in it: then it was small enough to parse. */
async function readSource(result: CheckResult): Promise<string> {
  if (result.loads || result.issues.every((issue) => issue.line === null)) return '';
  return readFile(result.file, 'utf8').catch(() => '');
}

function exitCodeOf(results: readonly CheckResult[], isStrict: boolean): ExitCode {
  if (results.some((result) => !result.loads)) return EXIT.usage;
  const counts = (finding: Finding): boolean => isStrict || finding.level === 'warning';
  return results.some((result) => result.loads && result.findings.some(counts)) ? EXIT.findings : EXIT.fine;
}

function resultJson(result: CheckResult): Record<string, unknown> {
  if (!result.loads) {
    const { file, code, message, issues } = result;
    return { file, loads: false, error: { code, message }, policy: null, issues, findings: [] };
  }
  const { name, version, digest, stage } = result.policy;
  return {
    file: result.file,
    loads: true,
    error: null,
    policy: { name, version, digest, stage },
    issues: [],
    findings: result.findings,
  };
}
