import { digestJson, type Digest } from '@callgate/canonical';

import { ownerOf } from '../actor.ts';
import type { Exchange } from './exchange.ts';
import { without } from './handshake.ts';

/**
 * Digest of what stays the same when a call is resumed: whose it is, and its params; progress tokens and trace context do
 * not.
 */
export function resumableDigest(exchange: Exchange): Digest {
  exchange.resumableDigest ??= digestJson({
    owner: ownerOf(exchange.actor),
    params: without(exchange.params, '_meta'),
  });
  return exchange.resumableDigest;
}
