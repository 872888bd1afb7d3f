import { excerpt, isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import { readToolDefinitions, type ToolDefinition } from '@callgate/policy';

import { InputError } from '../errors.ts';
import { packageVersion } from '../version.ts';

/** A way to ask an MCP server. */
export interface ServerLine {
  /** Sends a request and gives its result. @throws {InputError} when the server answers with an error, or not in time */
  request(method: string, params: JsonObject): Promise<JsonValue>;
  notify(method: string): Promise<void>;
  /** Ends what the line began: the server's process, or the session. Safe to call twice. */
  close(): Promise<void>;
}

/** What a server says of itself. */
export interface AskedServer {
  /** The name that it gives itself; undefined where it gives none. */
  readonly name: string | undefined;
  readonly tools: readonly ToolDefinition[];
}

const MAX_PAGES = 100;
const MAX_TOOLS = 5000;

/** The version of MCP that servers are asked in. */
export const ASKED_VERSION = '2025-11-25';

/**
 * Asks a server for its tools, after the handshake: as a client without any capability.
 *
 * @throws {InputError} when it does not answer as MCP says
 */
export async function askServer(line: ServerLine): Promise<AskedServer> {
  const hello = await line.request('initialize', {
    protocolVersion: ASKED_VERSION,
    capabilities: {},
    clientInfo: { name: 'callgate-init', version: packageVersion() },
  });
  await line.notify('notifications/initialized');
  const tools: ToolDefinition[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page += 1) {
    const answer = await line.request('tools/list', cursor === undefined ? {} : { cursor });
    const found = isJsonObject(answer) && isJsonArray(own(answer, 'tools')) ? readToolDefinitions(answer) : undefined;
    if (found === undefined) throw new InputError('expected the server to answer `tools/list` with tools');
    tools.push(...found);
    const next = isJsonObject(answer) ? own(answer, 'nextCursor') : undefined;
    if (typeof next !== 'string') return { name: nameOf(hello), tools };
    cursor = next;
  }
  throw new InputError(`expected at most ${MAX_TOOLS} tools in ${MAX_PAGES} pages, got more`);
}

function nameOf(hello: JsonValue): string | undefined {
  const info = isJsonObject(hello) ? own(hello, 'serverInfo') : undefined;
  const name = isJsonObject(info) ? own(info, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The result of a JSON-RPC answer. @throws {InputError} where it is an error */
export function resultOf(method: string, answer: JsonObject): JsonValue {
  const result = own(answer, 'result');
  if (result !== undefined) return result;
  const error = own(answer, 'error');
  const message = isJsonObject(error) ? own(error, 'message') : undefined;
  const words = typeof message === 'string' ? `: \`${excerpt(message)}\`` : '';
  throw new InputError(`the server answers \`${method}\` with an error${words}`);
}
