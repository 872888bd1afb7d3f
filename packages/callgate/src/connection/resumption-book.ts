import type { Digest } from '@callgate/canonical';

import { BoundedMap } from './bounded-map.ts';

/** What a resumption token was given for. */
export interface Resumable {
  readonly server: string;
  readonly method: string;
  /** Digest of whose call the token resumes, and of its exact params. */
  readonly params: Digest;
}

const MAX_TOKENS = 10_000;

/** Servers choose their tokens; one longer than this cannot be resumed. */
const MAX_TOKEN_LENGTH = 4_096;

/**
 * Which call each resumption token belongs to.
 *
 * A `send` with a token performs no request: whatever the server replays is labelled as the answer. So only the token of
 * a governed call is accepted, and only for the same method and params, which are decided on again. Bounded; what was
 * evicted is unknown and refused.
 */
export class ResumptionBook {
  readonly #tokens = new BoundedMap<string, Resumable>(MAX_TOKENS);

  note(token: string, resumable: Resumable): void {
    if (token.length > MAX_TOKEN_LENGTH) return;
    this.#tokens.set(`${resumable.server}\n${token}`, resumable);
  }

  /** What `token` of `server` was given for, or undefined where no governed call was given it. */
  find(server: string, token: string): Resumable | undefined {
    return this.#tokens.get(`${server}\n${token}`);
  }

  permits(token: string, wanted: Resumable): boolean {
    const known = this.find(wanted.server, token);
    return known !== undefined && known.method === wanted.method && known.params === wanted.params;
  }
}
