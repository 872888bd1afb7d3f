import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { isRequestId } from '../wire.ts';
import type { Exchange } from './exchange.ts';

/** What a result is, told apart by its shape, its method and the era of its request. */
export type ResultShape =
  | { readonly kind: 'complete' }
  | { readonly kind: 'task'; readonly taskId: string }
  | { readonly kind: 'input-required'; readonly requests: readonly InputRequest[] }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface InputRequest {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject;
}

const MAX_INPUT_REQUESTS = 64;

/** The member that a complete result of a method must have, and its type. */
const REQUIRED_MEMBER: Readonly<Record<string, { readonly member: string; readonly type: 'array' | 'object' }>> = {
  'tools/list': { member: 'tools', type: 'array' },
  'resources/list': { member: 'resources', type: 'array' },
  'resources/templates/list': { member: 'resourceTemplates', type: 'array' },
  'resources/read': { member: 'contents', type: 'array' },
  'prompts/list': { member: 'prompts', type: 'array' },
  'prompts/get': { member: 'messages', type: 'array' },
  'completion/complete': { member: 'completion', type: 'object' },
};

/**
 * Tells what a result is, and refuses hollow successes: SDK v1 takes an unsolicited task, an `input_required` on a 2025
 * connection, `{}` or the ancient `{toolResult}` for an empty success and hands unknown members to the host.
 */
export function shapeOf(exchange: Exchange, result: JsonObject): ResultShape {
  const resultType = own(result, 'resultType');
  if (exchange.isModern) {
    if (resultType === 'input_required') return inputRequiredShape(result);
    if (resultType === 'task') return taskShape(exchange, result);
    if (resultType !== undefined && resultType !== 'complete') return malformed('unknown `resultType`');
    if (Object.hasOwn(result, 'inputRequests')) return malformed('`inputRequests` in a complete result');
  } else if (resultType !== undefined && resultType !== 'complete') {
    return malformed('`resultType` in an answer to a request of the 2025 era');
  } else if (Object.hasOwn(result, 'inputRequests')) {
    return malformed('`inputRequests` in an answer to a request of the 2025 era');
  } else if (Object.hasOwn(result, 'task') && exchange.method === 'tools/call') {
    return taskShape(exchange, result);
  }
  return exchange.method === 'tools/call' || exchange.method === 'tasks/result'
    ? toolResultShape(exchange, result)
    : memberShape(exchange.method, result);
}

function toolResultShape(exchange: Exchange, result: JsonObject): ResultShape {
  if (exchange.isTaskCall) return malformed('expected a task');
  // `tasks/result` answers with the result type of the original request, which need not be a tool's.
  if (exchange.method === 'tasks/result') return COMPLETE;
  const content = own(result, 'content');
  if (!Array.isArray(content)) return malformed('expected `content` to be an array');
  return content.every((item: JsonValue) => isJsonObject(item) && typeof own(item, 'type') === 'string')
    ? COMPLETE
    : malformed('expected every content item to be an object with a `type`');
}

function memberShape(method: string, result: JsonObject): ResultShape {
  const required = Object.hasOwn(REQUIRED_MEMBER, method) ? REQUIRED_MEMBER[method] : undefined;
  if (required === undefined) return COMPLETE;
  const member = own(result, required.member);
  const isRight = required.type === 'array' ? Array.isArray(member) : member !== undefined && isJsonObject(member);
  return isRight ? COMPLETE : malformed(`expected \`${required.member}\` to be an ${required.type}`);
}

/** In the 2025 era a task answers a task-augmented call; in the 2026 extension the server chooses. */
function taskShape(exchange: Exchange, result: JsonObject): ResultShape {
  if (!exchange.isModern && !exchange.isTaskCall) return malformed('a task that was not asked for');
  const task = own(result, 'task');
  const holder = task !== undefined && isJsonObject(task) ? task : result;
  const taskId = own(holder, 'taskId');
  return typeof taskId === 'string' && isRequestId(taskId)
    ? { kind: 'task', taskId }
    : malformed('expected `taskId` to be a string');
}

function inputRequiredShape(result: JsonObject): ResultShape {
  const asked = own(result, 'inputRequests');
  // A result may carry only `requestState`: the server wants the call repeated, and asks for nothing.
  if (asked === undefined) return { kind: 'input-required', requests: [] };
  if (!isJsonObject(asked)) return malformed('expected `inputRequests` to be an object');
  const keys = Object.keys(asked);
  if (keys.length > MAX_INPUT_REQUESTS) return malformed(`more than ${MAX_INPUT_REQUESTS} input requests`);
  const requests: InputRequest[] = [];
  for (const key of keys) {
    const request = asked[key] as JsonValue;
    const method = isJsonObject(request) ? own(request, 'method') : undefined;
    if (!isJsonObject(request) || typeof method !== 'string')
      return malformed('expected every input request to have a `method`');
    const params = own(request, 'params');
    if (params !== undefined && !isJsonObject(params))
      return malformed('expected the `params` of an input request to be an object');
    requests.push({ key, method, params: params ?? {} });
  }
  return { kind: 'input-required', requests };
}

function malformed(reason: string): ResultShape {
  return { kind: 'malformed', reason };
}

const COMPLETE: ResultShape = { kind: 'complete' };
