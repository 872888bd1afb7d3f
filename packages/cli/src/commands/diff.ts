import { readFile } from 'node:fs/promises';

import { loadExceptions, loadPolicy } from 'callgate';
import {
  diffPolicies,
  withExceptions,
  type CompiledPolicy,
  type ExceptionRegister,
  type PolicyDiff,
} from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { strictestPolicy } from '../exceptions/strictest-policy.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readTime } from '../input/policy-context.ts';
import { diffJson } from '../output/diff-json.ts';
import { diffMarkdown } from '../output/diff-markdown.ts';
import { printDiff } from '../output/diff-text.ts';
import { printableJson } from '../output/printable.ts';

type DiffFormat = 'pretty' | 'json' | 'markdown';

/** `callgate diff`: what does a change to a policy newly allow, hold and deny? */
export const diffCommand: CommandSpec<DiffFormat> = {
  name: 'diff',
  summary: 'say what a change to a policy newly allows, holds and denies',
  usage: '<old> <new> [--exceptions-old <file>] [--exceptions-new <file>]',
  description: [
    'Compares two policies by what calls come to. Each difference has one call that shows it, decided by both policies; where nothing is said to widen, that is proved.',
    'What can neither be shown nor ruled out is unknown, with the reason, and counts as widened for the exit code. Conditions are compared term by term where they have one shape.',
    'With registers of exceptions it also tells what each exception that was added, removed or changed lets pass or stops, from `--at` on. Two registers in place of the policies compare those alone, under the policy of `--policy`; without one, under a policy that refuses all that an exception can lift.',
  ],
  options: {
    'exceptions-old': { kind: 'text', placeholder: 'file', description: 'the register that goes with the old policy' },
    'exceptions-new': { kind: 'text', placeholder: 'file', description: 'the register that goes with the new policy' },
    policy: {
      kind: 'text',
      short: 'p',
      placeholder: 'file',
      description: 'where two registers are compared: the policy that they go with',
    },
    at: {
      kind: 'text',
      placeholder: 'time',
      description: 'compare exceptions from this RFC 3339 time on; default: now',
    },
    'fail-on': {
      kind: 'text',
      placeholder: 'what',
      choices: ['widened', 'any'],
      description: 'exit with 0 only where nothing widens (widened, the default), or only where nothing differs (any)',
    },
  },
  positionals: [2, 2],
  examples: [
    { command: 'callgate diff old.yaml new.yaml', says: 'before a change is accepted' },
    {
      command: 'callgate diff old.yaml new.yaml --exceptions-old old-exceptions.yaml --exceptions-new exceptions.yaml',
      says: 'with what exceptions lift',
    },
    {
      command: 'callgate diff -p callgate.yaml old-exceptions.yaml exceptions.yaml',
      says: 'two registers of exceptions',
    },
    { command: 'callgate diff --format markdown old.yaml new.yaml', says: 'a comment on a change' },
    { command: 'callgate diff --format json old.yaml new.yaml | jq .verdict', says: 'for a program' },
  ],
  formats: ['pretty', 'json', 'markdown'],
  exits: {
    0: 'nothing widened, which is proved',
    1: 'whether something widens is unknown (with `--fail-on any`: or something differs)',
    2: 'a policy does not load, or usage',
    4: 'something widened',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<DiffFormat>): Promise<ExitCode> {
  const diff = await compare(invocation);
  switch (context.format) {
    case 'pretty':
      printDiff(diff, context);
      break;
    case 'markdown':
      context.out.print(diffMarkdown(diff));
      break;
    case 'json':
      context.out.printLine(printableJson(JSON.stringify(diffJson(diff)), context.out.isTerminal));
      break;
  }
  return exitCodeOf(diff, invocation.text('fail-on') === 'any');
}

async function compare(invocation: Invocation): Promise<PolicyDiff> {
  const at = readTime('diff', invocation);
  const [before = '', after = ''] = invocation.positionals;
  const [old, fresh] = [await registerIn(before), await registerIn(after)];
  const options = ['exceptions-old', 'exceptions-new'].map((name) => invocation.text(name));
  if (old === undefined && fresh === undefined) {
    if (invocation.text('policy') !== undefined)
      throw new UsageError('diff', 'expected `--policy` only where two registers of exceptions are compared');
    const [one, other] = [await loadWith(before, options[0]), await loadWith(after, options[1])];
    return diffPolicies(one, other, options.some((option) => option !== undefined) ? { at } : {});
  }
  if (old === undefined || fresh === undefined)
    throw new UsageError('diff', 'expected two policies or two registers of exceptions, got one of each');
  if (options.some((option) => option !== undefined))
    throw new UsageError(
      'diff',
      'expected `--exceptions-old` and `--exceptions-new` only where two policies are compared',
    );
  const path = invocation.text('policy');
  const policy = path === undefined ? strictestPolicy([old, fresh]) : await loadPolicy(path);
  return diffPolicies(withExceptions(policy, old), withExceptions(policy, fresh), { at });
}

async function loadWith(policy: string, exceptions: string | undefined): Promise<CompiledPolicy> {
  return loadPolicy(policy, exceptions === undefined ? {} : { exceptions });
}

/** The register that a file holds; undefined where it holds something else, which loading it as a policy then tells. */
async function registerIn(file: string): Promise<ExceptionRegister | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (!/^\s*["']?exceptions["']?\s*:/mu.test(text) || /^["']?servers["']?\s*:/mu.test(text)) return undefined;
  return loadExceptions(file);
}

function exitCodeOf({ verdict }: PolicyDiff, failsOnAny: boolean): ExitCode {
  if (verdict === 'widened') return EXIT.widened;
  return verdict === 'unknown' || (failsOnAny && verdict !== 'same') ? EXIT.findings : EXIT.fine;
}
