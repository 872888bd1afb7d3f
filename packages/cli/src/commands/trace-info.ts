import { openTrace, readTraceInfo, type TraceEnding, type TraceInfo, type TraceRecord } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { TRACE_KEY_OPTION, TRACE_KEY_VARIABLE, traceKeyText } from '../input/trace-key-option.ts';
import { printable, printableJson } from '../output/printable.ts';
import { createProgress } from '../output/progress.ts';
import type { Style } from '../output/style.ts';
import { formatTime, plural } from '../output/words.ts';

/** `callgate trace info`: what a trace is, and whether it is whole. */
export const traceInfoCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'trace info',
  summary: 'show what a trace holds, and whether it is whole',
  usage: '[--key-file <file>] <trace>',
  description: [
    'Without a key: the trace’s id, and the fingerprint of the key that opens it. With the key every record is opened, and so proven to be the next that was written: what was cut off, taken out, put in, moved or changed shows.',
  ],
  options: { 'key-file': TRACE_KEY_OPTION },
  positionals: [1, 1],
  examples: [
    { command: 'callgate trace info week.cgtrace', says: 'which key do I need?' },
    { command: 'callgate trace info --key-file trace.key week.cgtrace', says: 'is it whole, and what is in it?' },
  ],
  formats: ['pretty', 'json'],
  exits: {
    0: 'whole, or not looked into',
    1: 'it was cut or is still being written, or it is broken',
    2: 'it is no trace, is sealed for another key or cannot be read, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

interface Contents {
  /** In the order in which they were in force. */
  readonly policies: readonly string[];
  readonly from: number | null;
  readonly to: number | null;
  readonly calls: number;
  readonly outcomes: number;
  readonly gaps: number;
  readonly dropped: number;
  readonly servers: readonly string[];
  readonly ending: TraceEnding;
}

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const [path = ''] = invocation.positionals;
  const info = await readTraceInfo(path);
  const hasKey = invocation.text('key-file') !== undefined || (context.io.env[TRACE_KEY_VARIABLE] ?? '') !== '';
  const contents = hasKey ? await readContents(path, invocation, context) : null;
  const { out, style } = context;
  if (context.format === 'json') out.printLine(printableJson(JSON.stringify({ ...info, contents }), out.isTerminal));
  else for (const line of lines(path, info, contents, style)) out.printLine(line);
  return contents === null || contents.ending.kind === 'complete' ? EXIT.fine : EXIT.findings;
}

const MAX_NAMES = 100;

async function readContents(path: string, invocation: Invocation, context: CommandContext): Promise<Contents> {
  const trace = await openTrace(path, { key: await traceKeyText('trace info', invocation, context.io) });
  const counts = { begin: 0, call: 0, outcome: 0, gap: 0, end: 0 };
  const servers = new Set<string>();
  const policies: string[] = [];
  let first: TraceRecord | undefined;
  let last: TraceRecord | undefined;
  let dropped = 0;
  const progress = createProgress(context, 'records');
  try {
    for await (const record of trace) {
      first ??= record;
      last = record;
      counts[record.kind] += 1;
      if (record.kind === 'begin' && policies.length < MAX_NAMES)
        policies.push(`${record.policy.name} ${record.policy.version} ${record.policy.digest}`);
      if (record.kind === 'gap') dropped += record.count;
      if (record.kind === 'call' && servers.size < MAX_NAMES) servers.add(record.server);
      progress.update(counts.call + counts.outcome);
    }
  } finally {
    progress.clear();
  }
  return {
    policies,
    from: first?.at ?? null,
    to: last?.at ?? null,
    calls: counts.call,
    outcomes: counts.outcome,
    gaps: counts.gap,
    dropped,
    servers: [...servers],
    ending: trace.ending ?? { kind: 'cut', tornBytes: 0 },
  };
}

function lines(path: string, info: TraceInfo, contents: Contents | null, style: Style): readonly string[] {
  return [
    `${style.bold(printable(path))}: trace ${info.id}, sealed for key ${info.recipient}`,
    ...(contents === null ? [] : contentLines(contents, style)),
  ];
}

function contentLines(contents: Contents, style: Style): readonly string[] {
  const { policies, from, to, calls, outcomes, gaps, dropped, servers } = contents;
  return [
    `  ${ending(contents.ending, style)}`,
    ...(from === null || to === null ? [] : [`  ${formatTime(from)} to ${formatTime(to)}`]),
    ...policies.map((policy) => `  policy ${printable(policy)}`),
    `  ${plural(calls, 'call')}, ${plural(outcomes, 'outcome')}; servers ${servers.map((name) => printable(name)).join(', ') || 'none'}`,
    ...(gaps === 0 ? [] : [`  ${style.yellow(plural(gaps, 'gap'))}: ${plural(dropped, 'record')} missing`]),
  ];
}

function ending(how: TraceEnding, style: Style): string {
  switch (how.kind) {
    case 'complete':
      return style.green('whole');
    case 'cut':
      return `${style.yellow('cut')}: it has no last record, because it is still being written, its writer died, or its end was taken away`;
    case 'broken':
      return `${style.red('broken')} from frame ${how.frame} on: ${how.reason}; what comes before is as it was written`;
  }
}
