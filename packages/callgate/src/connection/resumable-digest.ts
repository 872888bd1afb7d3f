import { digestJson, type Digest } from '@callgate/canonical';

import type { Exchange } from './exchange.ts';
import { without } from './handshake.ts';

/** Digest of the params that stay the same when a call is resumed: progress tokens and trace context do not. */
export function resumableDigest(exchange: Exchange): Digest {
  exchange.resumableDigest ??= digestJson(without(exchange.params, '_meta'));
  return exchange.resumableDigest;
}
