import { isJsonObject, type JsonValue } from '@callgate/canonical';

import { GateError } from './errors.ts';

/** The part of `fetch` that transports use. */
export type FetchLike = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * The innermost fetch of an HTTP transport: a JSON-RPC body leaves only if it is, to the letter, one that was decided on.
 *
 * Put below every middleware, it catches what middleware changed after the decision. OAuth requests (forms, and JSON that
 * is not JSON-RPC), GET and DELETE pass.
 */
export class EgressGuard {
  #isActive = false;
  readonly #approved = new Map<string, number>();
  readonly #onRefused: () => void;

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused;
  }

  /** Lets `message` leave until the returned function is called. Without a guarded fetch it costs nothing. */
  approve(message: object): () => void {
    if (!this.#isActive) return NOTHING;
    const body = JSON.stringify(message);
    this.#approved.set(body, (this.#approved.get(body) ?? 0) + 1);
    let isApproved = true;
    return () => {
      if (!isApproved) return;
      isApproved = false;
      const count = (this.#approved.get(body) ?? 1) - 1;
      if (count === 0) this.#approved.delete(body);
      else this.#approved.set(body, count);
    };
  }

  /** `fetch` with the guard in front. */
  wrap(fetch: FetchLike): FetchLike {
    this.#isActive = true;
    return async (url, init) => {
      if (!this.#permits(init)) {
        this.#onRefused();
        throw new GateError(
          'CALLGATE_EGRESS_REFUSED',
          'expected the exact message that was decided on, got another body',
        );
      }
      return fetch(url, init);
    };
  }

  #permits(init: RequestInit | undefined): boolean {
    const method = (init?.method ?? 'GET').toUpperCase();
    if (init?.body === undefined || init.body === null) return method !== 'POST';
    const { body } = init;
    if (typeof body === 'string' && this.#approved.has(body)) return true;
    if (body instanceof URLSearchParams) return true;
    // A body that cannot be read here cannot be vouched for.
    return typeof body === 'string' && !isJsonRpc(body);
  }
}

const NOTHING = (): void => undefined;

function isJsonRpc(body: string): boolean {
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    return false;
  }
  const items = Array.isArray(value) ? value : [value];
  return items.some((item) => isJsonObject(item as JsonValue) && Object.hasOwn(item as object, 'jsonrpc'));
}
