import { compareText } from '../internal/compare-text.ts';
import { compareItems, ITEM_KINDS } from '../manifest/manifest.ts';
import type { Lock, LockedServer, Pending } from './lock.ts';

/** The same lock in the one order that it is written in. */
export function sortLock({ servers, revoked }: Lock): Lock {
  return {
    servers: servers.map(sortServer).toSorted((a, b) => compareText(a.name, b.name)),
    revoked: revoked.toSorted((a, b) => compareText(a.digest, b.digest)),
  };
}

function sortServer(server: LockedServer): LockedServer {
  return {
    ...server,
    covers: ITEM_KINDS.filter((kind) => server.covers.includes(kind)),
    pinned: server.pinned.toSorted(compareItems),
    pending: server.pending === null ? null : sortPending(server.pending),
  };
}

function sortPending(pending: Pending): Pending {
  return { ...pending, items: pending.items.toSorted(compareItems), removed: pending.removed.toSorted(compareItems) };
}
