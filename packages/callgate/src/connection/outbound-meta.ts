import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { CompiledServer } from '@callgate/policy';

import { isRequestId, metaOf } from '../wire.ts';
import { attenuateClientCapabilities, without } from './handshake.ts';

const RESERVED = 'io.modelcontextprotocol/';
const PROTOCOL_VERSION = `${RESERVED}protocolVersion`;
const CLIENT_INFO = `${RESERVED}clientInfo`;
const CLIENT_CAPABILITIES = `${RESERVED}clientCapabilities`;
const LOG_LEVEL = `${RESERVED}logLevel`;
const RELATED_TASK = `${RESERVED}related-task`;
const SUBSCRIPTION_ID = `${RESERVED}subscriptionId`;

/** Keys that MCP or W3C Trace Context define for requests; all others need the policy's `meta.allow`. */
const PROTOCOL_KEYS: ReadonlySet<string> = new Set([
  'progressToken',
  'traceparent',
  'tracestate',
  'baggage',
  SUBSCRIPTION_ID,
]);

/** What happened to one message's `_meta`. */
export interface MetaChange {
  readonly params: JsonObject;
  readonly stripped: readonly string[];
  readonly pinned: readonly string[];
}

/**
 * The `_meta` of one connection's outbound messages: an allowlist, and the pinned envelope of revision 2026-07-28.
 *
 * In that revision every request carries the protocol version, client info and capabilities, and what a caller puts into
 * `_meta` wins over what the SDK puts there. So the values of the handshake are kept, and later messages get those.
 */
export class OutboundMeta {
  readonly #server: () => CompiledServer;
  readonly #pins = new Map<string, { readonly value: JsonValue; readonly text: string }>();

  /** @param server as the policy in force knows it */
  constructor(server: () => CompiledServer) {
    this.#server = server;
  }

  /** `params` as they may leave. The same object where nothing had to change. */
  apply(method: string, params: JsonObject): MetaChange {
    if (!Object.hasOwn(params, '_meta')) return unchanged(params);
    const meta = metaOf(params);
    // No revision of MCP has a `_meta` that is not an object: no key of it could be on the list.
    if (meta === undefined) return { params: without(params, '_meta'), stripped: ['_meta'], pinned: NONE };
    const stripped: string[] = [];
    const pinned: string[] = [];
    const kept: Record<string, JsonValue> = {};
    let isChanged = false;
    for (const key of Object.keys(meta)) {
      const value = meta[key] as JsonValue;
      if (!this.#permits(key) || (key === 'progressToken' && !isRequestId(value))) {
        stripped.push(key);
        isChanged = true;
        continue;
      }
      const next = this.#pin(method, key, value);
      if (next !== value) {
        isChanged = true;
        if (key !== CLIENT_CAPABILITIES) pinned.push(key);
      }
      Object.defineProperty(kept, key, { value: next, enumerable: true, writable: true, configurable: true });
    }
    if (!isChanged) return unchanged(params);
    return { params: { ...params, _meta: kept }, stripped, pinned };
  }

  #permits(key: string): boolean {
    if (PROTOCOL_KEYS.has(key) || key === PROTOCOL_VERSION || key === CLIENT_INFO || key === CLIENT_CAPABILITIES)
      return true;
    if (key === LOG_LEVEL) return this.#server().permitsLogging;
    if (key === RELATED_TASK) return this.#server().permitsTasks;
    return this.#server().permitsMeta(key);
  }

  #pin(method: string, key: string, value: JsonValue): JsonValue {
    if (key === CLIENT_CAPABILITIES) {
      const wanted = isJsonObject(value) ? attenuateClientCapabilities(value, this.#server()) : value;
      return this.#keep(method, key, wanted);
    }
    return key === CLIENT_INFO || key === PROTOCOL_VERSION ? this.#keep(method, key, value) : value;
  }

  /** The handshake sets the pin (each probe anew); the first message does where there was no handshake. */
  #keep(method: string, key: string, value: JsonValue): JsonValue {
    const pin = this.#pins.get(key);
    const text = JSON.stringify(value);
    if (pin !== undefined && method !== 'server/discover') return pin.text === text ? value : pin.value;
    this.#pins.set(key, { value, text });
    return value;
  }
}

/** The reserved envelope of a message, for messages that the gate sends itself on the same connection. */
export function envelopeOf(params: JsonObject): JsonObject | undefined {
  const meta = metaOf(params);
  if (meta === undefined || own(meta, PROTOCOL_VERSION) === undefined) return undefined;
  return Object.fromEntries(
    [PROTOCOL_VERSION, CLIENT_INFO, CLIENT_CAPABILITIES].flatMap((key) => {
      const value = own(meta, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function unchanged(params: JsonObject): MetaChange {
  return { params, stripped: NONE, pinned: NONE };
}

const NONE: readonly string[] = Object.freeze([]);
