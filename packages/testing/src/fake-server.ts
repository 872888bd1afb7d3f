import type { JsonObject, JsonValue } from '@callgate/canonical';
import type { SendOptions, TransportLike } from 'callgate';

/** A JSON-RPC message as a fake server sees or sends it. */
export interface FakeMessage {
  readonly jsonrpc: '2.0';
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: JsonObject;
  readonly result?: JsonValue;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: JsonValue };
}

/** Answers one method. What it returns is the result; undefined leaves the request unanswered; a thrown error is a JSON-RPC error. */
export type FakeHandler = (
  params: JsonObject,
  message: FakeMessage,
) => JsonValue | undefined | Promise<JsonValue | undefined>;

/** Options of {@link createFakeServer}. */
export interface FakeServerOptions {
  /** By method; `initialize`, `ping`, `tools/list` and `tools/call` have answers of their own until replaced. */
  readonly handlers?: Readonly<Record<string, FakeHandler>>;
  /** What `tools/list` answers. */
  readonly tools?: readonly JsonObject[];
  /** Members to put on the transport, for instance `sessionId` or `hasPerRequestStream`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An MCP server within the test: no SDK, no process, every message on record. */
export interface FakeServer {
  /** The client's end, to be wrapped. */
  readonly transport: TransportLike;
  /** Everything that reached the server, in order, by reference: what was really handed over. */
  readonly received: readonly FakeMessage[];
  /** The options each message was sent with. */
  readonly receivedOptions: readonly (SendOptions | undefined)[];
  /** The requests of one method that reached the server. */
  requests(method: string): readonly FakeMessage[];
  /** Replaces the answer to a method. */
  handle(method: string, handler: FakeHandler): void;
  /** Sends any value to the client, as a server could. */
  emit(message: unknown, extra?: unknown): void;
  /** Ends the connection from the server's side. */
  disconnect(): void;
}

/** Creates a fake server. Its answers arrive in a microtask, its `emit` at once. */
export function createFakeServer(options: FakeServerOptions = {}): FakeServer {
  const received: FakeMessage[] = [];
  const receivedOptions: (SendOptions | undefined)[] = [];
  const handlers = new Map<string, FakeHandler>(
    Object.entries({ ...defaultHandlers(options.tools ?? []), ...options.handlers }),
  );
  let isOpen = true;

  const transport: TransportLike & Record<string, unknown> = {
    onmessage: undefined,
    onerror: undefined,
    onclose: undefined,
    start: () => Promise.resolve(),
    send: (message: FakeMessage, sendOptions?: SendOptions) => {
      if (!isOpen) return Promise.reject(new Error('not connected'));
      received.push(message);
      receivedOptions.push(sendOptions);
      if (message.method !== undefined && message.id !== undefined) void answer(message);
      return Promise.resolve();
    },
    close: () => {
      disconnect();
      return Promise.resolve();
    },
    ...options.members,
  };

  const answer = async (message: FakeMessage): Promise<void> => {
    const handler = handlers.get(message.method ?? '');
    const envelope = { jsonrpc: '2.0', id: message.id } as const;
    try {
      if (handler === undefined) throw Object.assign(new Error('method not found'), { code: -32601 });
      const result = await handler(message.params ?? {}, message);
      if (result !== undefined) emit({ ...envelope, result });
    } catch (error) {
      const { code = -32603, message: text } = error as Error & { readonly code?: number };
      emit({ ...envelope, error: { code, message: text } });
    }
  };
  const emit = (message: unknown, extra?: unknown): void => {
    if (isOpen) transport.onmessage?.(message, extra);
  };
  const disconnect = (): void => {
    if (!isOpen) return;
    isOpen = false;
    transport.onclose?.();
  };

  return {
    transport,
    received,
    receivedOptions,
    requests: (method) => received.filter((message) => message.method === method && message.id !== undefined),
    handle: (method, handler) => {
      handlers.set(method, handler);
    },
    emit,
    disconnect,
  };
}

function defaultHandlers(tools: readonly JsonObject[]): Record<string, FakeHandler> {
  return {
    initialize: (params) => ({
      protocolVersion: (params['protocolVersion'] as string | undefined) ?? '2025-11-25',
      capabilities: { tools: {}, resources: {}, prompts: {}, logging: {}, completions: {} },
      serverInfo: { name: 'fake', version: '1.0.0' },
    }),
    ping: () => ({}),
    'tools/list': () => ({ tools }),
    'tools/call': (params) => ({
      content: [{ type: 'text', text: `called ${JSON.stringify(params['name'] ?? null).replaceAll('"', '')}` }],
    }),
  };
}
