import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call, DecisionContext } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf, type PolicyRuntime, type ServerRuntime } from '../compile/server-runtime.ts';
import type { Decision, Stage } from '../decision.ts';
import { ROOT } from '../envelope/place.ts';
import { foreignName } from '../internal/foreign-name.ts';
import { areSilent } from '../rules/evaluate-rules.ts';
import type { RuleSet } from '../rules/rule.ts';
import { Draft, strictest } from './draft.ts';
import { evaluateEntry, fitsEntry, isOpen, refuseArguments } from './evaluate-entry.ts';
import { evaluateMethod } from './evaluate-method.ts';
import { evaluateParams } from './evaluate-params.ts';
import { evaluateToolCall } from './evaluate-tool.ts';
import { addVerdicts, askControls, type SpokenVerdict } from './judge-controls.ts';
import { inputOf } from './judge-rules.ts';

/**
 * Decides whether a call may go ahead.
 *
 * Pure: no clock, randomness, I/O or locale; equal policies and calls give byte-identical decisions. Never throws for
 * anything in the call: what cannot be evaluated is denied with `evaluation.error`.
 *
 * @param call its `params` are plain data, as `clonePlain` returns it
 * @param context what the call itself does not say; what needs it and does not get it cannot be evaluated
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function decide(policy: CompiledPolicy, call: Call, context: DecisionContext = NO_CONTEXT): Decision {
  const runtime = runtimeOf(policy);
  try {
    const decision = decideQuickly(runtime, call, context);
    if (decision !== undefined) return decision;
  } catch {
    // the full way knows which part cannot be evaluated
  }
  try {
    return decideFully(runtime, call, context);
  } catch {
    return decideFailed(runtime);
  }
}

const NO_CONTEXT: DecisionContext = Object.freeze({});
const NO_ARGUMENTS: JsonObject = Object.freeze({});

/** The short way for the common cases: one entry alone, which allows, or denies the arguments. Undefined wherever there is more to say. */
function decideQuickly(policy: PolicyRuntime, call: Call, context: DecisionContext): Decision | undefined {
  if (call.method !== 'tools/call' || call.direction !== 'client-to-server') return undefined;
  const server = policy.servers.get(call.server);
  if (server === undefined || !isExpected(server, call)) return undefined;
  const { params } = call;
  let args: JsonValue | undefined = NO_ARGUMENTS;
  let name: JsonValue | undefined;
  for (const key of Object.keys(params)) {
    if (key === 'name') name = params['name'];
    else if (key === 'arguments') args = params['arguments'];
    else if (key !== '_meta') return undefined;
  }
  if (typeof name !== 'string' || typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  const entry = server.parts.tools.exact.get(name)?.[0];
  if (entry === undefined || !isOpen(entry, call.principal)) return undefined;
  const fits = fitsEntry(entry, args as JsonObject);
  // an exception may accept what the entry does not
  if (!fits && policy.exceptions !== undefined) return undefined;
  if (entry.rules !== undefined && !areRulesSilent(entry.rules, entry, server, name, args as JsonObject, call, context))
    return undefined;
  if (entry.controls !== undefined) {
    // what an exception waives is for the full way to say
    if (policy.exceptions !== undefined) return undefined;
    const spoken = askEntry(entry, server, name, args as JsonObject, call, context);
    if (spoken.length > 0) return decideSpoken(spoken, entry, server, args as JsonObject, call);
  }
  return fits ? entry.allow(args as JsonObject) : denyArguments(entry, args as JsonObject);
}

/** What the controls of one entry say of a call that no rule raises. */
function askEntry(
  entry: Entry,
  server: ServerRuntime,
  tool: string,
  args: JsonObject,
  call: Call,
  context: DecisionContext,
): readonly SpokenVerdict[] {
  const { method, principal, run, parents } = call;
  const { now, history } = context;
  const { ring, toolEffect: effect, cost, controls } = entry;
  const sight = { server, tool, method, args, principal, run, parents, now, ring, effect, cost };
  return askControls(controls?.[ring] ?? NONE, sight, [entry.envelope], history);
}

/** The decision on a call of which controls have something to say, and else nothing speaks but one entry. */
function decideSpoken(
  spoken: readonly SpokenVerdict[],
  entry: Entry,
  server: ServerRuntime,
  args: JsonObject,
  { principal }: Call,
): Decision {
  const draft = new Draft();
  draft.obligations = server.parts.obligations;
  addVerdicts(spoken, undefined, draft);
  evaluateEntry(entry, principal, args, ROOT, draft);
  draft.summary = entry.summarize(args);
  return draft.finish();
}

/** The denial of a call that nothing speaks about but one entry, whose envelope does not accept the arguments. */
function denyArguments(entry: Entry, args: JsonObject): Decision {
  const draft = new Draft();
  refuseArguments(entry, args, ROOT, draft);
  draft.summary = entry.summarize(args);
  return draft.finish();
}

function areRulesSilent(
  rules: RuleSet,
  entry: Entry,
  server: ServerRuntime,
  tool: string,
  args: JsonObject,
  call: Call,
  context: DecisionContext,
): boolean {
  const { method, direction, principal, run } = call;
  const ruled = { server, tool, method, direction, args, principal, run, now: context.now };
  const input = inputOf(ruled, entry.ring, { effect: entry.toolEffect, labels: entry.labels });
  return areSilent(rules, entry.ring, { principal, args, envelopes: [entry.envelope], input });
}

const NONE: readonly never[] = Object.freeze([]);

/** Whether the server is the one that the policy knows by this name. */
function isExpected(server: ServerRuntime, call: Call): boolean {
  const { matchesIdentity } = server.parts;
  return matchesIdentity === undefined || matchesIdentity(call.identity);
}

function decideFully(policy: PolicyRuntime, call: Call, context: DecisionContext): Decision {
  const draft = new Draft();
  const server = policy.servers.get(call.server);
  if (server === undefined) {
    const message = `server ${foreignName(call.server, 'with an unusual name')} is not registered in the policy`;
    draft.add({ effect: 'deny', code: 'server.unregistered', stage: policy.stage, message, references: NONE });
    return draft.finish();
  }
  draft.obligations = server.parts.obligations;
  if (!isExpected(server, call)) {
    const stage = identityStage(server, call);
    const message = `what answers as server \`${server.name}\` is not what the policy expects`;
    const references = Object.freeze([server.parts.reference('identity')]);
    draft.add({ effect: 'deny', code: 'server.identity_mismatch', stage, message, references });
    // where it is only observed, what else is wrong still counts: inner calls may be of servers that enforce
    if (stage === 'enforce') return draft.finish();
  }
  evaluateParams(server, call.method, call.params, draft);
  if (call.method === 'tools/call' && call.direction === 'client-to-server') {
    evaluateToolCall(policy, server, call, context, draft);
  } else {
    evaluateMethod(policy, server, call, context, draft);
  }
  return draft.finish();
}

/** A tool that is enforced is so with all that its server must be, although the server be only observed. */
function identityStage(server: ServerRuntime, call: Call): Stage {
  const name = call.method === 'tools/call' && isJsonObject(call.params) ? own(call.params, 'name') : undefined;
  const entries = typeof name === 'string' ? server.parts.tools.find(name) : [];
  return strictest([server.parts.stage, ...entries.map((entry) => entry.stage)]);
}

/** The third value, for whatever the parts did not catch themselves. */
function decideFailed(policy: PolicyRuntime): Decision {
  const stage = strictest(stagesOf(policy));
  const draft = new Draft();
  draft.findings.addError({ code: 'evaluation', pointer: '', message: 'the call could not be evaluated' });
  draft.add({
    effect: 'deny',
    code: 'evaluation.error',
    stage,
    message: 'the call could not be evaluated',
    references: NONE,
  });
  return draft.finish();
}

/** Every stage that the policy names: of a call that failed as a whole it is not known which would have applied. */
function stagesOf(policy: PolicyRuntime): readonly Stage[] {
  const servers = Object.values(policy.document.servers);
  const tools = servers.flatMap((server) => Object.values(server.tools ?? {}));
  const { rules = [], meters = [], breakers = [], flows = [] } = policy.document;
  return [
    policy.stage,
    ...[...servers, ...tools, ...rules, ...meters, ...breakers, ...flows].flatMap(({ stage }) => stage ?? []),
  ];
}
