import { loadPolicy } from 'callgate';
import { clonePlain } from '@callgate/canonical';
import { explain, explainToModel, type Call, type Effect, type ModelExplanation } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CALL_OPTIONS, callFromOptions } from '../input/call-source.ts';
import { POLICY_CONTEXT_OPTIONS, exceptionsOption, readTime } from '../input/policy-context.ts';
import { askedHistory } from '../input/asked-history.ts';
import { loneAttempt } from '../input/lone-attempt.ts';
import { readCall } from '../input/read-call.ts';
import { explanationJson } from '../output/explanation-json.ts';
import { printExplanation, printModelExplanation, type ExplainedCall } from '../output/explanation-text.ts';
import { printableJson } from '../output/printable.ts';

/** `callgate explain`: one call, with every reason. */
export const explainCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'explain',
  summary: 'explain the decision on one call',
  usage: '--policy <file> (--server <name> --tool <name> | --call <JSON> | < call.json)',
  description: [
    'Shows the decision, everything that fails and where the policy says so, down to the part of a condition, the smallest changes to arguments, principal, run or time after which the call passes (each verified by deciding it again), who owns the rule, who may approve and who may grant an exception.',
    'With `--visibility model` it shows what the model that made the call may know: nothing of the policy beyond what its denials say, and which way to change the arguments.',
    'Where the call gives no `identity`, the server is taken to be the one that the policy declares.',
  ],
  options: {
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy to decide by' },
    ...POLICY_CONTEXT_OPTIONS,
    ...CALL_OPTIONS,
    visibility: {
      kind: 'text',
      placeholder: 'level',
      choices: ['operator', 'model'],
      description: 'for whom: operator (all of it, default) or model (what the caller may know)',
    },
  },
  positionals: [0, 0],
  examples: [
    {
      command:
        'callgate explain -p callgate.yaml -s inventory -t inventory.lookup -a \'{"region":"*"}\' --user u-17 --role support',
      says: 'a call in flags',
    },
    {
      command: 'callgate explain -p callgate.yaml --call @call.json',
      says: 'a call from a file, `{"server", "tool", "arguments", "principal"}`',
    },
    {
      command: 'sed -n 12p calls.jsonl | callgate explain -p callgate.yaml --format json',
      says: 'a line of a recorded stream',
    },
    {
      command: 'callgate explain -p callgate.yaml --call @call.json --visibility model',
      says: 'what the model may know',
    },
  ],
  formats: ['pretty', 'json'],
  exits: {
    0: 'the call is allowed',
    1: 'the call is denied or held',
    2: 'the policy or the call cannot be read, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty' | 'json'>): Promise<ExitCode> {
  const path = invocation.text('policy');
  if (path === undefined) throw new UsageError('explain', 'expected `--policy <file>`');
  const policy = await loadPolicy(path, exceptionsOption(invocation));
  const value = clonePlain(await callFromOptions('explain', invocation, context.io));
  const [call, now] = [readCall(value, policy), readTime('explain', invocation)];
  const history = askedHistory(loneAttempt(now));
  const situation = { now, history };
  const effect =
    invocation.text('visibility') === 'model'
      ? toModel(explainToModel(policy, call, situation), call, context)
      : toOperator({ policy, call, explanation: explain(policy, call, situation), counting: history.asked }, context);
  return effect === 'allow' ? EXIT.fine : EXIT.findings;
}

function toOperator(explained: ExplainedCall, context: CommandContext<'pretty' | 'json'>): Effect {
  if (context.format === 'pretty') printExplanation(explained, context);
  else print(explanationJson(explained), context);
  return explained.explanation.decision.effect;
}

function toModel(explanation: ModelExplanation, call: Call, context: CommandContext<'pretty' | 'json'>): Effect {
  if (context.format === 'pretty') printModelExplanation(explanation, call, context);
  else print(explanation, context);
  return explanation.effect;
}

function print(json: object, { out }: CommandContext<'pretty' | 'json'>): void {
  out.printLine(printableJson(JSON.stringify(json), out.isTerminal));
}
