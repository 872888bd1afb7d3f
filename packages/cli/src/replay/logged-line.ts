import { own, type JsonValue } from '@callgate/canonical';
import type { TracedCall, TracedOutcome } from 'callgate';

/** A traced call and what came of it as one line of a log, as `callgate replay` reads it. */
export function loggedLine(call: TracedCall, outcome: TracedOutcome | undefined): string {
  return JSON.stringify({
    id: call.request,
    at: call.at,
    ...(call.run === null ? {} : { run: call.run }),
    ...(call.parents.length === 0 ? {} : { parents: call.parents }),
    ...(call.carries.length === 0 ? {} : { carries: call.carries }),
    principal: call.principal,
    server: call.server,
    identity: call.identity,
    ...messageOf(call),
    decision: call.decision,
    ...(outcome === undefined ? {} : outcomeOf(outcome)),
  });
}

function messageOf({ direction, method, params }: TracedCall): Record<string, JsonValue> {
  const given = params ?? {};
  const name = own(given, 'name');
  const args = own(given, 'arguments');
  const isPlainCall =
    method === 'tools/call' &&
    direction === 'client-to-server' &&
    typeof name === 'string' &&
    name !== '' &&
    args !== undefined &&
    Object.keys(given).length === 2;
  return isPlainCall ? { tool: name, arguments: args } : { direction, method, params: given };
}

function outcomeOf({ at, outcome, code, durationMs, response, found, answer }: TracedOutcome): Record<string, unknown> {
  return {
    endedAt: at,
    outcome,
    ...(code === null ? {} : { code }),
    durationMs,
    ...(response === null ? {} : { response }),
    ...(found.length === 0 ? {} : { found }),
    ...answer,
  };
}
