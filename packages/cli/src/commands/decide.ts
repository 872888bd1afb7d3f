import { loadPolicy } from 'callgate';
import { decide, type Call, type Decision } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { judgeLines, type LineAnswer } from '../input/judge-lines.ts';
import { parseJson } from '../input/parse-json.ts';
import { POLICY_CONTEXT_OPTIONS, exceptionsOption, readTime } from '../input/policy-context.ts';
import { readCall } from '../input/read-call.ts';
import { decisionJson } from '../output/decision-json.ts';
import { decisionLine, rulePlace } from '../output/decision-text.ts';
import { printable, printableJson } from '../output/printable.ts';

/** `callgate decide`: a stream of calls in, a decision a line out. */
export const decideCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'decide',
  summary: 'decide calls from standard input, one JSON object a line',
  usage: '--policy <file> < calls.jsonl',
  description: [
    'Each line is `{"server", "tool", "arguments"?, "principal"?, "run"?, "identity"?}`, or `{"server", "method", "params"?, "direction"?, …}` for any other message. An `id` is echoed. Blank lines are skipped.',
    'Each decision is one line, in the order of the input: `id`?, `effect`, `would`?, `wouldCode`?, `stage`, `code`, `message`, `rule`, `violations`, `errors`, `hints`, `retryable`, `next`, …. A line that is not a call gives `{"id"?, "line", "error": {"code", "message"}}` and does not stop the stream.',
    'Where a line gives no `identity`, the server is taken to be the one that the policy declares. Memory does not grow with the input.',
  ],
  options: {
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy to decide by' },
    ...POLICY_CONTEXT_OPTIONS,
  },
  positionals: [0, 0],
  examples: [
    { command: 'callgate decide --policy callgate.yaml < calls.jsonl', says: 'one decision a line' },
    {
      command: 'callgate decide -p callgate.yaml < calls.jsonl | jq -c \'select(.effect != "allow")\'',
      says: 'what is not allowed',
    },
    { command: 'callgate decide -p callgate.yaml --format pretty < calls.jsonl', says: 'to read' },
  ],
  formats: ['json', 'pretty'],
  exits: {
    0: 'every call is allowed',
    1: 'a call is denied or held, a line is malformed, or output ended early',
    2: 'the policy does not load, or usage',
  },
  // What was not decided was not allowed.
  whenCutShort: EXIT.findings,
  run,
};

/** A call and what policy says of it. */
interface Decided {
  readonly call: Call;
  readonly decision: Decision;
}

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const path = invocation.text('policy');
  if (path === undefined) throw new UsageError('decide', 'expected `--policy <file>`');
  const policy = await loadPolicy(path, exceptionsOption(invocation));
  const now = readTime('decide', invocation);
  return judgeLines(context, {
    unit: 'calls decided',
    parse: parseJson,
    read: (value) => readCall(value, policy),
    judge: (call): Decided => ({ call, decision: decide(policy, call, { now }) }),
    isFine: ({ decision }) => decision.effect === 'allow',
    show: (answer) => (context.format === 'json' ? answerJson(answer, context) : answerText(answer, context)),
  });
}

function answerJson(answer: LineAnswer<Decided>, context: CommandContext): string {
  const id = answer.id === null ? {} : { id: answer.id };
  const body =
    'judged' in answer
      ? { ...id, ...decisionJson(answer.judged.decision) }
      : { ...id, line: answer.line, error: { code: 'input.malformed', message: answer.problem } };
  return printableJson(JSON.stringify(body), context.out.isTerminal);
}

function answerText(answer: LineAnswer<Decided>, { style }: CommandContext): string {
  const id = answer.id === null ? '' : `${style.dim(`[${printable(String(answer.id))}]`)} `;
  if (!('judged' in answer)) {
    return `${id}${style.red('ERROR')} line ${answer.line}: ${printable(answer.problem, 500)}`;
  }
  const { call, decision } = answer.judged;
  const rules = decision.determining.map(rulePlace).join(', ');
  const tail = [decision.code, rules].filter((part) => part !== '').join(', ');
  return `${id}${decisionLine(call, decision, style)} ${style.dim(`(${tail})`)}`;
}
