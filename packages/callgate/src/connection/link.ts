import type { DecisionEntry } from '@callgate/audit';
import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Call, CompiledServer, Direction, ServerIdentity } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import type { AnomalyCode } from '../codes.ts';
import type { GateCore } from '../core.ts';
import type { LockGuard } from '../lock/lock-guard.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import type { Definitions } from './definitions.ts';
import type { InputBook } from './input-book.ts';
import type { OpenRequests } from './open-requests.ts';
import type { OutboundMeta } from './outbound-meta.ts';
import type { ServerRequests } from './server-requests.ts';
import type { TaskBook } from './task-book.ts';

/** One governed connection, as its two directions see it. */
export interface Link {
  readonly gate: GateCore;
  readonly serverName: string;
  /** Undefined where policy does not know the server: everything is decided, and denied, all the same. */
  readonly server: CompiledServer | undefined;
  readonly identity: ServerIdentity | undefined;
  /** Who acts when no `as` is around the call. */
  readonly defaultActor: Actor;
  readonly open: OpenRequests;
  readonly serverRequests: ServerRequests;
  readonly tasks: TaskBook;
  readonly inputs: InputBook;
  readonly definitions: Definitions;
  /** Undefined where the gate has no lock. */
  readonly lock: LockGuard | undefined;
  /** Undefined for an unregistered server, whose messages never leave. */
  readonly outboundMeta: OutboundMeta | undefined;
  readonly isClosed: boolean;
  /** What the client's last request spoke; undefined before the first. */
  era: 'legacy' | 'modern' | undefined;
  sessionId(): string | undefined;
  /** The server as records name it; the same frozen object until the server lists other tools. */
  serverRecord(): DecisionEntry['server'];
  /** Sends a decided request, the `wire` of an open exchange, through the sealed transport. */
  dispatch(message: object, options: SendOptions): Promise<void>;
  /** Sends a request of the gate's own along the path of any other. Its result stays here; undefined where there is none. */
  ask(method: string, params: JsonObject): Promise<JsonValue | undefined>;
  /** Whether so many messages are on their way that what only the server asked for has to go unanswered. */
  readonly isCongested: boolean;
  /** Sends a decided message that nothing answers: a notification or a reply. */
  dispatchOnce(message: object, options: SendOptions): Promise<void>;
  /** Hands a message to the client. */
  deliver(message: unknown, extra: unknown): void;
  /** Tells the host about an error, as transports do. */
  report(error: Error): void;
  /** Records and announces something dropped or mended. */
  anomaly(code: AnomalyCode, request: string | null, detail?: JsonObject): void;
}

/** The call that policy decides on. */
export function callOf(link: Link, direction: Direction, method: string, params: JsonObject, actor: Actor): Call {
  return {
    server: link.serverName,
    identity: link.identity,
    direction,
    method,
    params,
    principal: actor.principal,
    run: actor.run,
    parents: actor.parents,
  };
}

// MCP 2025-11-25, tool names; URI-like prompt names and dispatchers add `:` and `/`.
const NAME = /^[\w.:/-]{1,128}$/u;

/**
 * The name that records and spans show: tool or prompt. URIs carry content, and so could a name that does not look like
 * one, so those are not shown.
 */
export function targetOf(method: string, params: JsonObject): string | null {
  const name = nameOf(method, params);
  return name !== undefined && NAME.test(name) ? name : null;
}

/** The tool or prompt that params name, whatever it looks like. */
export function nameOf(method: string, params: JsonObject): string | undefined {
  if (method !== 'tools/call' && method !== 'prompts/get') return undefined;
  const name = own(params, 'name');
  return typeof name === 'string' ? name : undefined;
}

/** The arguments within params, where the method has such. */
export function argumentsOf(method: string, params: JsonObject): JsonObject | undefined {
  if (method !== 'tools/call' && method !== 'prompts/get') return undefined;
  const value: JsonValue | undefined = own(params, 'arguments');
  return value !== undefined && isJsonObject(value) ? value : undefined;
}
