import { policyYaml, type PolicyLearner, type ToolDefinition } from '@callgate/policy';
import { compilePolicy, createPolicyLearner, loadKinds, type CompiledPolicy } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { countOption } from '../input/record-filter.ts';
import { readToolsFile } from '../input/tool-definitions.ts';
import { traceKeyText, TRACE_KEY_OPTION } from '../input/trace-key-option.ts';
import { printable, printableJson } from '../output/printable.ts';
import { createProgress } from '../output/progress.ts';
import { suggestionHeader, suggestionSummary, type SuggestionReport } from '../output/suggestion-text.ts';
import { formatCount } from '../output/words.ts';
import { POLICY_OUTPUT_OPTIONS, writePolicy } from '../output/write-policy.ts';
import { readCallLog, type LogItem } from '../replay/call-log.ts';

type SuggestFormat = 'yaml' | 'json';

const DEFAULT_SUPPORT = 8;
const MAX_SUPPORT = 1000;
const DEFAULT_HOLDOUT = 0.2;
const SHOWN_PROBLEMS = 20;

/** `callgate suggest`: what is the tightest policy that would have passed this traffic? */
export const suggestCommand: CommandSpec<SuggestFormat> = {
  name: 'suggest',
  summary: 'suggest the tightest policy that recorded calls would have passed',
  usage: '[--from-tools [<server>=]<file>]… [<log>…]',
  description: [
    'Reads logs as `callgate replay` does (traces of a gate or of `callgate record`, JSON Lines, either of them gzipped; standard input without one) and writes a policy: servers, tools with ring and effect, who called them, and for each argument the narrowest schema of a kind that all its values pass. Memory does not grow with the logs.',
    'It is a proposal for review. Comments say why each part is there and how often it was seen. Values are listed only where they are few, short, seen often enough and do not look like credentials.',
    'A part of the calls is held out (whole runs, where there are two): the policy is learned from the rest, and it is said which held-out calls it would refuse, and why. Calls that were denied or held when they were made are not learned from.',
  ],
  options: {
    'from-tools': {
      kind: 'text',
      placeholder: '[server=]file',
      multiple: true,
      description:
        'what a server says of its tools (a list, `{ "tools": […] }`, or an answer to `tools/list`), of all servers where none is named: makes effects more severe, and bounds arguments that were seen too rarely',
    },
    name: { kind: 'text', placeholder: 'name', description: 'the policy’s name (default `suggested`)' },
    holdout: {
      kind: 'text',
      placeholder: 'share',
      description: `how much to check with instead of learning from it: from 0 to 0.9 (default ${DEFAULT_HOLDOUT})`,
    },
    'min-support': {
      kind: 'text',
      placeholder: 'count',
      description: `how often an argument must be seen before its values are listed (default ${DEFAULT_SUPPORT})`,
    },
    'include-refused': { kind: 'flag', description: 'learn from calls that were denied or held, too' },
    'key-file': TRACE_KEY_OPTION,
    ...POLICY_OUTPUT_OPTIONS,
  },
  positionals: [0, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate suggest -k trace.key -o candidate.yaml traces/*.cgtrace', says: 'from a week of traces' },
    { command: 'callgate suggest --from-tools files=tools.json calls.jsonl.gz', says: 'with what the server says' },
    {
      command: 'callgate suggest --format json calls.jsonl | jq .heldOut',
      says: 'how well it does on calls that it was not learned from',
    },
  ],
  formats: ['yaml', 'json'],
  exits: {
    0: 'a policy that every held-out call passes',
    1: 'a policy that refuses held-out calls; a malformed line; or no call to learn from',
    2: 'a log, key or file of tools cannot be read, the output cannot be written, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<SuggestFormat>): Promise<ExitCode> {
  const logs = logsOf(invocation, context);
  const toolsOf = await toolsOption(invocation, context);
  const options = {
    name: invocation.text('name') ?? 'suggested',
    holdout: holdoutOption(invocation.text('holdout')),
    leastSupport:
      countOption('suggest', 'min-support', invocation.text('min-support'), [1, MAX_SUPPORT]) ?? DEFAULT_SUPPORT,
    learnsRefused: invocation.flag('include-refused'),
    toolsOf,
  };
  await loadKinds();
  const reading = new Reading(createPolicyLearner(options), context);
  const key = (): Promise<string> => traceKeyText('suggest', invocation, context.io);
  await reading.readAll(logs, key);
  const report = { suggestion: reading.learner.suggest(), malformed: reading.malformed, lost: reading.lost };
  await writePolicy(textOf(report, context), invocation, context);
  for (const line of suggestionSummary(report)) context.err.printLine(`callgate: ${line}`);
  const { calls, heldOut } = report.suggestion;
  const isFine = calls > 0 && report.malformed === 0 && heldOut.refused.length === 0;
  return isFine ? EXIT.fine : EXIT.findings;
}

/** One pass over the logs. */
class Reading {
  readonly learner: PolicyLearner;
  malformed = 0;
  lost = 0;
  readonly #context: CommandContext;
  /** Who servers are is not known: no policy says it. */
  readonly #policy: CompiledPolicy = compilePolicy({ callgate: 1, name: 'none', version: '1', servers: {} });

  constructor(learner: PolicyLearner, context: CommandContext) {
    this.learner = learner;
    this.#context = context;
  }

  async readAll(logs: readonly string[], key: () => Promise<string>): Promise<void> {
    const progress = createProgress(this.#context, 'calls read');
    try {
      for (const file of logs) {
        for await (const items of readCallLog(file, { io: this.#context.io, key, policy: this.#policy })) {
          for (const item of items) {
            this.#take(file, item);
            progress.update(this.learner.calls);
          }
        }
      }
    } finally {
      progress.clear();
    }
    if (this.malformed > SHOWN_PROBLEMS)
      this.#context.err.printLine(`callgate: ${formatCount(this.malformed)} malformed in all`);
  }

  #take(file: string, item: LogItem): void {
    switch (item.kind) {
      case 'call': {
        const { call, at, earlier } = item.call;
        this.learner.see({ call, at, effect: earlier?.effect });
        return;
      }
      case 'outcome':
        return;
      case 'malformed':
        this.malformed += 1;
        if (this.malformed <= SHOWN_PROBLEMS)
          this.#context.err.printLine(`callgate: ${printable(file)}:${item.place}: ${printable(item.message, 500)}`);
        return;
      case 'notice':
        this.lost += item.lost;
        this.#context.err.printLine(`callgate: ${printable(file)}:${item.place}: ${printable(item.message)}`);
    }
  }
}

function textOf(report: SuggestionReport, { format, out }: CommandContext<SuggestFormat>): string {
  switch (format) {
    case 'yaml':
      return policyYaml(report.suggestion, suggestionHeader(report));
    case 'json': {
      const { document, ...rest } = report.suggestion;
      const { malformed, lost } = report;
      return `${printableJson(JSON.stringify({ policy: document, ...rest, malformed, lost }), out.isTerminal)}\n`;
    }
  }
}

function logsOf(invocation: Invocation, { io }: CommandContext): readonly string[] {
  if (invocation.positionals.length > 0) return invocation.positionals;
  if (io.stdinIsTerminal)
    throw new UsageError('suggest', 'expected a log: a trace, JSON Lines, or either on standard input');
  return ['-'];
}

function holdoutOption(text: string | undefined): number {
  if (text === undefined) return DEFAULT_HOLDOUT;
  const share = /^(?:0|0?\.\d{1,6})$/u.test(text) ? Number(text) : Number.NaN;
  if (!(share <= 0.9)) throw new UsageError('suggest', 'expected `--holdout` to be a share from 0 to 0.9, such as 0.2');
  return share;
}

/** What servers say of their tools; a file without a server's name is about every server. */
async function toolsOption(
  invocation: Invocation,
  { io }: CommandContext,
): Promise<(server: string) => readonly ToolDefinition[]> {
  const named = new Map<string, readonly ToolDefinition[]>();
  const ofAll: ToolDefinition[] = [];
  for (const value of invocation.texts('from-tools')) {
    const { server, file } = /^(?:(?<server>[^=/\\]+)=)?(?<file>.+)$/su.exec(value)?.groups ?? {};
    const tools = await readToolsFile(file ?? value, io);
    if (server === undefined) ofAll.push(...tools);
    else named.set(server, [...(named.get(server) ?? []), ...tools]);
  }
  return (server) => [...(named.get(server) ?? []), ...ofAll];
}
