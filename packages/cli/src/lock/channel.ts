import type { JsonObject } from '@callgate/canonical';

/** Asks one MCP server one thing after another. */
export interface Channel {
  /**
   * The result of a request.
   *
   * @throws {ServerAnswerError} when the server answers with an error
   * @throws {InputError} when it answers nothing in time, or nothing that can be understood
   */
  request(method: string, params: JsonObject): Promise<JsonObject>;
  notify(method: string): Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** The error with which a server answered. */
export class ServerAnswerError extends Error {
  /** Of JSON-RPC; 0 where it is no number. */
  readonly rpcCode: number;

  constructor(rpcCode: number) {
    super(`the server answered with error ${rpcCode}`);
    this.rpcCode = rpcCode;
  }
}

/** JSON-RPC 2.0 §5.1 */
export const METHOD_NOT_FOUND = -32_601;
