import type { IncomingMessage } from 'node:http';

import type { CompiledKind } from '@callgate/policy';

import type { FetchLike } from '../egress-guard.ts';
import { AddressRules } from './address-rules.ts';
import { dial, reasonOf, type Outgoing } from './dial.ts';
import { FetchRefusedError } from './fetch-refused-error.ts';
import { assertFetchOptions, compileNetworks, compileUrls, type PinnedFetchOptions } from './options.ts';
import { redirected, redirectTarget } from './redirect.ts';
import { toResponse, type ResponseContext } from './to-response.ts';

const DEFAULT_MAX_REDIRECTS = 5;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES: number = 10 * 1024 * 1024;

/** RFC 9110 §7.6.1, and what this fetch sets itself. */
const NOT_FOR_CALLERS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * A `fetch` for the host's own tools: each URL, redirects included, is checked with the argument kind `url`; its name is resolved once,
 * every answer is checked, and one of them is what is dialled.
 *
 * `url` is text or a `URL`; of `init` it uses `method`, `headers`, `body` (read to its end first), `signal` and `redirect`. Proxies that
 * the environment names are not used, and connections are not kept. It rejects with {@link FetchRefusedError} for what it refuses, with
 * the signal's reason when aborted, with a `TimeoutError` in time, and with a `TypeError` when the network fails.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS`
 * @see docs/guide/fetch-safely.md
 */
export function createPinnedFetch(options: PinnedFetchOptions): FetchLike {
  assertFetchOptions(options);
  const { maxRedirects = DEFAULT_MAX_REDIRECTS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { maxResponseBytes: maxBytes = DEFAULT_MAX_RESPONSE_BYTES } = options;
  const urls = compileUrls(options.urls);
  const rules = new AddressRules(
    options.urls.addresses ?? 'public',
    compileNetworks(options.networks),
    options.resolve,
  );

  return async (input, init = {}) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const { signal: callers, redirect = 'follow' } = init;
    const signal = callers === undefined || callers === null ? deadline : AbortSignal.any([callers, deadline]);
    let outgoing = await orAborted(outgoingOf(checked(urls, textOf(input), 'url'), init), signal);
    for (let redirects = 0; ; redirects += 1) {
      const { url, method } = outgoing;
      const incoming = await answerTo(outgoing, rules, signal);
      const status = incoming.statusCode ?? 0;
      const target = redirect === 'manual' ? undefined : redirectTarget(status, incoming.headers.location, url);
      if (target === undefined) {
        const isRedirected = redirects > 0;
        return responseOf(incoming, { url, method, isRedirected, maxBytes, signal: callers ?? undefined });
      }
      incoming.destroy();
      if (redirect === 'error') throw new FetchRefusedError('redirect', 'expected no redirect, got one');
      if (redirects === maxRedirects) {
        throw new FetchRefusedError('redirects', `expected at most ${maxRedirects} redirects, got more`);
      }
      outgoing = redirected(outgoing, status, checked(urls, target.href, 'redirect'));
    }
  };
}

async function answerTo(outgoing: Outgoing, rules: AddressRules, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    const addresses = await orAborted(rules.addressesOf(outgoing.url.hostname), signal);
    return await dial(outgoing, addresses, signal);
  } catch (cause) {
    if (signal.aborted) throw reasonOf(signal);
    if (cause instanceof FetchRefusedError) throw cause;
    throw new TypeError('fetch failed', { cause });
  }
}

function responseOf(incoming: IncomingMessage, context: ResponseContext): Response {
  try {
    return toResponse(incoming, context);
  } catch (cause) {
    incoming.destroy();
    throw cause instanceof FetchRefusedError ? cause : new TypeError('fetch failed', { cause });
  }
}

/** The URL to dial: what the kind makes of the text. */
function checked(urls: CompiledKind, text: string, reason: 'url' | 'redirect'): URL {
  const problems = urls.check(text);
  const href = problems.length === 0 ? urls.canonical(text) : undefined;
  if (typeof href === 'string') return new URL(href);
  const [first] = problems;
  throw new FetchRefusedError(
    reason,
    `expected ${first?.expected ?? urls.expected}, got ${reason === 'url' ? '' : 'a redirect to '}${first?.got ?? 'another URL'}`,
    problems.map(({ code }) => code),
  );
}

function textOf(input: unknown): string {
  if (typeof input === 'string') return input;
  if (input instanceof URL) return input.href;
  throw new TypeError('url: expected text or a URL');
}

/** The request with its body at hand. The platform's own `Request` reads the many forms of headers and bodies. */
async function outgoingOf(url: URL, { method, headers, body }: RequestInit): Promise<Outgoing> {
  const request = new Request(url, {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined || body === null ? {} : { body, duplex: 'half' }),
  });
  const sent = new Headers(request.headers);
  for (const name of NOT_FOR_CALLERS) sent.delete(name);
  for (const [name, value] of [
    ['accept', '*/*'],
    ['accept-encoding', 'gzip, deflate, br'],
    ['user-agent', 'callgate'],
  ] as const) {
    if (!sent.has(name)) sent.set(name, value);
  }
  const bytes = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  if (bytes !== undefined) sent.set('content-length', String(bytes.length));
  return { url, method: request.method, headers: sent, body: bytes };
}

/** `work`, unless `signal` is first. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) {
    work.catch(() => undefined);
    throw reasonOf(signal);
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(reasonOf(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
