import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { ProcessTransport } from '../record/process-transport.ts';
import { METHOD_NOT_FOUND, type Channel } from './channel.ts';
import { isAnswerTo, resultOf } from './read-answer.ts';

/** How a stdio server is started. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's own. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a server and talks to it over its standard input and output. What it asks its client for is refused. */
export async function openProcessChannel(server: ServerCommand, timeoutMs: number): Promise<Channel> {
  const transport = new ProcessTransport(server.command, server.args, { env: server.env });
  let settle: ((message: JsonObject | InputError) => void) | undefined;
  let asked = 0;
  const ended = (): InputError => new InputError(`the server ended (${transport.exit ?? 'unknown'})`);
  transport.onmessage = (value) => {
    const message = value as JsonValue;
    if (isAnswerTo(message, asked)) settle?.(message);
    else if (isJsonObject(message)) refuse(transport, message);
  };
  transport.onclose = () => settle?.(ended());
  await transport.start();
  return {
    request: async (method, params) => {
      asked += 1;
      const answer = new Promise<JsonObject | InputError>((resolve) => (settle = resolve));
      const timer = setTimeout(() => settle?.(new InputError(`no answer to \`${method}\` in time`)), timeoutMs);
      try {
        await transport.send({ jsonrpc: '2.0', id: asked, method, params }).catch((cause: unknown) => {
          throw new InputError('the server does not take messages', { cause });
        });
        const message = await answer;
        if (message instanceof InputError) throw message;
        return resultOf(message);
      } finally {
        clearTimeout(timer);
      }
    },
    notify: async (method) => transport.send({ jsonrpc: '2.0', method }),
    close: async () => transport.close(),
  };
}

function refuse(transport: ProcessTransport, message: JsonObject): void {
  const id = own(message, 'id');
  if (id === undefined || own(message, 'method') === undefined) return;
  const isPing = own(message, 'method') === 'ping';
  const answer = isPing ? { result: {} } : { error: { code: METHOD_NOT_FOUND, message: 'not offered' } };
  transport.send({ jsonrpc: '2.0', id, ...answer }).catch(() => {
    // It went away; the request under way says so.
  });
}
