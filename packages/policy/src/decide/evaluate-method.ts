import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call, DecisionContext, Principal } from '../call.ts';
import { judgeElicitation } from '../compile/elicitation.ts';
import type { PolicyRuntime, ServerKey, ServerRuntime } from '../compile/server-runtime.ts';
import type { PolicyCode } from '../decision.ts';
import type { Permission } from '../document/types.ts';
import { ROOT } from '../envelope/place.ts';
import { foreignName, isIdentifier } from '../internal/foreign-name.ts';
import { templateExample } from '../match/resource-uri.ts';
import { PROTOCOL_METHODS, SWITCHES, type MethodKind } from '../methods/protocol-methods.ts';
import type { Draft } from './draft.ts';
import { evaluateEntry } from './evaluate-entry.ts';
import { sizedShape } from './buckets.ts';
import { judgeRules, type RuledCall } from './judge-rules.ts';

const SHOWN_PATTERNS = 8;
const MAX_SUBSCRIPTIONS = 1000;

/** Adds a denial by a part of the server's entry, or by the lack of one (`''`: the default, which no rule stands for). */
export function refuseByServer(
  server: ServerRuntime,
  key: ServerKey | '',
  code: PolicyCode,
  message: string,
  draft: Draft,
): void {
  const references = key === '' || !hasPart(server, key) ? [] : [server.parts.reference(key)];
  draft.add({ effect: 'deny', code, stage: server.stage, message, references: Object.freeze(references) });
}

/** Whether the server's entry says anything under `key`; what it leaves out is denied by default, not by a rule. */
function hasPart(server: ServerRuntime, key: ServerKey): boolean {
  return server.parts.declares(key);
}

function permit(server: ServerRuntime, key: ServerKey | '', permission: Permission, what: string, draft: Draft): void {
  const references = Object.freeze([server.parts.reference(key)]);
  if (permission === 'allow') {
    draft.add({ effect: 'allow', code: 'allowed', stage: server.stage, message: `${what} is allowed`, references });
  } else if (permission === 'hold') {
    draft.add({
      effect: 'hold',
      code: 'approval.required',
      stage: server.stage,
      message: `${what} needs approval`,
      references,
    });
  } else {
    refuseByServer(
      server,
      key,
      'method.not_allowed',
      `the policy does not allow ${what} of server \`${server.name}\``,
      draft,
    );
  }
}

/** Judges a message that is no tool call. */
export function evaluateMethod(
  policy: PolicyRuntime,
  server: ServerRuntime,
  call: Call,
  context: DecisionContext,
  draft: Draft,
): void {
  const { method, params, direction, principal } = call;
  judgeRules(policy, ruledMessage(server, call, context), draft);
  draft.obligations = server.parts.obligations;
  draft.summary = shapeSummary(params);
  const kind = PROTOCOL_METHODS[direction].get(method);
  if (kind !== undefined) {
    evaluateKind(server, kind, method, params, principal, draft);
    return;
  }
  const entry = server.parts.methods[direction].get(method);
  if (entry === undefined) {
    const name = isIdentifier(method.replaceAll('/', '.')) ? `method \`${method}\`` : 'a method with an unusual name';
    refuseByServer(
      server,
      '',
      'method.not_allowed',
      `the policy does not allow ${name} on server \`${server.name}\``,
      draft,
    );
    return;
  }
  evaluateEntry(entry, principal, params, ROOT, draft);
  draft.summary = entry.summarize(params);
}

/** A message as rules see it: of a prompt its arguments, of everything else its params. */
export function ruledMessage(server: ServerRuntime, call: Call, context: DecisionContext): RuledCall {
  const { method, params, direction, principal, run, parents } = call;
  const { now, history } = context;
  const { prompts, methods, resources } = server.parts;
  const isPrompt = method === 'prompts/get' && direction === 'client-to-server';
  const name = isPrompt ? own(params, 'name') : undefined;
  const custom = methods[direction].get(method);
  const isResource = direction === 'client-to-server' && method.startsWith('resources/');
  const entries = [
    ...(typeof name === 'string' ? prompts.find(name) : []),
    ...(custom === undefined ? [] : [custom]),
    ...(isResource && resources !== undefined ? [resources.entry] : []),
  ];
  const args = isPrompt ? (own(params, 'arguments') ?? EMPTY) : params;
  return { server, direction, method, tool: undefined, entries, args, principal, run, parents, now, history };
}

function evaluateKind(
  server: ServerRuntime,
  kind: MethodKind,
  method: string,
  params: JsonObject,
  principal: Principal,
  draft: Draft,
): void {
  switch (kind) {
    case 'always':
      permit(server, '', 'allow', `\`${method}\``, draft);
      return;
    case 'logging':
    case 'tasks':
    case 'resources-declared':
    case 'prompts-declared':
    case 'roots':
    case 'elicitation-url':
      permit(server, SWITCHES[kind].key, SWITCHES[kind].isOn(server.parts) ? 'allow' : 'deny', `\`${method}\``, draft);
      return;
    case 'resource':
    case 'resource-updated':
      evaluateResource(server, own(params, 'uri'), false, principal, draft);
      return;
    case 'resource-subscribe':
      evaluateResource(server, own(params, 'uri'), true, principal, draft);
      return;
    case 'listen':
      evaluateListen(server, params, principal, draft);
      return;
    case 'prompt':
      evaluatePrompt(server, params, principal, draft);
      return;
    case 'completion':
      evaluateCompletion(server, params, draft);
      return;
    case 'sampling':
      evaluateSampling(server, draft);
      return;
    case 'elicitation':
      evaluateElicitation(server, params, draft);
      return;
    case 'tool-call':
      // tool calls have their own way; see evaluate-tool.ts
      refuseByServer(server, '', 'method.not_allowed', 'a tool call in the wrong place', draft);
      return;
  }
}

function evaluateResource(
  server: ServerRuntime,
  uri: JsonValue | undefined,
  isSubscription: boolean,
  principal: Principal,
  draft: Draft,
  pointer = '/uri',
): void {
  const { resources } = server.parts;
  const pattern = typeof uri === 'string' ? resources?.uris.match(uri) : undefined;
  if (resources === undefined || pattern === undefined) {
    refuseResource(server, pointer, draft);
    return;
  }
  if (isSubscription && !resources.subscribe) {
    refuseByServer(
      server,
      'resources',
      'method.not_allowed',
      'the policy does not allow subscriptions to resources',
      draft,
    );
    return;
  }
  draft.summary = Object.freeze({ ...draft.summary, resource: pattern });
  evaluateEntry(resources.entry, principal, EMPTY, ROOT, draft);
}

const EMPTY: JsonObject = Object.freeze({});

function refuseResource(server: ServerRuntime, pointer: string, draft: Draft): void {
  const { resources } = server.parts;
  const patterns = resources?.uris.patterns.slice(0, SHOWN_PATTERNS).map((pattern) => `\`${pattern}\``) ?? [];
  if (patterns.length > 0) {
    draft.findings.add({
      code: 'uri',
      pointer,
      expected: `a URI that matches ${patterns.join(' or ')}, without \`..\` and credentials`,
      got: 'another',
      hint: `use a URI that matches ${patterns.join(' or ')}`,
    });
  }
  refuseByServer(
    server,
    'resources',
    'resource.not_allowed',
    `the policy does not allow this resource of server \`${server.name}\``,
    draft,
  );
}

/** `subscriptions/listen` (MCP 2026-07-28): what the filter asks for must each be permitted. */
function evaluateListen(server: ServerRuntime, params: JsonObject, principal: Principal, draft: Draft): void {
  const filter = own(params, 'notifications');
  permit(server, '', 'allow', '`subscriptions/listen`', draft);
  if (filter === undefined) return;
  const uris = isJsonObject(filter) ? (own(filter, 'resourceSubscriptions') ?? []) : null;
  if (!Array.isArray(uris) || uris.length > MAX_SUBSCRIPTIONS) {
    refuseResource(server, '/notifications/resourceSubscriptions', draft);
    return;
  }
  const list: readonly JsonValue[] = uris;
  for (const [index, uri] of list.entries()) {
    evaluateResource(server, uri, true, principal, draft, `/notifications/resourceSubscriptions/${index}`);
  }
  if (isJsonObject(filter) && own(filter, 'taskIds') !== undefined) {
    permit(server, 'tasks', server.parts.tasks ? 'allow' : 'deny', 'listening to tasks', draft);
  }
}

function evaluatePrompt(server: ServerRuntime, params: JsonObject, principal: Principal, draft: Draft): void {
  const name = own(params, 'name');
  const entries = typeof name === 'string' ? server.parts.prompts.find(name) : [];
  if (entries.length === 0) {
    const shown = foreignName(name, 'a prompt with an unusual name');
    refuseByServer(
      server,
      'prompts',
      'prompt.not_allowed',
      `the policy does not allow ${shown} of server \`${server.name}\``,
      draft,
    );
    return;
  }
  const args = own(params, 'arguments') ?? EMPTY;
  for (const entry of entries) evaluateEntry(entry, principal, args, ROOT, draft);
  if (isJsonObject(args) && entries[0] !== undefined) draft.summary = entries[0].summarize(args);
}

/** Completion sends what the user types about a prompt or a resource template: both must be permitted themselves. */
function evaluateCompletion(server: ServerRuntime, params: JsonObject, draft: Draft): void {
  permit(server, 'completion', server.parts.completion ? 'allow' : 'deny', '`completion/complete`', draft);
  if (!server.parts.completion) return;
  const reference = own(params, 'ref');
  const type = isJsonObject(reference) ? own(reference, 'type') : undefined;
  if (isJsonObject(reference) && type === 'ref/prompt') {
    const name = own(reference, 'name');
    if (typeof name === 'string' && server.parts.prompts.find(name).length > 0) return;
    refuseByServer(
      server,
      'prompts',
      'prompt.not_allowed',
      'the policy does not allow the prompt to be completed',
      draft,
    );
    return;
  }
  const uri = isJsonObject(reference) && type === 'ref/resource' ? own(reference, 'uri') : undefined;
  if (typeof uri === 'string' && server.parts.resources?.uris.match(templateExample(uri)) !== undefined) return;
  refuseResource(server, '/ref/uri', draft);
}

function evaluateSampling(server: ServerRuntime, draft: Draft): void {
  const { permission, maxTokens } = server.parts.sampling;
  permit(server, 'sampling', permission, '`sampling/createMessage`', draft);
  draft.limits = Object.freeze({
    includeContext: 'none',
    tools: false,
    ...(maxTokens === undefined ? {} : { maxTokens }),
  });
}

function evaluateElicitation(server: ServerRuntime, params: JsonObject, draft: Draft): void {
  const { permission, problem } = judgeElicitation(server.parts.elicitation, params);
  if (problem !== undefined) draft.findings.add({ ...problem, hint: `ask with ${problem.expected}` });
  permit(server, 'elicitation', permission, '`elicitation/create`', draft);
}

/** Names of params come from the other side; the record gets shapes of the few that MCP defines. */
const RECORDED_PARAMS: readonly string[] = [
  'cursor',
  'maxTokens',
  'messages',
  'mode',
  'name',
  'requestedSchema',
  'taskId',
  'uri',
  'url',
];

function shapeSummary(params: JsonObject): JsonObject {
  const fields: Record<string, string> = {};
  for (const name of RECORDED_PARAMS) {
    if (Object.hasOwn(params, name)) fields[name] = sizedShape(params[name] as JsonValue);
  }
  const undeclared = Object.keys(params).length - Object.keys(fields).length;
  return Object.freeze({ fields: Object.freeze(fields), undeclared });
}
