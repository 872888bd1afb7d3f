import type { ServerIdentity } from '../identity/identity.ts';
import { itemsOf, manifestDigest, type ItemKind, type Manifest, type ManifestItem } from '../manifest/manifest.ts';
import type { LockedServer } from './lock.ts';

/** A server as the last look at it found it, as far as a lock tells. */
export interface LastSeen {
  readonly identity: ServerIdentity | null;
  readonly manifest: Manifest;
}

/** What was seen of a server when its lock was refreshed: what is pinned, with what is pending applied. */
export function lastSeen(server: LockedServer): LastSeen {
  const { pending, identity, covers } = server;
  const items = new Map<ItemKind, Map<string, ManifestItem>>(covers.map((kind) => [kind, new Map()]));
  for (const { kind, name, digest, definition } of [...server.pinned, ...(pending?.items ?? [])]) {
    items.get(kind)?.set(name, { kind, name, digest, definition });
  }
  for (const { kind, name } of pending?.removed ?? []) items.get(kind)?.delete(name);
  const all = itemsOf({ items, problems: [], digest: server.manifest });
  return {
    identity: pending?.identity ?? identity?.pinned ?? null,
    manifest: { items, problems: [], digest: manifestDigest(all) },
  };
}
