import { excerpt } from '@callgate/canonical';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eachRecord } from '../input/each-record.ts';
import { countOption } from '../input/record-filter.ts';
import { RANGE_OPTIONS } from '../input/record-range.ts';
import { printableJson } from '../output/printable.ts';
import { runJson } from '../output/run-json.ts';
import { runMermaid } from '../output/run-mermaid.ts';
import { runText } from '../output/run-text.ts';
import { RunTimeline } from '../runs/run-timeline.ts';

type RunFormat = 'pretty' | 'json' | 'mermaid';

/** Lines of a timeline, unless `--limit` says otherwise: Mermaid draws no more than some hundreds. */
const DEFAULT_LIMIT: Readonly<Record<RunFormat, number>> = { pretty: 1_000, json: 10_000, mermaid: 150 };
const MAX_LIMIT = 100_000;

/** `callgate run show`: what happened in one run. */
export const runShowCommand: CommandSpec<RunFormat> = {
  name: 'run show',
  summary: 'show one run: what was called, decided, and what came of it',
  usage: '<run> <ledger>',
  description: [
    'Shows the calls of a run and of the runs inside it in the order of their records: decision, rule, outcome, duration, cost, the labels that the answer brought, the soft limits that were passed; breakers that opened or closed, and labels that were lifted. `--format mermaid` is a sequence diagram.',
    'A call that was allowed and has no outcome is in doubt: it is under way, or nobody knows what became of it. Reads what is complete at the moment, also while a gate writes; does not verify (see `callgate ledger verify`).',
  ],
  options: {
    ...RANGE_OPTIONS,
    limit: {
      kind: 'text',
      short: 'n',
      placeholder: 'count',
      description: `show so many calls and events, and count the others (default ${Object.entries(DEFAULT_LIMIT)
        .map(([format, limit]) => `${limit} for ${format}`)
        .join(', ')}; at most ${MAX_LIMIT})`,
    },
  },
  positionals: [2, 2],
  examples: [
    { command: 'callgate run show ticket-4711 ./ledger', says: 'as a table' },
    { command: 'callgate run show ticket-4711 ./ledger --format mermaid > run.mmd', says: 'as a sequence diagram' },
    {
      command: "callgate run show ticket-4711 ./ledger --format json | jq '.timeline[] | select(.inDoubt)'",
      says: 'what is in doubt',
    },
  ],
  formats: ['pretty', 'json', 'mermaid'],
  exits: {
    0: 'shown',
    1: 'the ledger has no record of the run',
    2: 'the ledger cannot be read or a line is no record, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<RunFormat>): Promise<ExitCode> {
  const { out, err, style, format } = context;
  const [id = '', directory = ''] = invocation.positionals;
  const limit = countOption('run show', 'limit', invocation.text('limit'), [1, MAX_LIMIT]) ?? DEFAULT_LIMIT[format];
  const timeline = new RunTimeline(id, limit);
  await eachRecord(runShowCommand, directory, invocation, context, (record) => timeline.take(record));
  if (timeline.first === undefined) {
    err.printLine(`callgate: no record of run \`${excerpt(id)}\``);
    return EXIT.findings;
  }
  switch (format) {
    case 'pretty':
      for (const line of runText(timeline, style)) out.printLine(line);
      return EXIT.fine;
    case 'mermaid':
      for (const line of runMermaid(timeline)) out.printLine(line);
      return EXIT.fine;
    case 'json':
      out.printLine(printableJson(JSON.stringify(runJson(timeline)), out.isTerminal));
      return EXIT.fine;
  }
}
