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
    return async (url, given) => {
      // Read once: what is judged is what is handed on.
      const init = given === undefined ? undefined : { ...given };
      if (!isAddress(url) || !this.#permits(init)) {
        this.#onRefused();
        throw new GateError(
          'CALLGATE_EGRESS_REFUSED',
          'expected the exact message that was decided on, got another body',
        );
      }
      // Serialised anew: nothing that only claims to be a form leaves as anything else.
      if (init?.body instanceof URLSearchParams) init.body = new URLSearchParams(String(init.body));
      return fetch(url, init);
    };
  }

  #permits(init: RequestInit | undefined): boolean {
    const method = (init?.method ?? 'GET').toUpperCase();
    if (init?.body === undefined || init.body === null) return method !== 'POST';
    const { body } = init;
    if (body instanceof URLSearchParams) return true;
    // A body that cannot be read here cannot be vouched for.
    return typeof body === 'string' && (this.#approved.has(body) || isNoMessage(body));
  }
}

/** A `Request` brings a body of its own that only reading it would show. */
function isAddress(url: unknown): url is string | URL {
  return typeof url === 'string' || url instanceof URL;
}

const NOTHING = (): void => undefined;

/** The members that make a message; Go servers match names without regard to case, and some servers do without a version. */
const MESSAGE_MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'method', 'params']);

/** Whether no server could take `body` for a JSON-RPC message: a form, or a JSON object with none of its members. */
function isNoMessage(body: string): boolean {
  if (!body.includes('{')) return true;
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    // Some servers read what this parser refuses: a byte order mark, lines, comments.
    return false;
  }
  return (
    isJsonObject(value) && !Object.keys(value).some((key) => MESSAGE_MEMBERS.has(key.normalize('NFKC').toLowerCase()))
  );
}
