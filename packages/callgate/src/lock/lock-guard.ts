import type { Digest, JsonObject, JsonValue } from '@callgate/canonical';
import type { DriftRules, ServerIdentity as SeenByTransport } from '@callgate/policy';
import {
  checkManifest,
  checkPage,
  findTemplates,
  manifestDigest,
  readManifest,
  verdictOf,
  verdictOn,
  type ItemKind,
  type Lock,
  type LockedServer,
  type Manifest,
  type ManifestCheck,
  type ManifestItem,
  type ServerIdentity,
  type Verdict,
} from '@callgate/registry/lock';

import type { LaunchPlace } from '../transport/observe-identity.ts';
import { ListState } from './list-state.ts';
import { KINDS_CHANGED, LISTS } from './lock-methods.ts';
import { seenIdentity } from './seen-identity.ts';

/** What the gate knows when it asks: both can change under a connection. */
export interface LockContext {
  readonly drift: DriftRules;
  readonly identity: SeenByTransport | undefined;
}

/** Makes a guard for a connection to one server. */
export type MakeLockGuard = (server: string) => LockGuard;

/** The guards of the connections of a gate that was given `lock`. */
export function createLockGuards(lock: Lock): MakeLockGuard {
  return (server) => new LockGuard(lock, server);
}

/** Compares everything that one connection's server advertises with what is locked of it. */
export class LockGuard {
  readonly #lock: Lock;
  readonly #server: string;
  readonly #locked: LockedServer | undefined;
  readonly #lists = new Map<ItemKind, ListState>(LISTS.map(({ kind, member }) => [kind, new ListState(kind, member)]));
  readonly #listing = new Map<ItemKind, Promise<void>>();
  #handshake: ReadonlyMap<string, ManifestItem> | undefined;
  /** Who the server was found to be, and what the transport showed then. */
  #found: { readonly shown: SeenByTransport | undefined; readonly identity: ServerIdentity | null } | undefined;
  #last: { readonly check: ManifestCheck; readonly context: LockContext } | undefined;

  constructor(lock: Lock, server: string) {
    this.#lock = lock;
    this.#server = server;
    this.#locked = lock.servers.find(({ name }) => name === server);
  }

  /** Looks at who the server is, before the first message. Until then nothing of it is verified. */
  async prepare(shown: SeenByTransport | undefined, place: LaunchPlace): Promise<void> {
    const identity = await seenIdentity(this.#lock, this.#locked, shown, place);
    this.#found = { shown, identity };
    this.#last = undefined;
  }

  /** Everything that was seen so far, compared with the lock. Remembered until something changes. */
  check(context: LockContext): ManifestCheck {
    const { drift, identity } = context;
    const last = this.#last;
    if (last !== undefined && last.context.drift === drift && last.context.identity === identity) return last.check;
    const found = this.#found?.shown === identity ? (this.#found?.identity ?? null) : null;
    const check = checkManifest(this.#lock, { name: this.#server, identity: found }, this.#manifest(), drift);
    this.#last = { check, context: { drift, identity } };
    return check;
  }

  /** The answer to a handshake. */
  observeHandshake(result: JsonObject): void {
    this.#handshake = readManifest({ handshake: result }).items.get('handshake');
    this.#last = undefined;
  }

  /**
   * One page of a listing.
   *
   * @param cursor the cursor the page was asked for with, undefined for the first page
   * @returns whether the listing is complete with it
   */
  observePage(kind: ItemKind, cursor: JsonValue | undefined, result: JsonObject, context: LockContext): boolean {
    const state = this.#lists.get(kind);
    if (state === undefined) return false;
    const { listing, items } = state.take(cursor, result);
    if (listing.isComplete) {
      this.#last = undefined;
      return true;
    }
    const verdicts = checkPage(this.#lock, this.check(context), kind, items, context.drift);
    for (const [name, verdict] of verdicts) listing.verdicts.set(name, verdict);
    for (const name of listing.repeated) listing.verdicts.set(name, verdictOn(['duplicate'], context.drift));
    return false;
  }

  /** The server said that a list changed. */
  noteChange(method: string): void {
    for (const kind of KINDS_CHANGED.get(method) ?? []) {
      this.#lists.get(kind)?.outdate();
      this.#last = undefined;
    }
  }

  /** Whether the items of a kind have to be listed before anything can be said of the one of this name. */
  needsListing(kind: ItemKind, name: string, context: LockContext): boolean {
    const state = this.#lists.get(kind);
    if (!this.check(context).covers.includes(kind)) return false;
    return state?.current === undefined && state?.underway?.verdicts.has(name) !== true;
  }

  /** Lists a kind by `list`, once for all that wait for it. */
  async listOnce(kind: ItemKind, list: () => Promise<void>): Promise<void> {
    const known = this.#listing.get(kind);
    if (known !== undefined) return known;
    const listing = list().finally(() => this.#listing.delete(kind));
    this.#listing.set(kind, listing);
    return listing;
  }

  /** The verdict of one item: of the whole, and of pages that came since, the stricter. */
  verdictOf(kind: ItemKind, name: string, context: LockContext): Verdict {
    const state = this.#lists.get(kind);
    const shown = state?.underway?.verdicts.get(name);
    const whole = verdictOf(this.check(context), kind, name);
    if (shown === undefined) return whole;
    return state?.current === undefined ? shown : strictest([shown, whole]);
  }

  /** The verdict of a resource: its own where it is listed or locked, else that of the templates that it can come from. */
  verdictOfResource(uri: string, context: LockContext): Verdict {
    const check = this.check(context);
    const isKnown = check.verdicts.get('resource')?.has(uri) === true;
    if (isKnown || !check.covers.includes('resource-template')) return this.verdictOf('resource', uri, context);
    const templates = findTemplates(uri, check.verdicts.get('resource-template')?.keys() ?? []);
    if (templates.length === 0) return this.verdictOf('resource', uri, context);
    return strictest(templates.map((name) => this.verdictOf('resource-template', name, context)));
  }

  /** The verdict of the server itself: whether it is who it was, and neither it nor all that it advertises is revoked. */
  verdictOfServer(context: LockContext): Verdict {
    const { serverDrifts } = this.check(context);
    return verdictOn(
      serverDrifts.map((drift) => drift.class),
      context.drift,
    );
  }

  #manifest(): Manifest {
    const items = new Map<ItemKind, ReadonlyMap<string, ManifestItem>>();
    const problems = [];
    if (this.#handshake !== undefined) items.set('handshake', this.#handshake);
    for (const [kind, state] of this.#lists) {
      const listing = state.current;
      if (listing === undefined) continue;
      items.set(kind, listing.items);
      problems.push(...state.problemsOf(listing));
    }
    return { items, problems, digest: digestOf(items) };
  }
}

function digestOf(items: Manifest['items']): Digest {
  return manifestDigest(Array.from(items.values(), (ofKind) => Array.from(ofKind.values())).flat());
}

function strictest(verdicts: readonly Verdict[]): Verdict {
  const strength = ({ list, call }: Verdict): number =>
    list === 'withhold' ? 3 : call === 'deny' ? 2 : call === 'hold' ? 1 : 0;
  const [first, ...rest] = verdicts;
  if (first === undefined) return { list: 'withhold', call: 'deny', classes: [] };
  return rest.reduce((one, other) => (strength(other) > strength(one) ? other : one), first);
}
