import type { Digest } from '@callgate/canonical';

import type { ServerIdentity } from '../identity/identity.ts';
import type { ItemKind, ManifestItem } from '../manifest/manifest.ts';

/** The version of the lock's format that this package reads and writes. */
export const LOCK_VERSION = 1;

/** The usual name of a lock. */
export const LOCK_FILE_NAME = 'callgate.lock.json';

/** Who approved something, and when. */
export interface Approval {
  /** A person or a team. */
  readonly by: string;
  /** RFC 3339, in UTC: `2026-11-25T10:00:00.000Z`. */
  readonly at: string;
  readonly reason?: string;
}

/** An item that somebody approved. The definition is kept, so that a difference can be read without the server. */
export interface PinnedItem extends ManifestItem {
  readonly approved: Approval;
}

/** What the last look at a server found that differs from what is pinned. Nothing of it is trusted. */
export interface Pending {
  /** Undefined: as pinned. */
  readonly identity?: ServerIdentity;
  /** Added or changed. */
  readonly items: readonly ManifestItem[];
  /** Pinned, and not advertised any more. */
  readonly removed: readonly { readonly kind: ItemKind; readonly name: string }[];
}

/** What is pinned of one server. */
export interface LockedServer {
  /** As the policy has it. */
  readonly name: string;
  /** The kinds of item that are pinned: of any other kind the lock says nothing. */
  readonly covers: readonly ItemKind[];
  /** Null: nobody approved one yet, and nothing of the server is trusted. */
  readonly identity: { readonly pinned: ServerIdentity; readonly approved: Approval } | null;
  /** The digest of all pinned items. */
  readonly manifest: Digest;
  /** In the order of kinds and names. */
  readonly pinned: readonly PinnedItem[];
  readonly pending: Pending | null;
}

/** A digest that is refused wherever it turns up, approved or not: of an item, a manifest, an executable or a script. */
export interface Revocation extends Approval {
  readonly digest: Digest;
}

/** `callgate.lock.json`. */
export interface Lock {
  /** In the order of names. */
  readonly servers: readonly LockedServer[];
  /** In the order of digests. */
  readonly revoked: readonly Revocation[];
}

/** A lock of nothing. */
export const EMPTY_LOCK: Lock = Object.freeze({ servers: [], revoked: [] });
