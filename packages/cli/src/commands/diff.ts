import { loadPolicy } from 'callgate';
import { diffPolicies, type PolicyDiff } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { diffJson } from '../output/diff-json.ts';
import { diffMarkdown } from '../output/diff-markdown.ts';
import { printDiff } from '../output/diff-text.ts';
import { printableJson } from '../output/printable.ts';

type DiffFormat = 'pretty' | 'json' | 'markdown';

/** `callgate diff`: what does a change to a policy newly allow, hold and deny? */
export const diffCommand: CommandSpec<DiffFormat> = {
  name: 'diff',
  summary: 'say what a change to a policy newly allows, holds and denies',
  usage: '<old> <new>',
  description: [
    'Compares two policies by what calls come to. Each difference has one call that shows it, decided by both policies; where nothing is said to widen, that is proved.',
    'What can neither be shown nor ruled out is unknown, with the reason, and counts as widened for the exit code. Conditions are compared term by term where they have one shape; exceptions are set aside.',
  ],
  options: {
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
  const [before = '', after = ''] = invocation.positionals;
  const diff = diffPolicies(await loadPolicy(before), await loadPolicy(after));
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

function exitCodeOf({ verdict }: PolicyDiff, failsOnAny: boolean): ExitCode {
  if (verdict === 'widened') return EXIT.widened;
  return verdict === 'unknown' || (failsOnAny && verdict !== 'same') ? EXIT.findings : EXIT.fine;
}
