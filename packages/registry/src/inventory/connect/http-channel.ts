import { ChannelError, MAX_ANSWER_BYTES, resultOf, type Channel } from './channel.ts';

/** The part of `fetch` that is used. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Speaks the Streamable HTTP transport of MCP. Redirects are not followed: the headers are meant for one server.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
export function openHttpChannel(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  fetch: FetchFunction,
): Channel {
  let next = 1;
  let session: Readonly<Record<string, string>> = {};
  const post = async (message: object): Promise<Response> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        ...session,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(message),
      redirect: 'error',
      signal,
    }).catch(() => {
      throw new ChannelError(signal.aborted ? 'the server did not answer in time' : 'the server cannot be reached');
    });
    const id = response.headers.get('mcp-session-id');
    if (id !== null) session = { 'mcp-session-id': id };
    return response;
  };
  return {
    request: async (method, params) => {
      const id = next;
      next += 1;
      const response = await post({ jsonrpc: '2.0', id, method, params });
      if (!response.ok) {
        await response.body?.cancel();
        throw new ChannelError(statusReason(response.status));
      }
      return resultOf(await answerIn(response, id, signal));
    },
    notify: async (method) => {
      const response = await post({ jsonrpc: '2.0', method });
      await response.body?.cancel();
    },
    close: async () => {
      if (session['mcp-session-id'] === undefined) return;
      const response = await fetch(url, {
        method: 'DELETE',
        headers: { ...headers, ...session },
        redirect: 'error',
        signal,
      }).catch(() => undefined);
      await response?.body?.cancel().catch(() => {});
    },
  };
}

function statusReason(status: number): string {
  return status === 401 || status === 403
    ? `the server wants a login (status ${status})`
    : `the server answered with status ${status}`;
}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The answer to a request, alone or among the events of a stream. */
async function answerIn(response: Response, id: number, signal: AbortSignal): Promise<Answer> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      const data = chunk as Uint8Array;
      bytes += data.byteLength;
      if (bytes > MAX_ANSWER_BYTES) throw new ChannelError(`the server sent more than ${MAX_ANSWER_BYTES} bytes`);
      text += decoder.decode(data, { stream: true });
      if (!isStream) continue;
      const events = text.split(/\r?\n\r?\n/u);
      text = events.pop() ?? '';
      const answer = events.map((event) => parsed(dataOf(event))).find((message) => message?.id === id);
      if (answer !== undefined) return answer;
    }
  } catch (cause) {
    if (cause instanceof ChannelError) throw cause;
    throw new ChannelError(signal.aborted ? 'the server did not answer in time' : 'the connection ended early', {
      cause,
    });
  }
  const answer = parsed(isStream ? dataOf(text) : text);
  if (answer?.id !== id) throw new ChannelError('the server did not answer in JSON-RPC');
  return answer;
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/u)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n');
}

function parsed(text: string): Answer | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
