import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

/** A JSON-RPC id as MCP has them: a string or an integer. `1` and `"1"` are different ids. */
export type RequestId = string | number;

export interface WireRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonObject;
}

export interface WireNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: JsonObject;
}

export interface WireResult {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly result: JsonObject;
}

export interface WireError {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly error: { readonly code: number; readonly message: string; readonly data?: JsonValue };
}

/** A message, told apart once and strictly (JSON-RPC 2.0; MCP narrows ids and params). */
export type Wire =
  | { readonly kind: 'request'; readonly message: WireRequest }
  | { readonly kind: 'notification'; readonly message: WireNotification }
  | { readonly kind: 'result'; readonly message: WireResult }
  | { readonly kind: 'error'; readonly message: WireError }
  | { readonly kind: 'invalid'; readonly reason: string };

const MAX_METHOD_LENGTH = 256;
const MAX_ID_LENGTH = 1024;

/** Tells a plain-data message apart. Members that its kind does not have make it invalid: nothing rides along. */
export function classify(value: JsonValue): Wire {
  if (!isJsonObject(value)) return invalid('expected an object');
  if (own(value, 'jsonrpc') !== '2.0') return invalid('expected `jsonrpc` to be "2.0"');
  const hasId = Object.hasOwn(value, 'id');
  if (hasId && !isRequestId(value['id'])) return invalid('expected `id` to be a string or an integer');
  if (Object.hasOwn(value, 'method')) return classifyCall(value, hasId);
  if (!hasId) return invalid('expected a `method` or an `id`');
  if (Object.hasOwn(value, 'result')) return classifyResult(value);
  if (Object.hasOwn(value, 'error')) return classifyError(value);
  return invalid('expected `method`, `result` or `error`');
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_LENGTH : Number.isSafeInteger(value);
}

/** A method name as classified messages have it. */
export function isMethod(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_METHOD_LENGTH && value.isWellFormed();
}

function classifyCall(value: JsonObject, hasId: boolean): Wire {
  const method = value['method'];
  if (!isMethod(method)) {
    return invalid(`expected \`method\` to be a string of 1 to ${MAX_METHOD_LENGTH} characters`);
  }
  const params = own(value, 'params');
  if (params !== undefined && !isJsonObject(params)) return invalid('expected `params` to be an object');
  const members = 2 + (hasId ? 1 : 0) + (params === undefined ? 0 : 1);
  if (Object.keys(value).length !== members) return invalid('unexpected member beside `method` and `params`');
  return hasId
    ? { kind: 'request', message: value as unknown as WireRequest }
    : { kind: 'notification', message: value as unknown as WireNotification };
}

function classifyResult(value: JsonObject): Wire {
  if (!isJsonObject(value['result'])) return invalid('expected `result` to be an object');
  if (Object.keys(value).length !== 3) return invalid('unexpected member beside `result`');
  return { kind: 'result', message: value as unknown as WireResult };
}

function classifyError(value: JsonObject): Wire {
  const error = value['error'];
  if (!isJsonObject(error)) return invalid('expected `error` to be an object');
  if (!Number.isSafeInteger(own(error, 'code'))) return invalid('expected `error.code` to be an integer');
  if (typeof own(error, 'message') !== 'string') return invalid('expected `error.message` to be a string');
  if (Object.keys(value).length !== 3) return invalid('unexpected member beside `error`');
  return { kind: 'error', message: value as unknown as WireError };
}

function invalid(reason: string): Wire {
  return { kind: 'invalid', reason };
}

/**
 * Whether a request speaks revision 2026-07-28 or later: such requests carry their protocol version in `_meta`. The era
 * is a property of each message, not of the connection.
 */
export function isModern(params: JsonObject | undefined): boolean {
  const meta = params === undefined ? undefined : own(params, '_meta');
  return meta !== undefined && isJsonObject(meta) && Object.hasOwn(meta, 'io.modelcontextprotocol/protocolVersion');
}

/** The `_meta` of a params or result object, where it is an object. */
export function metaOf(holder: JsonObject | undefined): JsonObject | undefined {
  const meta = holder === undefined ? undefined : own(holder, '_meta');
  return meta !== undefined && isJsonObject(meta) ? meta : undefined;
}
