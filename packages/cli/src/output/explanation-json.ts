import type { Call, PassingWay } from '@callgate/policy';

import { decisionJson } from './decision-json.ts';
import type { ExplainedCall } from './explanation-text.ts';

/** An explanation as one JSON object: a decision, and what explains it. */
export function explanationJson({ policy, call, explanation }: ExplainedCall): Record<string, unknown> {
  const { decision, violations, entries, rules, controls, exceptions, ways, passing, passingAt } = explanation;
  const { approvers, approvalOwner, exceptionOwner } = explanation;
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
    controls,
    registered: exceptions.map(({ expires, ...exception }) =>
      Object.assign(exception, { expires: new Date(expires).toISOString() }),
    ),
    ways: ways.map(wayJson),
    passing: passing ?? null,
    passingAt: passingAt === undefined ? null : new Date(passingAt).toISOString(),
    passingEffect: ways.find((way) => changesOnlyArguments(way))?.effect ?? null,
    approvers,
    approvalOwner: approvalOwner ?? null,
    exceptionOwner: exceptionOwner ?? null,
    obligations: decision.obligations,
    summary: decision.summary,
  };
}

/** Whether a way leaves all but the arguments as they are. */
function changesOnlyArguments({ changes }: PassingWay): boolean {
  return changes.every(({ path: [first] }) => first === 'arguments' || first === 'params');
}

function wayJson({ changes, effect, approvers, exceptions, call, now }: PassingWay): Record<string, unknown> {
  return {
    effect,
    changes,
    approvers,
    exceptions,
    call: callJson(call),
    at: now === undefined ? null : new Date(now).toISOString(),
  };
}

/** A call in the form in which `explain` and `decide` take it. */
function callJson({
  server,
  method,
  direction,
  params,
  principal,
  run,
  parents,
  identity,
}: Call): Record<string, unknown> {
  const isToolCall = method === 'tools/call' && direction === 'client-to-server';
  const { name, arguments: args = {}, ...others } = params;
  const isPlain = isToolCall && typeof name === 'string' && Object.keys(others).length === 0;
  return {
    server,
    ...(isPlain ? { tool: name, arguments: args } : { method, direction, params }),
    principal,
    ...(run === undefined ? {} : { run }),
    ...(parents === undefined ? {} : { parents }),
    ...(identity === undefined ? {} : { identity }),
  };
}
