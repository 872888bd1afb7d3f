import type { TransportLike } from 'callgate';

/** Members that SDKs and hosts look for with `in` or call where they exist. */
const OPTIONAL_MEMBERS = [
  'stderr',
  'pid',
  'terminateSession',
  'finishAuth',
  'resumeStream',
  'protocolVersion',
  'setSupportedProtocolVersions',
] as const;

/** A client of either SDK major, as far as observing it needs. */
export interface ObservedClient {
  connect(transport: never): Promise<void>;
  callTool(params: { name: string; arguments: Record<string, unknown> }, ...rest: unknown[]): Promise<unknown>;
  listTools(): Promise<unknown>;
  request(request: object, schema: unknown, options?: object): Promise<unknown>;
  getServerVersion(): unknown;
  getServerCapabilities(): unknown;
  getInstructions(): unknown;
  getNegotiatedProtocolVersion?(): unknown;
  readonly transport?: unknown;
  close(): Promise<void>;
}

/** What a client calls a tool with, for either SDK major. */
export type CallTool = (
  name: string,
  parameters: Record<string, unknown>,
  options?: {
    readonly signal?: AbortSignal;
    readonly onprogress?: (progress: unknown) => void;
    readonly headers?: Record<string, string>;
  },
) => Promise<unknown>;

/** The members a transport shows, and their values where those are the same in equal sessions. */
export function observeMembers(transport: TransportLike): Record<string, unknown> {
  const members = transport as TransportLike & Record<string, unknown>;
  const prototype: unknown = Object.getPrototypeOf(transport);
  return {
    // Sniffed by value: `undefined` and missing are the same to everybody.
    session: typeof members.sessionId,
    perRequestStream: members['hasPerRequestStream'] === true,
    ...Object.fromEntries(
      OPTIONAL_MEMBERS.map((name) => [name, name in transport ? kindOf(members[name]) : 'missing']),
    ),
    // What SDK v2 wants to see before it probes a sibling of a stdio transport.
    isClonable:
      typeof prototype === 'object' &&
      prototype !== null &&
      Object.hasOwn(prototype, '_dispose') &&
      typeof members['_serverParams'] === 'object',
    isExtensible: Object.isExtensible(transport),
    looksLikeStdio: 'stderr' in transport && 'pid' in transport,
  };
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/**
 * Everything a host can see of a session, and everything the server saw of it, in a form that is equal for equal sessions.
 *
 * @param log what the server wrote down, where it shares this process; otherwise its `transcript` tool is asked
 */
export async function observeSession(
  client: ObservedClient,
  transport: TransportLike,
  call: CallTool,
  log: readonly string[] | undefined,
): Promise<Record<string, unknown>> {
  const handlers: string[] = [];
  transport.onmessage = () => handlers.push('message');
  transport.onclose = () => handlers.push('close');
  const before = observeMembers(transport);
  await client.connect(transport as never);
  const isTransport = client.transport === transport;
  const afterwards = observeMembers(transport);
  const progress: unknown[] = [];
  const session = {
    server: [client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()],
    revision: client.getNegotiatedProtocolVersion?.(),
    tools: await client.listTools(),
    echo: await call(
      'echo',
      { text: 'hello', nested: { list: [1, null, '__proto__'] } },
      { onprogress: (step) => progress.push(step) },
    ),
    fail: await call('fail', {}),
    missing: await call('missing', {}).catch(describeError),
    cancelled: await cancelCall(call),
  };
  const transcript = () => (log === undefined ? call('transcript', {}).then(transcriptOf) : Promise.resolve([...log]));
  const wire = await untilIncludes(transcript, 'wait was cancelled');
  await client.close();
  await client.close();
  return { before, isTransport, afterwards, session, progress, wire, handlers };
}

/** Cancels a call once the server reports that it runs. */
async function cancelCall(call: CallTool): Promise<unknown> {
  const abort = new AbortController();
  const outcome = call(
    'wait',
    {},
    { signal: abort.signal, onprogress: () => abort.abort(new Error('changed my mind')) },
  );
  return outcome.catch(describeError);
}

/** An error in a form that can be compared. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { name: error.constructor.name, message: error.message, code: (error as { readonly code?: unknown }).code };
}

function transcriptOf(result: unknown): string[] {
  const { content } = result as { readonly content: readonly { readonly text: string }[] };
  return (JSON.parse(content[0]?.text ?? '[]') as string[]).filter((line) => !line.includes('"transcript"'));
}

/** The server's log, as soon as it holds the line, or after two seconds as it then is. */
async function untilIncludes(read: () => Promise<string[]>, line: string): Promise<string[]> {
  const end = performance.now() + 2_000;
  for (;;) {
    const lines = await read();
    if (lines.includes(line) || performance.now() > end) return lines.toSorted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
