import { loadPolicy } from 'callgate';
import { clonePlain, type Instant, type JsonObject } from '@callgate/canonical';
import { decide, explain, type Call, type CompiledPolicy, type Effect } from '@callgate/policy';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CALL_OPTIONS, callFromOptions } from '../input/call-source.ts';
import { POLICY_CONTEXT_OPTIONS, exceptionsOption, readTime } from '../input/policy-context.ts';
import { readCall } from '../input/read-call.ts';
import { decisionJson } from '../output/decision-json.ts';
import { printExplanation, type ExplainedCall } from '../output/explanation-text.ts';
import { printableJson } from '../output/printable.ts';

/** `callgate explain`: one call, with every reason. */
export const explainCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'explain',
  summary: 'explain the decision on one call',
  usage: '--policy <file> (--server <name> --tool <name> | --call <JSON> | < call.json)',
  description: [
    'Shows the decision, everything that fails and where the policy says so, what would pass (found by repairing the arguments and verified by deciding them again), who owns the rule and who may approve.',
    'Where the call gives no `identity`, the server is taken to be the one that the policy declares.',
  ],
  options: {
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy to decide by' },
    ...POLICY_CONTEXT_OPTIONS,
    ...CALL_OPTIONS,
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
  const explained = explainCall(policy, readCall(value, policy), readTime('explain', invocation));
  if (context.format === 'pretty') printExplanation(explained, context);
  else context.out.printLine(printableJson(JSON.stringify(explanationJson(explained)), context.out.isTerminal));
  return explained.explanation.decision.effect === 'allow' ? EXIT.fine : EXIT.findings;
}

function explainCall(policy: CompiledPolicy, call: Call, now: Instant): ExplainedCall {
  const explanation = explain(policy, call, { now });
  const { passing } = explanation;
  const passingEffect = passing === undefined ? undefined : effectWith(policy, call, passing, now);
  return { policy, call, explanation, ...(passingEffect === undefined ? {} : { passingEffect }) };
}

/** What the policy says to the same call with other arguments. */
function effectWith(policy: CompiledPolicy, call: Call, args: JsonObject, now: Instant): Effect {
  const hasArguments = call.method === 'tools/call' || call.method === 'prompts/get';
  const params = hasArguments ? { ...call.params, arguments: args } : args;
  const decision = decide(policy, { ...call, params }, { now });
  return decision.would ?? decision.effect;
}

function explanationJson({ policy, call, explanation, passingEffect }: ExplainedCall): Record<string, unknown> {
  const { decision, violations, entries, rules, passing, passingAt, approvers, approvalOwner, exceptionOwner } =
    explanation;
  const name = call.params['name'];
  return {
    ...decisionJson(decision),
    violations,
    call: {
      server: call.server,
      direction: call.direction,
      method: call.method,
      ...(typeof name === 'string' ? { name } : {}),
      principal: call.principal,
      ...(call.run === undefined ? {} : { run: call.run }),
    },
    policy: { name: policy.name, version: policy.version, digest: policy.digest },
    entries,
    rules,
    passing: passing ?? null,
    passingAt: passingAt === undefined ? null : new Date(passingAt).toISOString(),
    passingEffect: passingEffect ?? null,
    approvers,
    approvalOwner: approvalOwner ?? null,
    exceptionOwner: exceptionOwner ?? null,
    obligations: decision.obligations,
    summary: decision.summary,
  };
}
