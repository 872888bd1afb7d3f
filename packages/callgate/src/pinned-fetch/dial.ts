import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import type { PinnedAddress } from './address-rules.ts';

/** A request whose body is at hand, so that it can be sent again. */
export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array | undefined;
}

/**
 * Sends a request to one of `addresses`, under the host's own name (`Host`, SNI, certificate). Without proxy, agent or connection of
 * anyone else.
 */
export async function dial(
  { url, method, headers, body }: Outgoing,
  addresses: readonly PinnedAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const options = {
    host,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    method,
    path: `${url.pathname}${url.search}`,
    headers: { ...Object.fromEntries(headers), host: url.host },
    // A new agent with its defaults: `globalAgent` may go through a proxy that the environment names.
    agent: false,
    lookup: fixedLookup(addresses),
  } as const;
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = isTls
      ? httpsRequest({
          ...options,
          rejectUnauthorized: true,
          ...(isIP(host) === 0 ? { servername: host } : {}),
        })
      : httpRequest(options);
    const onAbort = (): void => {
      outgoing.destroy();
      reject(reasonOf(signal));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    });
    outgoing.on('response', (incoming) => {
      signal.removeEventListener('abort', onAbort);
      resolve(incoming);
    });
    // A server that switches protocols leaves HTTP, and with it everything that is checked here.
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy();
      signal.removeEventListener('abort', onAbort);
      reject(new TypeError('the server switched protocols'));
    });
    outgoing.end(body);
  });
}

/** What a signal was aborted with. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError');
}

/** Answers with what was checked, whatever is asked. */
function fixedLookup(addresses: readonly PinnedAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new TypeError('no address'), '', 0);
    else if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
