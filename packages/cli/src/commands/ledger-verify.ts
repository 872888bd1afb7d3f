import { verifyLedger, type VerifyReport } from '@callgate/audit';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { withElapsed } from '../output/elapsed.ts';
import { printable, printableJson } from '../output/printable.ts';
import type { Style } from '../output/style.ts';
import { formatCount, plural } from '../output/words.ts';

const SHOWN_PROBLEMS = 100;
const SHOWN_IN_DOUBT = 20;

/** `callgate ledger verify`: is a ledger complete and unchanged? */
export const ledgerVerifyCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'ledger verify',
  summary: 'verify that a ledger is complete and unchanged',
  usage: '<directory>',
  description: [
    'Checks that records are numbered without a gap, that each names the digest of the line before it, and that every line is a record. Reports calls in doubt (allowed, with no outcome) and gaps; those are findings about the calls and do not fail the ledger.',
    'A change in the last record, or records cut off cleanly at the end, cannot be seen from the ledger alone.',
  ],
  options: {
    deep: { kind: 'flag', description: 'check each record against the whole schema; about five times slower' },
    live: { kind: 'flag', description: 'a gate is writing at the moment: accept an unfinished last line' },
    window: { kind: 'flag', description: 'the beginning was archived: accept a first record that is not record 0' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate ledger verify ./ledger', says: 'after an incident, before an audit' },
    { command: 'callgate ledger verify --live ./ledger', says: 'while the gate runs' },
    { command: 'callgate ledger verify --format json ./ledger | jq .inDoubt', says: 'calls to follow up' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'the ledger verifies', 1: 'something is wrong with it', 2: 'it cannot be read, or usage' },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [directory = ''] = invocation.positionals;
  const report = await withElapsed(context, 'verifying', () =>
    verifyLedger(directory, {
      deep: invocation.flag('deep'),
      allowTornTail: invocation.flag('live'),
      from: invocation.flag('window') ? 'window' : 'genesis',
      maxProblems: SHOWN_PROBLEMS,
    }),
  );
  const { out, style } = context;
  if (context.format === 'json') out.printLine(printableJson(JSON.stringify(report), out.isTerminal));
  else for (const line of reportLines(directory, report, style)) out.printLine(line);
  return report.ok ? EXIT.fine : EXIT.findings;
}

function reportLines(directory: string, report: VerifyReport, style: Style): readonly string[] {
  return [
    ...report.problems.map((problem) => {
      const place = `${problem.segment === null ? 'line ' : `${printable(problem.segment)}:`}${problem.line}`;
      const record = problem.seq === null ? '' : ` record ${problem.seq}`;
      return `${place}:${record} ${style.red(problem.code)}: ${printable(problem.message, 500)}`;
    }),
    ...more(report.problemCount - report.problems.length, 'problem'),
    `${style.bold(printable(directory))}: ${verdict(report, style)}`,
    ...contentLines(report),
    ...doubtLines(report, style),
  ];
}

function verdict(report: VerifyReport, style: Style): string {
  if (!report.ok) return `${style.red('does not verify')}: ${plural(report.problemCount, 'problem')}`;
  return `${style.green('verifies')}: ${plural(report.records, 'record')}`;
}

function contentLines(report: VerifyReport): readonly string[] {
  if (report.records === 0) return [];
  const kinds = Object.entries(report.byKind).filter(([, count]) => count > 0);
  const effects = Object.entries(report.byEffect).filter(([, count]) => count > 0);
  const list = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ');
  return [
    `  ledger     ${printable(report.ledger ?? 'unknown')}, records ${report.firstSeq ?? 0} to ${report.lastSeq ?? 0}`,
    `  kinds      ${list(kinds)}`,
    ...(effects.length === 0 ? [] : [`  decisions  ${list(effects)}`]),
    ...(report.tornBytes === 0 ? [] : [`  torn       ${plural(report.tornBytes, 'byte')} of an unfinished last line`]),
    ...(report.tail === null ? [] : [`  tail       ${report.tail.digest}`]),
  ];
}

function doubtLines(report: VerifyReport, style: Style): readonly string[] {
  const doubts = report.inDoubt.slice(0, SHOWN_IN_DOUBT).map((call) => {
    const target = call.target === null ? '' : ` ${printable(call.target)}`;
    return `  ${style.yellow('in doubt')}   record ${call.seq}: ${printable(call.method)}${target}, ${printable(call.request)}, has no outcome`;
  });
  const gaps = report.gaps
    .slice(0, SHOWN_IN_DOUBT)
    .map(
      (gap) =>
        `  ${style.yellow('gap')}        record ${gap.seq}: ${plural(gap.count, 'record')} not kept, ${printable(gap.code)}`,
    );
  return [
    ...doubts,
    ...more(report.inDoubtCount - doubts.length, 'call', 'in doubt'),
    ...(report.inDoubtComplete ? [] : ['  too many calls were open at once to follow them all: more may be in doubt']),
    ...gaps,
    ...more(report.gaps.length - gaps.length, 'gap'),
  ];
}

function more(count: number, noun: string, suffix = ''): readonly string[] {
  return count > 0 ? [`  and ${plural(count, `more ${noun}`)}${suffix === '' ? '' : ` ${suffix}`}`] : [];
}
