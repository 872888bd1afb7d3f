import type { Actor } from '../actor.ts';
import type { Link } from './link.ts';

/**
 * Who a server's message is on behalf of. Nothing in the protocol says, so: the one actor of all open calls, where there
 * is just one; otherwise the connection's default.
 */
export function actorOfServer(link: Link): Actor {
  let common: Actor | undefined;
  for (const exchange of link.open.values()) {
    if (common !== undefined && common !== exchange.actor) return link.defaultActor;
    common = exchange.actor;
  }
  return common ?? link.defaultActor;
}
