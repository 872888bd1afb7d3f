import { digestJson, type Digest, type JsonValue } from '@callgate/canonical';

import { compareText } from '../internal/compare-text.ts';

/** What a server advertises, by kind. `handshake` is the members of its `initialize` or `server/discover` answer. */
export const ITEM_KINDS = ['handshake', 'tool', 'prompt', 'resource', 'resource-template'] as const;

/** One of {@link ITEM_KINDS}. */
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One thing that a server advertises, with all its members. */
export interface ManifestItem {
  readonly kind: ItemKind;
  /** The name of a tool or prompt, the `uri` or `uriTemplate` of a resource, the member of a handshake. The server's text. */
  readonly name: string;
  readonly definition: JsonValue;
  /** Of the definition's RFC 8785 bytes. */
  readonly digest: Digest;
}

/** Why something advertised is no item of the manifest. */
export type ManifestProblemCode = 'duplicate' | 'unnamed' | 'malformed' | 'too-many';

/** Something advertised that cannot be pinned. */
export interface ManifestProblem {
  readonly kind: ItemKind;
  /** Null where it has none. */
  readonly name: string | null;
  readonly code: ManifestProblemCode;
  /** In words; holds no value of the definition. */
  readonly message: string;
}

/** Everything that a server advertises, all pages as one; the order in which it lists things says nothing. */
export interface Manifest {
  /** By kind, then by name. A kind that nobody asked the server for is absent. */
  readonly items: ReadonlyMap<ItemKind, ReadonlyMap<string, ManifestItem>>;
  readonly problems: readonly ManifestProblem[];
  readonly digest: Digest;
}

/** Members of a handshake that the client's versions decide too; they are pinned, and left out of the manifest's digest. */
const NEGOTIATED: ReadonlySet<string> = new Set(['protocolVersion', 'supportedVersions']);

/** The digest of all items: of their kinds, names and digests. */
export function manifestDigest(items: Iterable<Pick<ManifestItem, 'kind' | 'name' | 'digest'>>): Digest {
  const rows = [...items]
    .filter(({ kind, name }) => kind !== 'handshake' || !NEGOTIATED.has(name))
    .toSorted(compareItems)
    .map(({ kind, name, digest }) => [kind, name, digest]);
  return digestJson(rows);
}

/** The order of items in a lock and in reports: by kind, then by name in UTF-16 code units. */
export function compareItems(a: Pick<ManifestItem, 'kind' | 'name'>, b: Pick<ManifestItem, 'kind' | 'name'>): number {
  return ITEM_KINDS.indexOf(a.kind) - ITEM_KINDS.indexOf(b.kind) || compareText(a.name, b.name);
}

/** All items of a manifest, in order. */
export function itemsOf(manifest: Manifest): readonly ManifestItem[] {
  return ITEM_KINDS.flatMap((kind) => [...(manifest.items.get(kind)?.values() ?? [])].toSorted(compareItems));
}
