/*
 * The contract with a gate.
 *
 * 1. When a server is connected, and after each complete listing (all pages as one: `readManifest`), the gate calls
 *    `checkManifest(lock, { name, identity }, manifest, policy)` and keeps the answer until the next one. It is pure; its cost is one
 *    comparison of digests an item, and a classification of those that differ.
 * 2. A listing is passed on without the items whose verdict says `list: 'withhold'`. A page is passed on as it comes, by `checkPage`; an
 *    item that a later page names again, otherwise, is a duplicate from there on, and denied.
 * 3. A call goes ahead, is held or is denied (`manifest.drifted`) as the verdict of its tool says, beside what policy decides: the
 *    stricter of the two wins. The same with `prompts/get`, `resources/read` and members of the handshake, such as `instructions`.
 * 4. What has no verdict is what nobody listed: `verdictOf` withholds and denies it, unless the lock does not cover its kind.
 * 5. A notification that a list changed ends the verdicts of that list: until it was listed again the gate checks a manifest without
 *    it, whose pinned items are `unseen` (denied, unless the policy chooses otherwise); it lists by itself before it says so of a call.
 *    So a change between list and call is caught.
 * 6. Every item with drifts is a record, whatever was chosen about it.
 */
import type { ServerIdentity } from '../identity/identity.ts';
import type { Lock } from '../lock/lock.ts';
import { ITEM_KINDS, type ItemKind, type Manifest } from '../manifest/manifest.ts';
import { compareAll, type ComparedItem } from './compare-items.ts';
import type { Drift } from './drift.ts';
import type { DriftClass, DriftPolicy } from './drift-class.ts';
import { serverDrifts } from './server-drift.ts';
import { verdictOn, type Verdict } from './verdict.ts';

/** A server as it was met. */
export interface SeenServer {
  /** As the policy and the lock have it. */
  readonly name: string;
  /** Null: nothing is known of it, and so nothing of what is pinned is verified. */
  readonly identity: ServerIdentity | null;
}

/** One item, and what listing it and calling it come to. */
export interface CheckedItem extends ComparedItem {
  readonly verdict: Verdict;
}

/** What a manifest comes to. */
export interface ManifestCheck {
  readonly server: string;
  /** Whether the lock has the server. */
  readonly isLocked: boolean;
  /** Whether the server and all of its items are what was approved. */
  readonly isClean: boolean;
  /** Of the server itself. They are part of the verdict of each of its items. */
  readonly serverDrifts: readonly Drift[];
  /** The kinds that the lock has something to say of: those that it covers; all where it does not have the server. */
  readonly covers: readonly ItemKind[];
  /** The verdict of what is of any other kind: it is about the server alone. */
  readonly uncovered: Verdict;
  /** Pinned, seen or both; in the order of kinds and names. */
  readonly items: readonly CheckedItem[];
  /** The verdict of each item, by kind and name; ask {@link verdictOf}. */
  readonly verdicts: ReadonlyMap<ItemKind, ReadonlyMap<string, Verdict>>;
  /** The verdict of each tool, by name. */
  readonly tools: ReadonlyMap<string, Verdict>;
}

/** Drifts of the handshake whose choice is about all that the server offers: there is nothing to withhold alone. */
const ABOUT_THE_SERVER: ReadonlySet<DriftClass> = new Set([
  'capabilities-changed',
  'identity-changed',
  'protocol-changed',
  'server-info-changed',
]);

/**
 * Compares what a server advertises with what is pinned of it. Pure; the order of the lists never matters.
 *
 * @param policy what to do about each class of drift; a class that is left out has its default
 */
export function checkManifest(
  lock: Lock,
  server: SeenServer,
  manifest: Manifest,
  policy: DriftPolicy = {},
): ManifestCheck {
  const locked = lock.servers.find(({ name }) => name === server.name);
  const revoked = new Set(lock.revoked.map(({ digest }) => digest));
  const ofServer = serverDrifts(locked, server.identity, manifest, revoked);
  const compared = compareAll(locked, manifest, revoked);
  const shared = [...ofServer, ...handshakeDrifts(compared)].map((drift) => drift.class);
  const items = compared.map((item) => ({ ...item, verdict: verdictOfItem(item, shared, policy) }));
  const verdicts = new Map(ITEM_KINDS.map((kind) => [kind, verdictsOf(items, kind)]));
  return {
    server: server.name,
    isLocked: locked !== undefined,
    isClean: locked !== undefined && ofServer.length === 0 && compared.every(({ drifts }) => drifts.length === 0),
    serverDrifts: ofServer,
    covers: locked?.covers ?? ITEM_KINDS,
    uncovered: verdictOn(shared, policy),
    items,
    verdicts,
    tools: verdicts.get('tool') ?? new Map<string, Verdict>(),
  };
}

function verdictsOf(items: readonly CheckedItem[], kind: ItemKind): ReadonlyMap<string, Verdict> {
  return new Map(items.filter((item) => item.kind === kind).map(({ name, verdict }) => [name, verdict]));
}

function handshakeDrifts(items: readonly ComparedItem[]): readonly Drift[] {
  return items
    .filter(({ kind }) => kind === 'handshake')
    .flatMap(({ drifts }) => drifts)
    .filter((drift) => ABOUT_THE_SERVER.has(drift.class));
}

function verdictOfItem(item: ComparedItem, shared: readonly DriftClass[], policy: DriftPolicy): Verdict {
  return verdictOn([...item.drifts.map((drift) => drift.class), ...shared], policy);
}

/**
 * The verdict of one item. What was neither pinned nor seen is withheld, whatever the policy says; of a kind that the lock does not
 * cover, only the server itself matters.
 */
export function verdictOf(check: ManifestCheck, kind: ItemKind, name: string): Verdict {
  if (!check.covers.includes(kind)) return check.uncovered;
  return check.verdicts.get(kind)?.get(name) ?? { list: 'withhold', call: 'deny', classes: ['added'] };
}
