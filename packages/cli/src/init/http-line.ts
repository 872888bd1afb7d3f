import { excerpt, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { MAX_INPUT_BYTES } from '../input/read-text.ts';
import { createLineSplitter } from '../input/split-lines.ts';
import { ASKED_VERSION, resultOf, type ServerLine } from './ask-server.ts';

/** What a server is asked with over HTTP. */
export interface HttpLineOptions {
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** A bearer token, where the server wants one. Sent to the URL's own host only: redirects are not followed. */
  readonly bearer: string | undefined;
}

/** A line to a server of MCP's Streamable HTTP transport. Closing it ends the session, if there is one. */
export function openHttpLine(url: string, { timeoutMs, bearer }: HttpLineOptions): ServerLine {
  let session: string | undefined;
  let isGreeted = false;
  let next = 0;
  const call = async (method: 'POST' | 'DELETE', body?: JsonObject): Promise<Response> => {
    try {
      return await fetch(url, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...(isGreeted ? { 'mcp-protocol-version': ASKED_VERSION } : {}),
          ...(session === undefined ? {} : { 'mcp-session-id': session }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify({ jsonrpc: '2.0', ...body }) }),
      });
    } catch (cause) {
      throw new InputError(`cannot reach \`${excerpt(url)}\`: ${reasonOf(cause)}`, { cause });
    }
  };
  return {
    request: async (method, params) => {
      next += 1;
      const response = await call('POST', { id: next, method, params });
      if (!response.ok) throw new InputError(`the server answers \`${method}\` with HTTP ${response.status}`);
      session = response.headers.get('mcp-session-id') ?? session;
      isGreeted = true;
      const answer = await answerIn(response, next);
      if (answer === undefined) throw new InputError(`expected an answer to \`${method}\`, got none`);
      return resultOf(method, answer);
    },
    notify: async (method) => {
      const response = await call('POST', { method });
      await response.body?.cancel();
    },
    close: async () => {
      if (session === undefined) return;
      // A server that does not end sessions says so, which changes nothing here.
      await call('DELETE').then(
        (response) => response.body?.cancel(),
        () => {},
      );
      session = undefined;
    },
  };
}

/** The answer to a request: the body as JSON, or the first event of a stream that is it. */
async function answerIn(response: Response, id: number): Promise<JsonObject | undefined> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const splitter = createLineSplitter(MAX_INPUT_BYTES);
  const lines: string[] = [];
  let data = '';
  let bytes = 0;
  const take = (line: string): JsonObject | undefined => {
    if (!isStream) {
      lines.push(line);
      return undefined;
    }
    if (line.startsWith('data:')) data += line.slice('data:'.length).trimStart();
    if (line.replace(/\r$/u, '') !== '') return undefined;
    const found = answerOf(data, id);
    data = '';
    return found;
  };
  try {
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).byteLength;
      if (bytes > MAX_INPUT_BYTES) throw new InputError(`expected an answer of at most ${MAX_INPUT_BYTES} bytes`);
      for (const line of splitter.push(chunk as Uint8Array)) {
        const found = line.kind === 'text' ? take(line.text) : undefined;
        if (found !== undefined) return found;
      }
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`the server’s answer broke off: ${reasonOf(cause)}`, { cause });
  }
  for (const line of splitter.end()) if (line.kind === 'text') take(line.text);
  return answerOf(isStream ? data : lines.join('\n'), id);
}

function answerOf(text: string, id: number): JsonObject | undefined {
  try {
    const message = JSON.parse(text) as JsonValue;
    return isJsonObject(message) && own(message, 'id') === id ? message : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return name === 'TimeoutError' ? 'no answer in time' : (code ?? 'unreachable');
}
