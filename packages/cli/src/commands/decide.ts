import { loadPolicy } from 'callgate';
import type { Instant } from '@callgate/canonical';
import { decide, type Call, type CompiledPolicy, type Decision } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answerLines, textOfLine } from '../input/answer-lines.ts';
import { loneAttempt } from '../input/lone-attempt.ts';
import { parseJson } from '../input/parse-json.ts';
import { POLICY_CONTEXT_OPTIONS, exceptionsOption, readTime } from '../input/policy-context.ts';
import { readCall, readCallId } from '../input/read-call.ts';
import type { InputLine } from '../input/split-lines.ts';
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

type Answer =
  | {
      readonly kind: 'decision';
      readonly id: string | number | undefined;
      readonly call: Call;
      readonly decision: Decision;
    }
  | {
      readonly kind: 'malformed';
      readonly id: string | number | undefined;
      readonly line: number;
      readonly message: string;
    };

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const path = invocation.text('policy');
  if (path === undefined) throw new UsageError('decide', 'expected `--policy <file>`');
  const policy = await loadPolicy(path, exceptionsOption(invocation));
  const now = readTime('decide', invocation);
  let isAllAllowed = true;
  await answerLines(context, 'calls decided', (line) => {
    const answer = answerLine(line, policy, now);
    if (answer === undefined) return undefined;
    if (answer.kind === 'malformed' || answer.decision.effect !== 'allow') isAllAllowed = false;
    return context.format === 'json' ? answerJson(answer, context) : answerText(answer, context);
  });
  return isAllAllowed ? EXIT.fine : EXIT.findings;
}

/** The answer to one line, undefined for a blank one. */
function answerLine(line: InputLine, policy: CompiledPolicy, now: Instant): Answer | undefined {
  const read = textOfLine(line);
  if ('problem' in read) return malformed(line, undefined, read.problem);
  if (read.text.trim() === '') return undefined;
  let id: string | number | undefined;
  try {
    const value = parseJson(read.text);
    id = readCallId(value);
    const call = readCall(value, policy);
    return { kind: 'decision', id, call, decision: decide(policy, call, { now, history: loneAttempt(now) }) };
  } catch (error) {
    if (error instanceof InputError) return malformed(line, id, error.message);
    throw error;
  }
}

function malformed(line: InputLine, id: string | number | undefined, message: string): Answer {
  return { kind: 'malformed', id, line: line.number, message };
}

function answerJson(answer: Answer, context: CommandContext): string {
  const id = answer.id === undefined ? {} : { id: answer.id };
  const body =
    answer.kind === 'decision'
      ? { ...id, ...decisionJson(answer.decision) }
      : { ...id, line: answer.line, error: { code: 'input.malformed', message: answer.message } };
  return printableJson(JSON.stringify(body), context.out.isTerminal);
}

function answerText(answer: Answer, { style }: CommandContext): string {
  const id = answer.id === undefined ? '' : `${style.dim(`[${printable(String(answer.id))}]`)} `;
  if (answer.kind === 'malformed') {
    return `${id}${style.red('ERROR')} line ${answer.line}: ${printable(answer.message, 500)}`;
  }
  const rules = answer.decision.determining.map(rulePlace).join(', ');
  const tail = [answer.decision.code, rules].filter((part) => part !== '').join(', ');
  return `${id}${decisionLine(answer.call, answer.decision, style)} ${style.dim(`(${tail})`)}`;
}
