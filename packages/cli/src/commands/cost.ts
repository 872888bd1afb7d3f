import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { CostTally, DIMENSIONS, MAX_COST_GROUPS, type Dimension } from '../cost/cost-tally.ts';
import type { CostReport } from '../cost/cost-report.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eachRecord } from '../input/each-record.ts';
import { countOption } from '../input/record-filter.ts';
import { RANGE_OPTIONS } from '../input/record-range.ts';
import { costCsv } from '../output/cost-csv.ts';
import { costJson } from '../output/cost-json.ts';
import { costMarkdown } from '../output/cost-markdown.ts';
import { costText } from '../output/cost-text.ts';
import { printableJson } from '../output/printable.ts';

type CostFormat = 'pretty' | 'json' | 'markdown' | 'csv';

const DEFAULT_BY: readonly Dimension[] = ['server', 'tool'];
const DEFAULT_TOP = 20;

/** `callgate cost`: what calls cost, and whom. */
export const costCommand: CommandSpec<CostFormat> = {
  name: 'cost',
  summary: 'add up what the calls of a ledger cost',
  usage: '<ledger>',
  description: [
    'Adds up the costs that outcome records state, in the units of the policy, for each combination of what `--by` names, the costliest first. Counted are tool calls that were sent, whatever came of them; those whose outcome states no cost are told apart, for their cost is unknown and not nothing. So are calls in doubt.',
    `Reads the ledger once; memory does not grow with it. Up to ${MAX_COST_GROUPS} groups are told apart, calls of further ones stand in one line together.`,
  ],
  options: {
    by: {
      kind: 'text',
      short: 'b',
      placeholder: 'what',
      multiple: true,
      choices: DIMENSIONS,
      description: `group by ${DIMENSIONS.join(', ')} (UTC); repeatable: by each combination (default ${DEFAULT_BY.join(' and ')})`,
    },
    top: {
      kind: 'text',
      short: 'n',
      placeholder: 'count',
      description: `show so many groups, and the others in one line (default ${DEFAULT_TOP} for pretty and markdown, all for json and csv)`,
    },
    ...RANGE_OPTIONS,
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate cost ./ledger', says: 'which tools cost most' },
    { command: 'callgate cost ./ledger --by tenant --by day --format csv > costs.csv', says: 'for a spreadsheet' },
    { command: 'callgate cost ./ledger --by user --from 2026-11-01 --to 2026-12-01 --top 5', says: 'who spent most' },
  ],
  formats: ['pretty', 'json', 'markdown', 'csv'],
  exits: { 0: 'reported, also when there is no call', 2: 'the ledger cannot be read or a line is no record, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<CostFormat>): Promise<ExitCode> {
  const { format } = context;
  const [directory = ''] = invocation.positionals;
  const chosen = invocation.texts('by');
  const by = chosen.length === 0 ? DEFAULT_BY : dimensionsOf(chosen);
  const isShort = format === 'pretty' || format === 'markdown';
  const top =
    countOption('cost', 'top', invocation.text('top'), [1, MAX_COST_GROUPS]) ??
    (isShort ? DEFAULT_TOP : MAX_COST_GROUPS);
  const tally = new CostTally(by);
  await eachRecord(costCommand, directory, invocation, context, (record) => tally.take(record));
  await print({ by, tally, top }, context);
  return EXIT.fine;
}

/** In the order in which they were named. */
function dimensionsOf(names: readonly string[]): readonly Dimension[] {
  return [...new Set(names)].flatMap((name) => DIMENSIONS.find((known) => known === name) ?? []);
}

async function print(report: CostReport, context: CommandContext<CostFormat>): Promise<void> {
  const { out } = context;
  for (const line of linesOf(report, context)) {
    out.printLine(line);
    if (out.isFull) await out.flush();
  }
}

function linesOf(report: CostReport, { out, format, style }: CommandContext<CostFormat>): readonly string[] {
  switch (format) {
    case 'pretty':
      return costText(report, style);
    case 'markdown':
      return costMarkdown(report);
    case 'csv':
      return costCsv(report);
    case 'json':
      return [printableJson(JSON.stringify(costJson(report)), out.isTerminal)];
  }
}
