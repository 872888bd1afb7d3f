import type { JsonObject, JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import type { Channel } from './channel.ts';
import { isAnswerTo, resultOf } from './read-answer.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/** How a server is reached. */
export interface ServerUrl {
  readonly url: string;
  /** Sent with each request; may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Talks to a server over Streamable HTTP (MCP 2025-11-25). Redirections are refused: they lead to somebody else. */
export function openHttpChannel(server: ServerUrl, timeoutMs: number): Channel {
  let asked = 0;
  let session: string | undefined;
  let version: string | undefined;
  const headers = (): Record<string, string> => ({
    ...server.headers,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
    ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
  });
  const post = async (message: object): Promise<Response> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const body = JSON.stringify(message);
    try {
      return await fetch(server.url, { method: 'POST', headers: headers(), body, redirect: 'error', signal });
    } catch (cause) {
      throw new InputError('the server cannot be reached, or did not answer in time', { cause });
    }
  };
  return {
    request: async (method, params) => {
      asked += 1;
      const response = await post({ jsonrpc: '2.0', id: asked, method, params });
      if (!response.ok) {
        await response.body?.cancel();
        throw new InputError(`the server answered \`${method}\` with HTTP status ${response.status}`);
      }
      session ??= response.headers.get('mcp-session-id') ?? undefined;
      const result = resultOf(await answerIn(response, asked));
      if (method === 'initialize' && typeof result['protocolVersion'] === 'string') version = result['protocolVersion'];
      return result;
    },
    notify: async (method) => {
      const response = await post({ jsonrpc: '2.0', method });
      await response.body?.cancel();
    },
    close: async () => {
      if (session === undefined) return;
      const goodbye = { method: 'DELETE', headers: headers(), signal: AbortSignal.timeout(timeoutMs) };
      session = undefined;
      // Servers may refuse this, and often do.
      await fetch(server.url, goodbye).then(
        async (response) => response.body?.cancel(),
        () => {},
      );
    },
  };
}

async function answerIn(response: Response, id: number): Promise<JsonObject> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunksOf(response)) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new InputError(`expected an answer of at most ${MAX_BYTES} bytes, got more`);
    text += decoder.decode(chunk, { stream: true });
    if (!isStream || !/\n\r?\n|\r\r/u.test(text.slice(-4))) continue;
    const answer = eventsIn(text).find((message) => isAnswerTo(message, id));
    if (isAnswerTo(answer, id)) return answer;
  }
  const messages = isStream ? eventsIn(text) : [parsed(text)];
  const answer = messages.find((message) => isAnswerTo(message, id));
  if (!isAnswerTo(answer, id)) throw new InputError('the server did not answer the request');
  return answer;
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) yield chunk;
  } catch (cause) {
    throw new InputError('the server did not end its answer in time', { cause });
  }
}

/** The messages of an event stream (HTML, §9.2.6). */
function eventsIn(text: string): readonly (JsonValue | undefined)[] {
  return text.split(/(?:\r\n|\r|\n){2}/u).map((event) => {
    const lines = event.split(/\r\n|\r|\n/u).filter((line) => line.startsWith('data:'));
    return parsed(lines.map((line) => line.slice(5)).join('\n'));
  });
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
