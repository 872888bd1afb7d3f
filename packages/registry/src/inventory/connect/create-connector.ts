import type { ConfigText } from '../config-text.ts';
import type { ConfiguredServer } from '../configured-server.ts';
import type { DescribedTool } from '../suggest-ring.ts';
import { ChannelError, type Channel } from './channel.ts';
import type { ConnectServer, ServerAnswer } from './connect-server.ts';
import { UnresolvedError, expandReferences } from './expand-references.ts';
import { openHttpChannel, type FetchFunction } from './http-channel.ts';
import { openStdioChannel } from './stdio-channel.ts';

/** The revision that is asked for; servers of later ones still answer to it. */
const PROTOCOL_VERSION = '2025-11-25';

/** The most tools that are taken from one server, and the most pages of them. */
const MAX_TOOLS = 10_000;
const MAX_PAGES = 100;

/** How long one server has to start and to answer. */
const TIMEOUT_MS = 20_000;

/** Variables that a program needs to run at all; the rest of the environment is not handed on. */
const INHERITED =
  'PATH HOME USER LOGNAME SHELL TERM LANG TZ TMPDIR APPDATA LOCALAPPDATA PATHEXT COMSPEC SYSTEMROOT SYSTEMDRIVE TEMP TMP USERNAME USERPROFILE PROGRAMFILES'.split(
    ' ',
  );

export interface ConnectorOptions {
  /** Where variables that configurations refer to are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that one server has for everything, default 20,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: the global one. */
  readonly fetch?: FetchFunction | undefined;
}

/**
 * Asks servers for their tools, as their host would: it **runs the configured program**, or contacts the URL with the configured credentials.
 * Nothing but a handshake and `tools/list` is sent.
 */
export function createConnector({
  environment,
  timeoutMs = TIMEOUT_MS,
  fetch = globalThis.fetch,
}: ConnectorOptions): ConnectServer {
  return async (server, signal) => {
    const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
    let channel: Channel | undefined;
    try {
      channel = await openChannel(server, environment, deadline, fetch);
      return await askForTools(channel);
    } catch (error) {
      const isOurs = error instanceof ChannelError || error instanceof UnresolvedError;
      return { kind: 'failed', reason: isOurs ? error.message : 'the connection failed' };
    } finally {
      await channel?.close();
    }
  };
}

async function openChannel(
  server: ConfiguredServer,
  environment: ConnectorOptions['environment'],
  signal: AbortSignal,
  fetch: FetchFunction,
): Promise<Channel> {
  const expand = (text: ConfigText): string => expandReferences(text.reveal(), environment);
  const expandAll = (texts: ReadonlyMap<string, ConfigText>): Record<string, string> =>
    Object.fromEntries(Array.from(texts, ([name, text]) => [name, expand(text)]));
  if (server.transport === 'sse') throw new ChannelError('servers of the old SSE transport are not asked');
  if (server.url !== null) {
    const headers = { ...passedHeaders(server, environment), ...expandAll(server.headers) };
    return openHttpChannel(expand(server.url), headers, signal, fetch);
  }
  const [command = '', ...args] = server.command.map(expand);
  const handedOn = new Set([
    ...INHERITED,
    ...server.passed.flatMap(({ name, header }) => (header === null ? [name] : [])),
  ]);
  const inherited = Object.entries(environment).filter(([name]) => handedOn.has(name));
  const variables = { ...Object.fromEntries(inherited), ...expandAll(server.environment) } as Record<string, string>;
  const workingDirectory = server.workingDirectory === null ? undefined : expand(server.workingDirectory);
  return openStdioChannel({ command, args, environment: variables, workingDirectory }, signal);
}

function passedHeaders(
  { passed }: ConfiguredServer,
  environment: ConnectorOptions['environment'],
): Record<string, string> {
  return Object.fromEntries(
    passed.flatMap(({ name, header, isBearer }) => {
      const value = environment[name];
      if (header === null || value === undefined) return [];
      return [[header, isBearer ? `Bearer ${value}` : value]];
    }),
  );
}

async function askForTools(channel: Channel): Promise<ServerAnswer> {
  const handshake = asObject(
    await channel.request('initialize', {
      protocolVersion: PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'callgate-inventory', version: '0.1.0' },
    }),
  );
  await channel.notify('notifications/initialized');
  const { name, version } = asObject(handshake['serverInfo']);
  const tools: DescribedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = asObject(await channel.request('tools/list', cursor === undefined ? {} : { cursor }));
    const found = Array.isArray(listed['tools']) ? (listed['tools'] as readonly unknown[]) : [];
    tools.push(...found.slice(0, MAX_TOOLS - tools.length).flatMap((tool) => describedTool(asObject(tool))));
    const next = listed['nextCursor'];
    if (typeof next !== 'string' || next === cursor || tools.length >= MAX_TOOLS) break;
    cursor = next;
  }
  return { kind: 'answered', name: textOf(name), version: textOf(version), tools };
}

function describedTool(tool: Readonly<Record<string, unknown>>): readonly DescribedTool[] {
  const name = tool['name'];
  if (typeof name !== 'string') return [];
  const annotations = asObject(tool['annotations']);
  return [
    {
      name: name.slice(0, 256),
      annotations: {
        readOnlyHint: annotations['readOnlyHint'] === true,
        destructiveHint: annotations['destructiveHint'] === true,
      },
    },
  ];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 128) : '';
}
