import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eachRecord } from '../input/each-record.ts';
import { countOption } from '../input/record-filter.ts';
import { RANGE_OPTIONS } from '../input/record-range.ts';
import { printableJson } from '../output/printable.ts';
import { runListJson, runListText } from '../output/run-list-text.ts';
import { plural } from '../output/words.ts';
import { MAX_RUNS, RunTally } from '../runs/run-tally.ts';

const DEFAULT_LIMIT = 50;

/** `callgate run list`: the runs of a ledger. */
export const runListCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'run list',
  summary: 'list the runs of a ledger',
  usage: '<ledger>',
  description: [
    'Lists runs by when they began, the newest last: when, by whom, within which run, how many calls, how many of them were denied, held, failed or are in doubt, and what they cost as far as that is stated. The calls and cost of a run are its own, without those of runs inside it.',
    `Reads the ledger once; of more than ${MAX_RUNS} runs it keeps those with the newest records, and says so.`,
  ],
  options: {
    ...RANGE_OPTIONS,
    effect: {
      kind: 'text',
      placeholder: 'effect',
      choices: ['deny', 'hold'],
      description: 'only runs of which a call was denied or held',
    },
    limit: {
      kind: 'text',
      short: 'n',
      placeholder: 'count',
      description: `list so many, the newest (default ${DEFAULT_LIMIT} for pretty, all for json)`,
    },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate run list ./ledger', says: 'the last runs' },
    { command: 'callgate run list ./ledger --effect deny --from 2026-11-20', says: 'where something was stopped' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'listed, also when there is no run', 2: 'the ledger cannot be read or a line is no record, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const { out, err, style, format } = context;
  const [directory = ''] = invocation.positionals;
  const effect = invocation.text('effect');
  const limit =
    countOption('run list', 'limit', invocation.text('limit'), [1, MAX_RUNS]) ??
    (format === 'pretty' ? DEFAULT_LIMIT : MAX_RUNS);
  const tally = new RunTally();
  await eachRecord(runListCommand, directory, invocation, context, (record) => tally.take(record));
  const chosen = tally.runs.filter(
    ({ counts }) => effect === undefined || (effect === 'deny' ? counts.deny : counts.hold) > 0,
  );
  const shown = chosen.slice(-limit);
  if (format === 'pretty') for (const line of runListText(shown, style)) out.printLine(line);
  else for (const one of shown) out.printLine(printableJson(JSON.stringify(runListJson(one)), out.isTerminal));
  if (chosen.length === 0) err.printLine('no runs match');
  if (chosen.length > shown.length) err.printLine(`${plural(chosen.length - shown.length, 'older run')} not listed`);
  if (tally.forgotten > 0) err.printLine(`${plural(tally.forgotten, 'older run')} not counted: see --from`);
  if (tally.without > 0) err.printLine(`${plural(tally.without, 'call')} of no run`);
  return EXIT.fine;
}
