/** A way to one server that carries JSON-RPC requests and their answers. */
export interface Channel {
  /** @throws {ChannelError} when no answer comes, or it is an error */
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  notify(method: string): Promise<void>;
  /** Safe to call twice; never throws. */
  close(): Promise<void>;
}

/** A server could not be talked to. The message holds nothing of the configuration or of what the server sent. */
export class ChannelError extends Error {}

/** The most bytes of one answer. */
export const MAX_ANSWER_BYTES: number = 16 * 1024 * 1024;

/** The result of an answer. */
export function resultOf(answer: { readonly result?: unknown; readonly error?: unknown }): unknown {
  if (answer.error === undefined) return answer.result;
  const { error } = answer;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  throw new ChannelError(`the server answered with an error${typeof code === 'number' ? ` (${code})` : ''}`);
}
