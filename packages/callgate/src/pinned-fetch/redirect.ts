import type { Outgoing } from './dial.ts';
import { FetchRefusedError } from './fetch-refused-error.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What may follow to another origin. Everything else may be a credential, under whatever name. */
const FOLLOWS_ANYWHERE: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'user-agent',
  'range',
]);

const ABOUT_THE_BODY: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'content-language',
  'content-location',
  'content-length',
]);

/** Where a response leads; undefined where nowhere. */
export function redirectTarget(status: number, location: string | undefined, from: URL): URL | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  try {
    const target = new URL(location, from);
    // RFC 9110 §10.2.2: a fragment is inherited.
    if (target.hash === '' && from.hash !== '') target.hash = from.hash;
    return target;
  } catch (cause) {
    throw new FetchRefusedError('redirect', 'expected a redirect to a URL, got other text', [], { cause });
  }
}

/**
 * The request that a redirect asks for, as `fetch` has it, with less: nothing goes from https to http, no body and no header that may be
 * a credential goes to another origin.
 *
 * @throws {FetchRefusedError} `redirect`
 */
export function redirected({ url, method, headers, body }: Outgoing, status: number, target: URL): Outgoing {
  if (url.protocol === 'https:' && target.protocol !== 'https:') {
    throw new FetchRefusedError('redirect', 'expected a redirect to https, got another scheme', ['url.scheme']);
  }
  const becomesGet = status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST';
  const isSameOrigin = target.origin === url.origin;
  if (body !== undefined && !becomesGet && !isSameOrigin) {
    throw new FetchRefusedError(
      'redirect',
      'expected no body to follow to another origin, got a redirect that keeps it',
    );
  }
  const kept = [...headers].filter(
    ([name]) => (isSameOrigin || FOLLOWS_ANYWHERE.has(name)) && !(becomesGet && ABOUT_THE_BODY.has(name)),
  );
  return {
    url: target,
    method: becomesGet ? 'GET' : method,
    headers: new Headers(kept),
    body: becomesGet ? undefined : body,
  };
}
