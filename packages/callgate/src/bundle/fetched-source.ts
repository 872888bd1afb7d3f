import { excerpt } from '@callgate/canonical';

import type { FetchLike } from '../egress-guard.ts';
import { inRange } from '../in-range.ts';
import type { BundleSource, SourceAnswer } from './bundle-source.ts';
import { MAX_BUNDLE_BYTES } from './envelope.ts';
import { BundleError } from './errors.ts';

/** How a bundle is fetched from a URL. */
export interface BundleFetchOptions {
  /** Sends the requests, for credentials, proxies and pinned addresses. Default: the runtime's own. */
  readonly fetch?: FetchLike;
  /** How long one fetch may take, redirects and body included; 1 to 600,000 ms, default 30,000. */
  readonly timeoutMs?: number;
  /** Fetches over `http:` from other hosts than this one. Default: false. Others then see the policy, and can withhold a new one. */
  readonly allowHttp?: boolean;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 600_000;
const MAX_REDIRECTS = 3;
const MAX_TAG_LENGTH = 1_024;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** A bundle behind a URL: asked for only where it changed, over TLS, at one origin, within a size and a time. */
export class FetchedSource implements BundleSource {
  readonly #url: URL;
  readonly #fetch: FetchLike;
  readonly #timeoutMs: number;

  /**
   * @throws {BundleError} `CALLGATE_BUNDLE_SOURCE_REFUSED` for a URL of another scheme, without TLS, or with credentials
   * @throws {RangeError} for a time outside its range
   */
  constructor(
    url: URL,
    { fetch = globalThis.fetch, timeoutMs = DEFAULT_TIMEOUT_MS, allowHttp = false }: BundleFetchOptions,
  ) {
    const isPlain = url.protocol === 'http:' && (allowHttp || LOOPBACK.test(url.hostname));
    if (url.protocol !== 'https:' && !isPlain) throw refused('an `https:` URL', `${url.protocol}//${url.host}`);
    if (url.username !== '' || url.password !== '')
      throw refused('a URL without credentials (give `fetch` those)', 'one with them');
    this.#url = new URL(url);
    this.#fetch = fetch;
    this.#timeoutMs = inRange('timeoutMs', timeoutMs, 1, MAX_TIMEOUT_MS);
  }

  async read(tag: string | undefined, signal: AbortSignal): Promise<SourceAnswer> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      return await untilAborted(this.#read(tag, deadline), deadline);
    } catch (cause) {
      if (cause instanceof BundleError) throw cause;
      throw this.#unavailable(deadline.aborted && !signal.aborted ? 'no answer in time' : 'no answer', cause);
    }
  }

  async #read(tag: string | undefined, signal: AbortSignal): Promise<SourceAnswer> {
    const response = await this.#follow(tag, signal);
    if (response.status === 304 && tag !== undefined) {
      discard(response);
      return { kind: 'unchanged' };
    }
    if (response.status !== 200) {
      discard(response);
      throw this.#unavailable(`status ${response.status}`);
    }
    return { kind: 'bundle', bytes: await bodyOf(response), tag: tagOf(response) };
  }

  /** The first answer that is no redirect. */
  async #follow(tag: string | undefined, signal: AbortSignal): Promise<Response> {
    let url = this.#url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await this.#fetch(url, {
        redirect: 'manual',
        signal,
        // The tag is the source's own word for what this process knows; no cache in between is to answer for it.
        headers: { accept: 'application/json', ...(tag === undefined ? {} : { 'if-none-match': tag }) },
        cache: 'no-store',
      });
      // A fetch that follows redirects by itself has gone where the answer says.
      if (response.url !== '') this.#assertSameOrigin(new URL(response.url), response);
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null) return response;
      if (!URL.canParse(location, url.href)) throw this.#unavailable('a redirect to nowhere');
      url = new URL(location, url);
      this.#assertSameOrigin(url, response);
      discard(response);
    }
    throw this.#unavailable(`more than ${MAX_REDIRECTS} redirects`);
  }

  #assertSameOrigin(url: URL, response: Response): void {
    if (url.origin === this.#url.origin && url.username === '' && url.password === '') return;
    discard(response);
    throw refused(`an answer from ${this.#url.origin}`, `a redirect to ${excerpt(url.origin)}`);
  }

  #unavailable(reason: string, cause?: unknown): BundleError {
    // Without the query, which can hold a token.
    const from = excerpt(`${this.#url.origin}${this.#url.pathname}`);
    return new BundleError(
      'CALLGATE_BUNDLE_UNAVAILABLE',
      `cannot fetch a bundle from \`${from}\`: ${reason}`,
      cause === undefined ? {} : { cause },
    );
  }
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const tooLarge = (): BundleError =>
    new BundleError('CALLGATE_BUNDLE_TOO_LARGE', `expected at most ${MAX_BUNDLE_BYTES} bytes, got more`);
  if (Number(response.headers.get('content-length') ?? 0) > MAX_BUNDLE_BYTES) {
    discard(response);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted after decompression. Leaving the loop cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BUNDLE_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An `ETag` that can be sent back as it is. */
function tagOf(response: Response): string | undefined {
  const tag = response.headers.get('etag');
  return tag !== null && tag.length <= MAX_TAG_LENGTH && /^(?:W\/)?"[\x21\x23-\x7e]*"$/u.test(tag) ? tag : undefined;
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** `work`, or the reason of `signal`: a fetch of the host's need not heed it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}

function refused(expected: string, got: string): BundleError {
  return new BundleError('CALLGATE_BUNDLE_SOURCE_REFUSED', `bundle source: expected ${expected}, got ${got}`);
}
