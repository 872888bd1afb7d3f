import { digest, type Clock, type JsonObject, type JsonValue } from '@callgate/canonical';

import { ownerOf, type Actor } from '../actor.ts';
import { randomIds } from '../system.ts';
import { QuarantineError } from './errors.ts';
import { KeptItems, type EvictionReason, type QuarantineLimits } from './kept-items.ts';
import type { PurgeOptions, QuarantineControl, ReleasedItem, RevealedItem } from './quarantine-control.ts';
import { isQuarantineId, type QuarantineEntry, type QuarantinedItem } from './quarantined-item.ts';
import type { QuarantineKey } from './quarantine-key.ts';
import { assertReleaseOptions, type ReleaseOptions } from './release-options.ts';
import { SEAL_OVERHEAD, openContent, sealContent } from './seal-item.ts';
import { SerialWork } from './serial-work.ts';
import type { QuarantineStore, SealedItem } from './store.ts';
import { timely } from './timely.ts';

/** What a quarantine tells whoever has it. */
export interface QuarantineHooks {
  /** Makes a record durable. Where it rejects, nothing is handed out or purged. */
  recordFirst(detail: JsonObject, signal?: AbortSignal): Promise<void>;
  /** An item was removed to stay within a bound. */
  evicted(id: string, reason: EvictionReason): void;
  released(item: QuarantinedItem, by: string): void;
  /** Something that nobody waits for failed. */
  failed(error: unknown): void;
}

/** What is to be kept. */
export interface WithheldContent extends Omit<
  QuarantinedItem,
  'id' | 'principal' | 'run' | 'storedAt' | 'expiresAt' | 'digest' | 'bytes' | 'key'
> {
  readonly actor: Actor;
  /** RFC 8785 text, as it came. */
  readonly text: string;
}

/** How many ids a record of a purge names. */
const RECORDED_IDS = 100;

/** A quarantine over a store: it seals, binds to whose call it was, bounds, and hands out once. */
export class Quarantine implements QuarantineControl {
  readonly #store: QuarantineStore;
  readonly #key: QuarantineKey;
  readonly #limits: QuarantineLimits;
  readonly #clock: Clock;
  readonly #hooks: QuarantineHooks;
  readonly #ids = randomIds('qtn_');
  readonly #kept = new KeptItems();
  readonly #serial = new SerialWork();

  constructor(parts: {
    readonly store: QuarantineStore;
    readonly key: QuarantineKey;
    readonly limits: QuarantineLimits;
    readonly clock: Clock;
    readonly hooks: QuarantineHooks;
  }) {
    this.#store = parts.store;
    this.#key = parts.key;
    this.#limits = parts.limits;
    this.#clock = parts.clock;
    this.#hooks = parts.hooks;
  }

  /** Whether anything is kept at all. */
  get isKeeping(): boolean {
    return this.#limits.maxItems > 0;
  }

  /** Takes what the store already has under the bounds. */
  async load(): Promise<void> {
    const entries = (await this.#store.list()).toSorted((one, other) => one.storedAt - other.storedAt);
    for (const { id, state, bytes, expiresAt } of entries)
      this.#kept.add(id, state === 'held' ? bytes + SEAL_OVERHEAD : 0, expiresAt);
    await this.#makeRoom(0, 0);
  }

  /**
   * Keeps something, and makes room for it where the bounds say so.
   *
   * @throws {QuarantineError} `CALLGATE_QUARANTINE_FULL` where it alone is larger than the bound
   * @throws what the store throws
   */
  keep(withheld: WithheldContent): Promise<QuarantinedItem> {
    const { actor, text, ...about } = withheld;
    const content = Buffer.from(text, 'utf8');
    const storedAt = this.#clock.now();
    const item: QuarantinedItem = {
      ...about,
      id: this.#ids(),
      run: actor.run ?? null,
      principal: actor.principal,
      storedAt,
      expiresAt: storedAt + this.#limits.maxAgeMs,
      digest: digest(text),
      bytes: content.byteLength,
      key: this.#key.fingerprint,
    };
    return this.#serial.run(async () => {
      const bytes = item.bytes + SEAL_OVERHEAD;
      if (bytes > this.#limits.maxBytes) throw full(item.bytes, this.#limits.maxBytes);
      await this.#makeRoom(1, bytes);
      await this.#put({ item, sealed: sealContent(item, content, this.#key) });
      this.#kept.add(item.id, bytes, item.expiresAt);
      return item;
    });
  }

  async list(signal?: AbortSignal): Promise<readonly QuarantineEntry[]> {
    signal?.throwIfAborted();
    await this.#serial.run(() => this.#makeRoom(0, 0));
    const now = this.#clock.now();
    return (await this.#store.list(signal)).filter(({ expiresAt }) => expiresAt > now);
  }

  async get(id: string, signal?: AbortSignal): Promise<QuarantineEntry | undefined> {
    return (await this.list(signal)).find((entry) => entry.id === id);
  }

  /**
   * The content of an item for a call of the run and the principal that it was withheld from. Undefined for anybody else, as for
   * what is not there: nobody learns which.
   *
   * @throws {QuarantineError} `CALLGATE_QUARANTINE_KEY_OTHER`, `CALLGATE_QUARANTINE_BROKEN`
   */
  async contentFor(id: string, actor: Actor): Promise<RevealedItem | undefined> {
    if (!isQuarantineId(id)) return undefined;
    const kept = await timely((signal) => this.#store.read(id, signal));
    if (kept === undefined || kept.item.id !== id || kept.item.expiresAt <= this.#clock.now()) return undefined;
    const { item, sealed } = kept;
    // Before it opens, what is said of it is only said; it can but deny here, and opening proves it.
    const isOwn =
      item.run === (actor.run ?? null) && ownerOf({ ...actor, principal: item.principal }) === ownerOf(actor);
    return isOwn ? { item, content: parseContent(openContent(item, sealed, this.#key)) } : undefined;
  }

  async release(id: string, options: ReleaseOptions, signal?: AbortSignal): Promise<ReleasedItem> {
    const { by, reason } = assertReleaseOptions(options);
    const { item, content } = await this.reveal(id, signal);
    signal?.throwIfAborted();
    if (!(await this.#store.claim(id))) throw await this.#absent(id);
    const { server, tool, request } = item;
    try {
      const detail = { action: 'released', id, by, reason, server, tool, request, digest: item.digest };
      await this.#hooks.recordFirst(detail, signal);
    } catch (error) {
      await this.#store.unclaim(id);
      throw error;
    }
    const isErased = await this.#forget(id);
    this.#hooks.released(item, by);
    return { item, content, isErased };
  }

  /**
   * The content of an item that is held, left where it is. For a person with the key; gates do not offer it.
   *
   * @throws {QuarantineError} as {@link release}
   */
  async reveal(id: string, signal?: AbortSignal): Promise<RevealedItem> {
    if (!isQuarantineId(id)) throw unknown();
    const kept = await this.#store.read(id, signal);
    if (kept === undefined) throw await this.#absent(id);
    const { item, sealed } = kept;
    if (item.id !== id)
      throw new QuarantineError('CALLGATE_QUARANTINE_BROKEN', `\`${id}\` was changed, swapped or cut`);
    const content = parseContent(openContent(item, sealed, this.#key));
    if (item.expiresAt <= this.#clock.now()) throw unknown();
    return { item, content };
  }

  async purge(options: PurgeOptions, signal?: AbortSignal): Promise<number> {
    const before = cutoff(options, this.#clock.now());
    signal?.throwIfAborted();
    const ids = (await this.#store.list(signal)).filter(({ storedAt }) => storedAt <= before).map(({ id }) => id);
    if (ids.length === 0) return 0;
    await this.#hooks.recordFirst({ action: 'purged', items: ids.length, ids: ids.slice(0, RECORDED_IDS) }, signal);
    for (const id of ids) await this.#remove(id);
    return ids.length;
  }

  async #put(item: SealedItem): Promise<void> {
    let putting: void | Promise<void> = undefined;
    try {
      await timely((signal) => (putting = this.#store.put(item, signal)));
    } catch (error) {
      // What arrives after all is nobody's.
      Promise.resolve(putting)
        .then(() => this.#store.remove(item.item.id))
        .catch(() => undefined);
      throw error;
    }
  }

  /** Removes what has expired, then the oldest until so much more fits. */
  async #makeRoom(items: number, bytes: number): Promise<void> {
    const now = this.#clock.now();
    for (;;) {
      const next = this.#kept.nextToRemove(this.#limits, { items, bytes }, now);
      if (next === undefined) return;
      await this.#remove(next.id);
      this.#hooks.evicted(next.id, next.reason);
    }
  }

  async #remove(id: string): Promise<void> {
    await this.#store.remove(id);
    this.#kept.remove(id);
  }

  async #forget(id: string): Promise<boolean> {
    try {
      await this.#store.forget(id);
      this.#kept.empty(id);
      return true;
    } catch (error) {
      // It is claimed, so nobody gets it again; that its content still lies there has to be heard of.
      this.#hooks.failed(error);
      return false;
    }
  }

  async #absent(id: string): Promise<QuarantineError> {
    const entry = await this.get(id);
    if (entry?.state !== 'released') return unknown();
    return new QuarantineError(
      'CALLGATE_QUARANTINE_RELEASED',
      `\`${id}\` was released before; what is released goes out once`,
    );
  }
}

function cutoff(options: PurgeOptions, now: number): number {
  if ('all' in options && options.all) return Number.POSITIVE_INFINITY;
  const { olderThanMs } = options as { readonly olderThanMs?: unknown };
  if (typeof olderThanMs !== 'number' || !(olderThanMs >= 0))
    throw new TypeError('options: expected `{ all: true }` or `{ olderThanMs }`, 0 or more');
  return now - olderThanMs;
}

function parseContent(content: Uint8Array): JsonValue {
  return JSON.parse(Buffer.from(content).toString('utf8')) as JsonValue;
}

function unknown(): QuarantineError {
  return new QuarantineError(
    'CALLGATE_QUARANTINE_UNKNOWN',
    'expected the id of something in quarantine, got one of nothing',
  );
}

function full(bytes: number, maxBytes: number): QuarantineError {
  return new QuarantineError(
    'CALLGATE_QUARANTINE_FULL',
    `expected an answer that fits the quarantine's ${maxBytes} bytes, got one of ${bytes}`,
  );
}
