import type { Digest } from '@callgate/canonical';

import type { LockedServer } from '../lock/lock.ts';
import { compareItems, ITEM_KINDS, type ItemKind, type Manifest, type ManifestItem } from '../manifest/manifest.ts';
import { makeDrift, type Drift } from './drift.ts';
import { findRenames } from './find-renames.ts';
import { classifyDrift, handshakeClass } from './item-drift.ts';

/** One item that is pinned, seen or both, and how it drifted. */
export interface ComparedItem {
  readonly kind: ItemKind;
  readonly name: string;
  /** Null: it is not pinned. */
  readonly pinned: Digest | null;
  /** Null: it was not seen. */
  readonly seen: Digest | null;
  /** The name that it is pinned under, if it was found to be renamed. */
  readonly renamedFrom: string | null;
  /** Empty: it is what was approved. */
  readonly drifts: readonly Drift[];
}

/** Items by name. */
type Items = ReadonlyMap<string, ManifestItem>;

/** Every item of the kinds that the lock covers, in the order of kinds and names. */
export function compareAll(
  locked: LockedServer | undefined,
  manifest: Manifest,
  revoked: ReadonlySet<Digest>,
): readonly ComparedItem[] {
  const kinds = locked?.covers ?? ITEM_KINDS;
  return kinds
    .flatMap((kind) => {
      const pinned = new Map(
        (locked?.pinned ?? []).filter((item) => item.kind === kind).map((item) => [item.name, item] as const),
      );
      return compareKind(kind, pinned, manifest).concat(problemItems(kind, pinned, manifest));
    })
    .map((item) => withRevocation(item, revoked))
    .toSorted(compareItems);
}

function compareKind(kind: ItemKind, pinned: Items, manifest: Manifest): readonly ComparedItem[] {
  const seen = manifest.items.get(kind);
  if (seen === undefined) return Array.from(pinned.values(), unseenItem);
  const ambiguous = ambiguousNames(kind, manifest);
  const added = [...seen.values()].filter(({ name }) => !pinned.has(name));
  const removed = [...pinned.values()].filter(({ name }) => !seen.has(name) && !ambiguous.has(name));
  const renames = kind === 'handshake' ? new Map<string, string>() : findRenames(removed, added);
  return [
    ...added.map((item) => addedItem(item, pinned.get(renames.get(item.name) ?? ''), renames.get(item.name))),
    ...removed.map(removedItem),
    ...[...seen.values()].flatMap((item) => {
      const known = pinned.get(item.name);
      return known === undefined ? [] : [comparedItem(known, item, classifyDrift(known, item))];
    }),
  ];
}

function comparedItem(
  pinned: ManifestItem | undefined,
  seen: ManifestItem | undefined,
  drifts: readonly Drift[],
  renamedFrom: string | null = null,
): ComparedItem {
  return {
    kind: (seen ?? pinned)?.kind ?? 'tool',
    name: (seen ?? pinned)?.name ?? '',
    pinned: pinned?.digest ?? null,
    seen: seen?.digest ?? null,
    renamedFrom,
    drifts,
  };
}

function unseenItem(item: ManifestItem): ComparedItem {
  return comparedItem(item, undefined, [makeDrift('unseen', '', item.definition, undefined)]);
}

function removedItem(item: ManifestItem): ComparedItem {
  const driftClass = item.kind === 'handshake' ? handshakeClass(item.name) : 'removed';
  return comparedItem(item, undefined, [makeDrift(driftClass, '', item.definition, undefined)]);
}

function addedItem(
  item: ManifestItem,
  former: ManifestItem | undefined,
  renamedFrom: string | undefined,
): ComparedItem {
  if (former === undefined || renamedFrom === undefined) {
    const driftClass = item.kind === 'handshake' ? handshakeClass(item.name) : 'added';
    return comparedItem(undefined, item, [makeDrift(driftClass, '', undefined, item.definition)]);
  }
  const others = classifyDrift(former, item).filter(({ pointer }) => pointer !== '/name' && pointer !== '/uri');
  const renamed = makeDrift('renamed', '', former.definition, item.definition);
  return comparedItem(undefined, item, [renamed, ...others], renamedFrom);
}

function ambiguousNames(kind: ItemKind, manifest: Manifest): ReadonlySet<string> {
  return new Set(
    manifest.problems.filter((problem) => problem.kind === kind).flatMap(({ name }) => (name === null ? [] : [name])),
  );
}

/** What could not be pinned, and has a name to say so about. */
function problemItems(kind: ItemKind, pinned: Items, manifest: Manifest): readonly ComparedItem[] {
  return Array.from(ambiguousNames(kind, manifest), (name) => ({
    kind,
    name,
    pinned: pinned.get(name)?.digest ?? null,
    seen: null,
    renamedFrom: null,
    drifts: [makeDrift('duplicate', '', pinned.get(name)?.definition, undefined)],
  }));
}

function withRevocation(item: ComparedItem, revoked: ReadonlySet<Digest>): ComparedItem {
  const digest = [item.seen, item.pinned].find((one) => one !== null && revoked.has(one));
  if (digest === undefined || digest === null) return item;
  return { ...item, drifts: [makeDrift('revoked', '', undefined, digest), ...item.drifts] };
}
