import { openTrace, type TracedCall, type TracedOutcome } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { TRACE_KEY_OPTION, traceKeyText } from '../input/trace-key-option.ts';
import { printable, printableJson } from '../output/printable.ts';
import { createProgress } from '../output/progress.ts';
import { plural } from '../output/words.ts';
import { loggedLine } from '../replay/logged-line.ts';

/** Calls that wait for their outcome, and their size as JSON in characters. The oldest are printed without one. */
const MAX_OPEN_CALLS = 10_000;
const MAX_OPEN_LENGTH = 64 * 1024 * 1024;

/** `callgate trace export`: a trace in the clear. */
export const traceExportCommand: CommandSpec<'jsonl'> = {
  name: 'trace export',
  summary: 'print the calls of a trace as JSON Lines, in the clear',
  usage: '--key-file <file> <trace>',
  description: [
    'One line for each call, with its answer and outcome where there is one, in the order of outcomes: `{"id", "at", "run"?, "principal", "server", "identity", "tool", "arguments", "decision", "outcome"?, "result"?, …}`, or with `direction`, `method` and `params` for other messages. `callgate replay` reads it back.',
    'What comes out is what the trace was sealed to protect: arguments and answers in full.',
  ],
  options: {
    'key-file': TRACE_KEY_OPTION,
    records: { kind: 'flag', description: 'print the records of the trace as they are' },
  },
  positionals: [1, 1],
  examples: [
    { command: 'callgate trace export --key-file trace.key week.cgtrace > calls.jsonl', says: 'to work with' },
    {
      command: 'callgate trace export --key-file trace.key week.cgtrace | jq -c \'select(.outcome == "tool_error")\'',
      says: 'calls that failed',
    },
  ],
  formats: ['jsonl'],
  exits: {
    0: 'all of it, to its last record',
    1: 'all there is: it was cut or is still being written, it is broken, or calls were left out',
    2: 'it is no trace, is sealed for another key or cannot be read, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'jsonl'>): Promise<ExitCode> {
  const [path = ''] = invocation.positionals;
  const { out, err } = context;
  const trace = await openTrace(path, { key: await traceKeyText('trace export', invocation, context.io) });
  const printLine = (line: string): void => out.printLine(printableJson(line, out.isTerminal));
  const calls = new OpenCalls(printLine);
  const isRaw = invocation.flag('records');
  const progress = createProgress(context, 'records');
  let left = 0;
  let count = 0;
  try {
    for await (const record of trace) {
      count += 1;
      progress.update(count);
      if (isRaw) printLine(JSON.stringify(record));
      else if (record.kind === 'call' && record.params === null) left += 1;
      else if (record.kind === 'call') calls.open(record);
      else if (record.kind === 'outcome') calls.settle(record);
      else if (record.kind === 'gap') left += record.count;
      if (out.isFull) await out.flush();
    }
  } finally {
    progress.clear();
  }
  calls.end();
  if (left > 0) err.printLine(`callgate: ${plural(left, 'record')} missing from the trace, or without params`);
  const ending = trace.ending ?? { kind: 'cut' };
  if (ending.kind === 'complete') return left > 0 ? EXIT.findings : EXIT.fine;
  const how = ending.kind === 'cut' ? 'ends without its last record' : `is broken: ${ending.reason}`;
  err.printLine(`callgate: ${printable(path)} ${how}`);
  return EXIT.findings;
}

/** Puts calls and their outcomes together again. */
class OpenCalls {
  readonly #print: (line: string) => void;
  readonly #open = new Map<string, { readonly call: TracedCall; readonly length: number }>();
  #length = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  open(call: TracedCall): void {
    // Held, denied and one-way messages have no outcome to wait for.
    if (call.verdict.effect !== 'allow' || call.message === 'notification') {
      this.#print(loggedLine(call, undefined));
      return;
    }
    this.#take(call.request, undefined);
    const { length } = JSON.stringify(call.params);
    this.#open.set(call.request, { call, length });
    this.#length += length;
    while (this.#open.size > MAX_OPEN_CALLS || this.#length > MAX_OPEN_LENGTH) this.#takeOldest();
  }

  settle(outcome: TracedOutcome): void {
    this.#take(outcome.request, outcome);
  }

  end(): void {
    while (this.#open.size > 0) this.#takeOldest();
  }

  #takeOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.#take(oldest, undefined);
  }

  #take(request: string, outcome: TracedOutcome | undefined): void {
    const open = this.#open.get(request);
    if (open === undefined) return;
    this.#open.delete(request);
    this.#length -= open.length;
    this.#print(loggedLine(open.call, outcome));
  }
}
