import type { ServerIdentity } from '@callgate/policy';

import type { OptionalMembers, TransportLike } from './transport-shape.ts';

/**
 * What can be seen of the server behind a transport: the command and arguments of a stdio transport, or the URL of an
 * HTTP one. Undefined where the transport shows neither (in-memory, custom ones).
 *
 * Both SDK majors keep these on `_serverParams` and `_url`; neither has a public accessor.
 */
export function observeIdentity(inner: TransportLike): ServerIdentity | undefined {
  const { _serverParams: parameters, _url: url } = inner as TransportLike & OptionalMembers;
  if (typeof parameters === 'object' && parameters !== null) {
    const { command, args } = parameters as { readonly command?: unknown; readonly args?: unknown };
    if (typeof command === 'string') {
      return Object.freeze({ command, args: Object.freeze(Array.isArray(args) ? args.map(String) : []) });
    }
  }
  if (url instanceof URL || typeof url === 'string') return Object.freeze({ url: String(url) });
  return undefined;
}
