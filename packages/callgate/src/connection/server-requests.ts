import type { RequestId } from '../wire.ts';

/** A request of the server that was let through to the host and waits for its reply. */
export interface ServerRequest {
  readonly id: RequestId;
  readonly request: string;
  readonly method: string;
  readonly startedMs: number;
}

/** How many requests a server may have open at the client. */
const MAX_SERVER_REQUESTS = 256;

/** The server's open requests on one connection. A reply leaves only for one of them. */
export class ServerRequests {
  readonly #open = new Map<RequestId, ServerRequest>();

  get isFull(): boolean {
    return this.#open.size >= MAX_SERVER_REQUESTS;
  }

  has(id: RequestId): boolean {
    return this.#open.has(id);
  }

  add(request: ServerRequest): void {
    this.#open.set(request.id, request);
  }

  /** The request, which is no longer open, or undefined. */
  take(id: RequestId): ServerRequest | undefined {
    const request = this.#open.get(id);
    this.#open.delete(id);
    return request;
  }

  drain(): readonly ServerRequest[] {
    const all = [...this.#open.values()];
    this.#open.clear();
    return all;
  }
}
