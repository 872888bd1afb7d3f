import { isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { ProcessTransport } from '../record/process-transport.ts';
import { resultOf, type ServerLine } from './ask-server.ts';

/** A server that was only asked has nothing to finish. */
const GRACE_MS = 300;

interface Waiting {
  resolve(answer: JsonObject): void;
  reject(error: Error): void;
}

/**
 * Starts a stdio server and gives a line to it. Closing the line ends the server.
 *
 * @param timeoutMs how long an answer may take
 * @throws {InputError} when the program cannot be started
 */
export async function openProcessLine(
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<ServerLine> {
  const transport = new ProcessTransport(command, args, { graceMs: GRACE_MS });
  const waiting = new Map<number, Waiting>();
  const send = async (message: JsonObject): Promise<void> => {
    try {
      await transport.send({ jsonrpc: '2.0', ...message });
    } catch (cause) {
      throw new InputError(`the server ended (${transport.exit ?? 'unknown'})`, { cause });
    }
  };
  transport.onmessage = (message) => {
    if (!isJsonObject(message as JsonValue)) return;
    const { id = null, method } = message as JsonObject;
    if (typeof method === 'string') {
      // A client without capabilities answers pings, and nothing else that servers ask.
      if (id !== null)
        send(
          method === 'ping' ? { id, result: {} } : { id, error: { code: -32_601, message: 'no such method' } },
        ).catch(() => {});
      return;
    }
    if (typeof id !== 'number') return;
    waiting.get(id)?.resolve(message as JsonObject);
    waiting.delete(id);
  };
  transport.onclose = () => {
    const error = new InputError(`the server ended (${transport.exit ?? 'unknown'})`);
    for (const asked of waiting.values()) asked.reject(error);
    waiting.clear();
  };
  await transport.start();
  let next = 0;
  return {
    request: async (method, params) => {
      next += 1;
      const id = next;
      const timer = setTimeout(() => {
        waiting.get(id)?.reject(new InputError(`the server does not answer \`${method}\` within ${timeoutMs} ms`));
        waiting.delete(id);
      }, timeoutMs);
      try {
        const answer = new Promise<JsonObject>((resolve, reject) => waiting.set(id, { resolve, reject }));
        const [, given] = await Promise.all([send({ id, method, params }), answer]);
        return resultOf(method, given);
      } finally {
        clearTimeout(timer);
      }
    },
    notify: (method) => send({ method }),
    close: () => transport.close(),
  };
}
