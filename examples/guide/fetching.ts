/** How a host fetches for its own tools: the snippets of the guide. */
import { Agent } from 'node:http';

import { createPinnedFetch, createPinnedLookup, FetchRefusedError, type FetchLike, type ResolveHost } from 'callgate';

// #region pinned
/** Fetches documentation, wherever it redirects within these hosts. */
export const fetchDocs: FetchLike = createPinnedFetch({
  urls: { hosts: ['docs.example.com', '.docs.example.net'], paths: ['/guide'], query: 'deny' },
  maxResponseBytes: 1024 * 1024,
});
// #endregion

/** Says why nothing was fetched, in words for a model. */
export async function readPage(fetch: FetchLike, url: string): Promise<string> {
  // #region refused
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return await response.text();
  } catch (error) {
    if (error instanceof FetchRefusedError) return `not fetched: ${error.message}`;
    throw error;
  }
  // #endregion
}

/** For names of an intranet, on its networks only. */
export function createIntranetFetch(resolve: ResolveHost): FetchLike {
  // #region intranet
  return createPinnedFetch({
    urls: { schemes: ['http'], hosts: ['wiki.example.com'], ports: 'any' },
    networks: ['10.20.0.0/16', '127.0.0.0/8'],
    resolve,
  });
  // #endregion
}

// #region lookup
/** For a library that takes an agent: every connection goes to a public address. */
export const agent: Agent = new Agent({ lookup: createPinnedLookup() });
// #endregion
