import type { Digest } from '@callgate/canonical';

import type { ServerIdentity } from '../identity/identity.ts';
import { identityChanges } from '../identity/identity-changes.ts';
import {
  itemsOf,
  ITEM_KINDS,
  manifestDigest,
  type ItemKind,
  type Manifest,
  type ManifestItem,
} from '../manifest/manifest.ts';
import type { Approval, Lock, LockedServer, Pending, PinnedItem } from './lock.ts';
import { sortLock } from './sort-lock.ts';

/** What a look at a server found. */
export interface Observation {
  readonly name: string;
  /** Null: the look tells nothing of it, and what is pinned stays. */
  readonly identity: ServerIdentity | null;
  readonly manifest: Manifest;
  /** The kinds to pin; default: what the lock covers of the server, or all. */
  readonly covers?: readonly ItemKind[];
}

/** The lock, with what was seen beside what is pinned. Approves nothing: what is trusted stays what it was. */
export function observeServer(lock: Lock, observation: Observation): Lock {
  const known = lock.servers.find(({ name }) => name === observation.name);
  const covers = observation.covers ?? known?.covers ?? ITEM_KINDS;
  // What the lock does not cover any more is not pinned any more; what it newly covers is pending.
  const pinned = (known?.pinned ?? []).filter(({ kind }) => covers.includes(kind));
  const server: LockedServer = {
    name: observation.name,
    covers,
    identity: known?.identity ?? null,
    manifest: manifestDigest(pinned),
    pinned,
    pending: pendingOf(pinned, known?.identity?.pinned, covers, observation),
  };
  return withServer(lock, server);
}

function pendingOf(
  pinned: readonly PinnedItem[],
  pinnedIdentity: ServerIdentity | undefined,
  covers: readonly ItemKind[],
  { identity, manifest }: Observation,
): Pending | null {
  const digests = new Map(pinned.map((item) => [keyOf(item), item.digest]));
  const seen = itemsOf(manifest).filter(({ kind }) => covers.includes(kind));
  const items = seen.filter((item) => digests.get(keyOf(item)) !== item.digest);
  const seenKeys = new Set(seen.map(keyOf));
  const removed = pinned
    .filter((item) => manifest.items.has(item.kind) && !seenKeys.has(keyOf(item)))
    .map(({ kind, name }) => ({ kind, name }));
  const isSameIdentity =
    identity === null || (pinnedIdentity !== undefined && identityChanges(pinnedIdentity, identity).length === 0);
  if (isSameIdentity && items.length === 0 && removed.length === 0) return null;
  return { ...(isSameIdentity ? {} : { identity }), items, removed };
}

/** What an approval is about: an item, or the identity of a server. */
export interface ApprovalTarget {
  readonly server: string;
  readonly kind: ItemKind | 'identity';
  /** Null for an identity. */
  readonly name: string | null;
  readonly change: 'added' | 'changed' | 'removed';
  /** Null for an identity, and for what is removed. */
  readonly digest: Digest | null;
}

/** A lock after an approval. */
export interface Approved {
  readonly lock: Lock;
  readonly approved: readonly ApprovalTarget[];
  /** Selected, and revoked: they stay pending. */
  readonly refused: readonly ApprovalTarget[];
}

/** Everything that waits for an approval, in the order of servers, kinds and names. */
export function pendingTargets(lock: Lock): readonly ApprovalTarget[] {
  return lock.servers.flatMap(({ name: server, identity, pinned, pending }) => {
    if (pending === null) return [];
    const known = new Set(pinned.map(keyOf));
    const identityTarget: ApprovalTarget = {
      server,
      kind: 'identity',
      name: null,
      change: identity === null ? 'added' : 'changed',
      digest: null,
    };
    return [
      ...(pending.identity === undefined ? [] : [identityTarget]),
      ...pending.items.map((item): ApprovalTarget => ({
        server,
        kind: item.kind,
        name: item.name,
        change: known.has(keyOf(item)) ? 'changed' : 'added',
        digest: item.digest,
      })),
      ...pending.removed.map(({ kind, name }): ApprovalTarget => ({
        server,
        kind,
        name,
        change: 'removed',
        digest: null,
      })),
    ];
  });
}

/** Pins what is pending and selected, except what is revoked. */
export function approvePending(lock: Lock, approval: Approval, select: (target: ApprovalTarget) => boolean): Approved {
  const revoked = new Set(lock.revoked.map(({ digest }) => digest));
  const selected = pendingTargets(lock).filter(select);
  const isRevoked = (target: ApprovalTarget): boolean => target.digest !== null && revoked.has(target.digest);
  const approved = selected.filter((target) => !isRevoked(target));
  const servers = lock.servers.map((server) =>
    approveServer(
      server,
      approval,
      approved.filter((target) => target.server === server.name),
    ),
  );
  return { lock: sortLock({ ...lock, servers }), approved, refused: selected.filter(isRevoked) };
}

function approveServer(server: LockedServer, approved: Approval, targets: readonly ApprovalTarget[]): LockedServer {
  const { pending } = server;
  if (pending === null || targets.length === 0) return server;
  const keys = new Set(
    targets.flatMap(({ kind, name }) => (kind === 'identity' || name === null ? [] : [keyOf({ kind, name })])),
  );
  const isTaken = (item: { readonly kind: ItemKind; readonly name: string }): boolean => keys.has(keyOf(item));
  const pinned = [
    ...server.pinned.filter((item) => !isTaken(item)),
    ...pending.items.filter(isTaken).map((item): PinnedItem => pinItem(item, approved)),
  ];
  const takesIdentity = pending.identity !== undefined && targets.some(({ kind }) => kind === 'identity');
  const { identity, ...rest } = pending;
  const left: Pending = {
    ...(takesIdentity || identity === undefined ? {} : { identity }),
    items: rest.items.filter((item) => !isTaken(item)),
    removed: rest.removed.filter((item) => !isTaken(item)),
  };
  const isDone = left.identity === undefined && left.items.length === 0 && left.removed.length === 0;
  return {
    ...server,
    identity: takesIdentity && identity !== undefined ? { pinned: identity, approved } : server.identity,
    manifest: manifestDigest(pinned),
    pinned,
    pending: isDone ? null : left,
  };
}

function pinItem({ kind, name, digest, definition }: ManifestItem, approved: Approval): PinnedItem {
  return { kind, name, digest, definition, approved };
}

/** The lock with one more digest that is refused. The first revocation of a digest stays. */
export function revokeDigest(lock: Lock, digest: Digest, approval: Approval): Lock {
  if (lock.revoked.some((one) => one.digest === digest)) return lock;
  return sortLock({ ...lock, revoked: [...lock.revoked, { digest, ...approval }] });
}

function withServer(lock: Lock, server: LockedServer): Lock {
  return sortLock({ ...lock, servers: [...lock.servers.filter(({ name }) => name !== server.name), server] });
}

function keyOf({ kind, name }: { readonly kind: ItemKind; readonly name: string }): string {
  return `${kind} ${name}`;
}
