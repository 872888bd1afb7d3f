import type { Decision } from '@callgate/policy';
import { digestDecision, loadPolicy } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseTime } from '../input/parse-time.ts';
import { exceptionsOption, POLICY_CONTEXT_OPTIONS } from '../input/policy-context.ts';
import { countOption } from '../input/record-filter.ts';
import { traceKeyText, TRACE_KEY_OPTION } from '../input/trace-key-option.ts';
import { printable, printableJson } from '../output/printable.ts';
import { createProgress } from '../output/progress.ts';
import { replayTimelineText } from '../output/replay-timeline-text.ts';
import { replayJson, replayLine, malformedLine } from '../output/replay-json.ts';
import { replayMarkdown } from '../output/replay-markdown.ts';
import { replaySummary, replayText } from '../output/replay-text.ts';
import { formatCount } from '../output/words.ts';
import { readCallLog, type LogItem } from '../replay/call-log.ts';
import { flipOf, FLIPS, judged, NEWLY_ALLOWED, WIDENING, type Flip, type Judged } from '../replay/flip.ts';
import { hadGoneAhead, PolicyReplay } from '../replay/policy-replay.ts';
import type { RecordedEnd } from '../replay/recorded-end.ts';
import type { EarlierDecision, ReplayCall } from '../replay/replay-call.ts';
import { CHANGES, ReplayTally, type Change } from '../replay/replay-tally.ts';
import { ReplayTimeline } from '../replay/replay-timeline.ts';

type ReplayFormat = 'pretty' | 'json' | 'jsonl' | 'markdown';

const DEFAULT_EXAMPLES = 3;
const MAX_EXAMPLES = 100;

/** `callgate replay`: what would another policy have decided? */
export const replayCommand: CommandSpec<ReplayFormat> = {
  name: 'replay',
  summary: 'decide recorded calls again, and show which decisions flip',
  usage: '--policy <file> [--against <file>] [<log>…]',
  description: [
    'Decides every call of the logs by a candidate policy, and compares with the decision that was recorded, or with that of `--against`. A decision that comes out otherwise is a flip: DENY→ALLOW, HOLD→ALLOW, DENY→HOLD, ALLOW→HOLD, HOLD→DENY, ALLOW→DENY.',
    'A log is a trace of a gate or of `callgate record`, or JSON Lines: `{"server", "tool", "arguments"?, "at"?, "principal"?, "run"?, "identity"?, "decision"?, "result"?}`, or with `method` and `params` for any other message, as `callgate decide` takes them. Either may be gzipped. Without a log, or for `-`, standard input is read.',
    'A policy is replayed with the history that its own decisions make: meters, breakers and flows count the calls that it lets go ahead and how those ended, in the order of the log. What it stops would not have happened, so the result that the log has of it is left out. A call that goes ahead now and did not then has no result: it is taken to succeed and to bring nothing.',
    'Each call is decided at the time that it was made at (`at`). Lines that are no calls are counted and named. Memory does not grow with the logs.',
  ],
  options: {
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the candidate: the policy to decide by' },
    against: {
      kind: 'text',
      placeholder: 'file',
      description: 'compare with what this policy decides, not with what was recorded',
    },
    exceptions: POLICY_CONTEXT_OPTIONS.exceptions,
    'against-exceptions': {
      kind: 'text',
      placeholder: 'file',
      description: 'the register of exceptions that goes with the policy of `--against`',
    },
    'key-file': TRACE_KEY_OPTION,
    'as-enforced': {
      kind: 'flag',
      description: 'compare what enforcement would do, where a stage only observes',
    },
    'assume-identity': {
      kind: 'flag',
      description: 'take each server to be the one that the policy declares, whatever was observed of it',
    },
    exact: {
      kind: 'flag',
      description: 'also compare all else that a recorded decision says: rules, violations, hints, obligations; slower',
    },
    at: {
      kind: 'text',
      placeholder: 'time',
      description: 'when to decide calls that do not say when they were made, such as `2026-11-25T08:00:00Z`',
    },
    environment: {
      kind: 'text',
      placeholder: 'name',
      description: 'what the environment is called, for controls that count by it',
    },
    timeline: { kind: 'flag', description: 'also show the decisions of the run that `--run` names, in order' },
    run: { kind: 'text', placeholder: 'id', description: 'the run of `--timeline`, with the runs inside it' },
    examples: {
      kind: 'text',
      placeholder: 'count',
      description: `examples of each kind of flip and tool (default ${DEFAULT_EXAMPLES}, at most ${MAX_EXAMPLES})`,
    },
    'show-arguments': { kind: 'flag', description: 'show arguments in examples, not only their shapes' },
    'only-changes': { kind: 'flag', description: 'with `--format jsonl`: only calls whose decision changed' },
    'fail-on': {
      kind: 'text',
      placeholder: 'class',
      multiple: true,
      choices: [...FLIPS, 'widening', 'narrowing', 'malformed', 'any', 'none'],
      description: `which findings the exit code tells: a flip, \`widening\` (${[...WIDENING].join(', ')}), \`narrowing\` (the others), \`malformed\`, \`any\` (the default) or \`none\``,
    },
  },
  positionals: [0, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate replay -p candidate.yaml --key-file trace.key week.cgtrace', says: 'what would have changed' },
    {
      command: 'callgate replay -p candidate.yaml --against callgate.yaml calls.jsonl.gz',
      says: 'between two policies, on a log from anywhere',
    },
    {
      command: 'callgate replay -p candidate.yaml --timeline --run ticket-4711 calls.jsonl',
      says: 'one run, decision by decision',
    },
    {
      command:
        'callgate replay -p candidate.yaml --against callgate.yaml --fail-on widening --format markdown calls.jsonl',
      says: 'in CI, as a comment on the change',
    },
    {
      command:
        'callgate replay -p candidate.yaml --format jsonl --only-changes calls.jsonl | jq -c \'select(.change == "deny-allow")\'',
      says: 'each of them',
    },
  ],
  formats: ['pretty', 'json', 'jsonl', 'markdown'],
  exits: {
    0: 'no flip',
    1: 'a flip, none of which lets a call go ahead that did not before; a malformed line; a changed detail with `--exact`; output ended early',
    2: 'a policy does not load, a log or key cannot be read, or usage',
    4: 'DENY→ALLOW or HOLD→ALLOW: a call goes ahead that did not before',
  },
  // What was not replayed was not shown to be unchanged.
  whenCutShort: EXIT.findings,
  run,
};

interface Replay {
  readonly candidate: PolicyReplay;
  readonly baseline: PolicyReplay | undefined;
  readonly asEnforced: boolean;
  readonly assumesIdentity: boolean;
  readonly exact: boolean;
  /** When to decide calls that do not say. */
  readonly at: number | undefined;
  readonly tally: ReplayTally;
  readonly timeline: ReplayTimeline | undefined;
  /** Prints one decision, where each is wanted. */
  readonly print: ((line: string) => void) | undefined;
  readonly onlyChanges: boolean;
}

async function run(invocation: Invocation, context: CommandContext<ReplayFormat>): Promise<ExitCode> {
  const replay = await replayOf(invocation, context);
  const logs = logsOf(invocation, context);
  const failing = failingChanges(invocation);
  const progress = createProgress(context, 'calls replayed');
  const key = (): Promise<string> => traceKeyText('replay', invocation, context.io);
  try {
    for (const file of logs) {
      for await (const items of readCallLog(file, { io: context.io, key, policy: replay.candidate.policy })) {
        for (const item of items) {
          take(replay, file, item);
          progress.update(replay.tally.calls);
          if (context.out.isFull) await context.out.flush();
        }
      }
    }
  } finally {
    progress.clear();
  }
  const { tally } = replay;
  for (const { file, place, message } of tally.malformedPlaces.slice(0, SHOWN_PROBLEMS))
    context.err.printLine(`callgate: ${printable(file)}:${place}: ${printable(message, 500)}`);
  if (tally.malformed > SHOWN_PROBLEMS)
    context.err.printLine(`callgate: ${formatCount(tally.malformed)} malformed in all`);
  printReport(replay, context);
  return exitCode(tally, failing);
}

const SHOWN_PROBLEMS = 20;

async function replayOf(invocation: Invocation, context: CommandContext<ReplayFormat>): Promise<Replay> {
  const path = invocation.text('policy');
  const baseline = invocation.text('against');
  const baselineExceptions = invocation.text('against-exceptions');
  if (path === undefined) throw new UsageError('replay', 'expected `--policy <file>`');
  const exact = invocation.flag('exact');
  if (exact && baseline !== undefined)
    throw new UsageError('replay', 'expected `--exact` or `--against`: only recorded decisions are compared exactly');
  if (baselineExceptions !== undefined && baseline === undefined)
    throw new UsageError('replay', 'expected `--against <file>` with `--against-exceptions`');
  const isLines = context.format === 'jsonl';
  if (invocation.flag('only-changes') && !isLines)
    throw new UsageError('replay', 'expected `--format jsonl` with `--only-changes`');
  const maxExamples =
    countOption('replay', 'examples', invocation.text('examples'), [0, MAX_EXAMPLES]) ?? DEFAULT_EXAMPLES;
  const { out } = context;
  const asEnforced = invocation.flag('as-enforced');
  const options = { asEnforced, environment: invocation.text('environment') };
  const timeline = timelineOption(invocation, context);
  return {
    candidate: new PolicyReplay(await loadPolicy(path, exceptionsOption(invocation)), options),
    baseline:
      baseline === undefined
        ? undefined
        : new PolicyReplay(
            await loadPolicy(baseline, baselineExceptions === undefined ? {} : { exceptions: baselineExceptions }),
            options,
          ),
    asEnforced,
    timeline,
    assumesIdentity: invocation.flag('assume-identity'),
    exact,
    at: atOption(invocation.text('at')),
    tally: new ReplayTally({ maxExamples, showArguments: invocation.flag('show-arguments') }),
    print: isLines ? (line) => out.printLine(line) : undefined,
    onlyChanges: invocation.flag('only-changes'),
  };
}

function timelineOption(invocation: Invocation, { format }: CommandContext): ReplayTimeline | undefined {
  const chosen = invocation.text('run');
  if (invocation.flag('timeline') !== (chosen !== undefined))
    throw new UsageError('replay', 'expected `--timeline` and `--run <id>` together');
  if (chosen === undefined) return undefined;
  if (format !== 'pretty') throw new UsageError('replay', 'expected `--format pretty` with `--timeline`');
  return new ReplayTimeline(chosen);
}

function atOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined) throw new UsageError('replay', 'expected `--at` to be a time such as 2026-11-20T10:00Z');
  return time;
}

function logsOf(invocation: Invocation, { io }: CommandContext): readonly string[] {
  if (invocation.positionals.length > 0) return invocation.positionals;
  if (io.stdinIsTerminal)
    throw new UsageError('replay', 'expected a log: a trace, JSON Lines, or either on standard input');
  return ['-'];
}

function take(replay: Replay, file: string, item: LogItem): void {
  const { tally } = replay;
  switch (item.kind) {
    case 'call':
      takeCall(
        replay,
        file,
        item.place,
        replay.assumesIdentity ? { ...item.call, isIdentityAssumed: true } : item.call,
      );
      return;
    case 'outcome':
      takeEnd(replay, item.request, item.end);
      return;
    case 'malformed':
      tally.malformedAt(file, item.place, item.message);
      replay.print?.(malformedLine(file, item.place, item.message));
      return;
    case 'notice':
      tally.noticeAt(file, item.place, item.message, item.lost);
  }
}

function takeCall(replay: Replay, file: string, place: number, replayed: ReplayCall): void {
  const { tally, candidate, baseline, asEnforced } = replay;
  const now = replayed.at ?? replay.at;
  const id = replayed.id === null ? `line ${place}` : String(replayed.id);
  const { decision, changes } = candidate.decide(replayed, id, now);
  const after = judged(decision, asEnforced);
  tally.decided(after);
  tally.runs.see(replayed.call.run, after.effect !== 'allow');
  if (after.effect !== 'allow' && hadGoneAhead(replayed)) tally.leftOut += 1;
  const earlier = baseline === undefined ? replayed.earlier : baseline.decide(replayed, id, now).decision;
  const before = earlier === null ? null : judged(earlier, asEnforced);
  const change =
    before === null
      ? null
      : (changeOf(before, after) ?? (replay.exact && isOther(replayed.earlier, decision) ? 'detail' : null));
  if (before === null) tally.uncompared += 1;
  else if (change !== null) tally.changed(change, file, place, { replayed, before, after, decision });
  replay.timeline?.decided({ file, place, id, replayed, before, after, change, decision, changes });
  if (replay.print !== undefined && (change !== null || !replay.onlyChanges)) {
    replay.print(
      replayLine({ file, place, id: replayed.id, run: replayed.call.run ?? null, change, before, decision }),
    );
  }
}

function takeEnd({ candidate, baseline, timeline }: Replay, id: string, end: RecordedEnd): void {
  const changes = candidate.end(id, end);
  baseline?.end(id, end);
  timeline?.ended(id, end, changes);
}

function changeOf(before: Judged, after: Judged): Change | null {
  const flip = flipOf(before.effect, after.effect);
  if (flip !== undefined) return flip;
  return before.code !== null && before.code !== after.code ? 'reason' : null;
}

function isOther(earlier: EarlierDecision | null, decision: Decision): boolean {
  return earlier?.digest !== undefined && earlier.digest !== null && earlier.digest !== digestDecision(decision);
}

/** What makes the exit code other than 0. */
type Failing = ReadonlySet<Change | 'malformed'>;

function failingChanges(invocation: Invocation): Failing {
  const chosen = invocation.texts('fail-on');
  const failing = new Set<Change | 'malformed'>();
  for (const name of chosen.length === 0 ? ['any'] : chosen) {
    for (const change of CHANGES) if (isMeant(name, change)) failing.add(change);
    if (name === 'any' || name === 'malformed') failing.add('malformed');
  }
  return failing;
}

/** Whether a choice of `--fail-on` means a change. The same effect for another reason is never a failure. */
function isMeant(name: string, change: Change): boolean {
  if (change === 'reason') return false;
  if (name === 'any' || name === change) return true;
  if (change === 'detail') return false;
  return name === (WIDENING.has(change) ? 'widening' : 'narrowing');
}

function exitCode(tally: ReplayTally, failing: Failing): ExitCode {
  const found = CHANGES.filter((change) => failing.has(change) && tally.changes[change] > 0);
  const isWidened = found.some((change) => NEWLY_ALLOWED.has(change as Flip));
  if (isWidened) return EXIT.widened;
  return found.length > 0 || (failing.has('malformed') && tally.malformed > 0) ? EXIT.findings : EXIT.fine;
}

function printReport(replay: Replay, context: CommandContext<ReplayFormat>): void {
  const { out, err, style } = context;
  const report = { candidate: replay.candidate.policy, baseline: replay.baseline?.policy, tally: replay.tally };
  switch (context.format) {
    case 'pretty':
      if (replay.timeline !== undefined)
        for (const line of replayTimelineText(replay.timeline, style)) out.printLine(line);
      for (const line of replayText(report, style)) out.printLine(line);
      return;
    case 'markdown':
      for (const line of replayMarkdown(report)) out.printLine(line);
      return;
    case 'json':
      out.printLine(printableJson(JSON.stringify(replayJson(report)), out.isTerminal));
      return;
    case 'jsonl':
      err.printLine(`callgate: ${replaySummary(report.tally)}`);
  }
}
