import type { Instant, JsonObject, JsonValue } from '@callgate/canonical';

import type { Call, DecisionContext, Principal } from '../call.ts';
import { MAX_INNER_CALLS, type InnerCall, type Unresolved } from '../compile/dispatch.ts';
import type { Entry } from '../compile/entry.ts';
import type { PolicyRuntime, ServerRuntime } from '../compile/server-runtime.ts';
import { reliefFor } from '../exceptions/relief.ts';
import { ROOT, type Place } from '../envelope/place.ts';
import { foreignName, isIdentifier } from '../internal/foreign-name.ts';
import { nearestIndexed } from '../internal/nearest-name.ts';
import { staged, strongest, type Draft } from './draft.ts';
import { evaluateEntry, refuse } from './evaluate-entry.ts';
import { judgeRules } from './judge-rules.ts';
import { reachTool } from './reach.ts';

/** The most dispatchers inside each other. */
const MAX_DISPATCH_DEPTH = 3;
const NO_ARGUMENTS: JsonObject = Object.freeze({});
const UNUSUAL_TOOL = 'a tool with an unusual name';

/** A tool call to judge, the outermost or one inside a dispatcher's arguments. */
interface ToolCall {
  readonly server: ServerRuntime;
  readonly tool: JsonValue | undefined;
  readonly args: JsonValue | undefined;
  readonly principal: Principal;
  readonly run: string | undefined;
  readonly parents: readonly string[] | undefined;
  readonly now: Instant | undefined;
  readonly history: DecisionContext['history'];
  readonly place: Place;
  readonly depth: number;
}

/** Judges the tool call that `params` carry, and every call inside it. */
export function evaluateToolCall(
  policy: PolicyRuntime,
  server: ServerRuntime,
  call: Call,
  context: DecisionContext,
  draft: Draft,
): void {
  const { params, principal, run, parents } = call;
  const { now, history } = context;
  const tool = Object.hasOwn(params, 'name') ? params['name'] : undefined;
  const args = Object.hasOwn(params, 'arguments') ? params['arguments'] : undefined;
  evaluate(policy, { server, tool, args, principal, run, parents, now, history, place: ROOT, depth: 0 }, draft);
}

function evaluate(policy: PolicyRuntime, call: ToolCall, draft: Draft): void {
  const { server, tool, principal, place } = call;
  const entries = typeof tool === 'string' ? server.parts.tools.find(tool) : [];
  const { run, parents, now, history } = call;
  const relief =
    typeof tool === 'string'
      ? reliefFor(policy.exceptions, { server: server.name, tool, args: call.args, principal, now })
      : undefined;
  const ruled = {
    relief,
    server,
    direction: 'client-to-server',
    method: 'tools/call',
    entries,
    principal,
    run,
    parents,
    now,
    history,
    isInner: call.depth > 0,
  } as const;
  if (typeof tool === 'string') judgeRules(policy, { ...ruled, tool, args: call.args }, draft);
  if (entries.length === 0) {
    refuseUnknownTool(policy, call, draft);
    return;
  }
  const args = call.args ?? NO_ARGUMENTS;
  const isOutermost = call.depth === 0;
  for (const entry of entries) {
    const object = evaluateEntry(entry, principal, call.args === null ? null : args, place, draft, relief);
    if (isOutermost && entry === entries[0] && typeof args === 'object' && !Array.isArray(args)) {
      draft.summary = entry.summarize(args as JsonObject);
    }
    if (object !== undefined && entry.dispatch !== undefined) evaluateInner(policy, call, entry, object, draft);
  }
}

function refuseUnknownTool(policy: PolicyRuntime, call: ToolCall, draft: Draft): void {
  const { server, tool, place } = call;
  const name = foreignName(tool, UNUSUAL_TOOL);
  const message = `the policy does not allow ${name === UNUSUAL_TOOL ? name : `tool ${name}`} on server \`${server.name}\``;
  draft.add({ effect: 'deny', code: 'tool.not_allowed', stage: server.stage, message, references: [] });
  draft.obligations ??= server.parts.obligations;
  const nearest = typeof tool === 'string' ? nearestUsableTool(policy, server, tool, call.principal) : undefined;
  if (nearest !== undefined)
    draft.hints.push(place === ROOT ? `use \`${nearest}\`` : `name \`${nearest}\` as the inner tool`);
}

/** Only tools that this principal could get anywhere with: a hint must not tell of others. */
function nearestUsableTool(
  policy: PolicyRuntime,
  server: ServerRuntime,
  tool: string,
  principal: Principal,
): string | undefined {
  return nearestIndexed(
    tool,
    server.parts.tools.nameIndex,
    (name) => reachTool(policy, server, name, principal) !== 'deny',
  );
}

function evaluateInner(policy: PolicyRuntime, outer: ToolCall, entry: Entry, args: JsonObject, draft: Draft): void {
  const { calls, unresolved } = entry.dispatch?.(args, outer.place) ?? { calls: [], unresolved: [] };
  for (const problem of unresolved) refuseUnresolved(entry, problem, draft);
  for (const call of calls) {
    if (outer.depth + 1 > MAX_DISPATCH_DEPTH || draft.dispatched.length >= MAX_INNER_CALLS) {
      const limit = `at most ${MAX_INNER_CALLS} inner calls, ${MAX_DISPATCH_DEPTH} levels deep`;
      refuseUnresolved(entry, { place: call.place, expected: limit }, draft);
      return;
    }
    evaluateInnerCall(policy, outer, entry, call, draft);
  }
}

function refuseUnresolved(entry: Entry, { place, expected }: Unresolved, draft: Draft): void {
  const hint = place.label === '' ? `send ${expected}` : `set \`${place.label}\` to ${expected}`;
  draft.findings.add({ code: 'dispatch', pointer: place.pointer, expected, got: 'something else', hint });
  refuse(entry, 'dispatch.unresolved', `${entry.subject} carries calls that could not be read`, draft);
}

function evaluateInnerCall(policy: PolicyRuntime, outer: ToolCall, entry: Entry, call: InnerCall, draft: Draft): void {
  const before = draft.outcomes.length;
  const slot = draft.dispatched.length;
  const server = call.server === undefined ? outer.server : policy.servers.get(call.server);
  const names = { server: call.server === undefined ? outer.server.name : shown(call.server), tool: shown(call.tool) };
  draft.dispatched.push({ ...names, effect: 'deny' });
  if (server === undefined) {
    const message = `${entry.subject} carries a call of a server that is not registered`;
    draft.add({
      effect: 'deny',
      code: 'server.unregistered',
      stage: entry.stage,
      message,
      references: entry.references,
      entry,
    });
  } else if (server !== outer.server && server.parts.matchesIdentity !== undefined) {
    // nothing was observed of who is behind a dispatcher, so a declared identity cannot be shown to match
    const message = `${entry.subject} carries a call of a server whose identity cannot be seen`;
    draft.add({
      effect: 'deny',
      code: 'server.identity_mismatch',
      stage: server.stage,
      message,
      references: [server.parts.reference('identity')],
    });
  } else {
    const { tool, args, place } = call;
    evaluate(policy, { ...outer, server, tool, args, place, depth: outer.depth + 1 }, draft);
  }
  draft.dispatched[slot] = { ...names, effect: strongest(draft.outcomes.slice(before).map(staged)) };
}

/** A name for the record: as it is where it looks like one. */
function shown(name: string): string {
  return isIdentifier(name) ? name : '(unusual name)';
}
