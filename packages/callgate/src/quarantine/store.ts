import type { QuarantineEntry, QuarantinedItem } from './quarantined-item.ts';

/** Sealed content with what is said of it in the clear. */
export interface SealedItem {
  readonly item: QuarantinedItem;
  readonly sealed: Uint8Array;
}

/**
 * Where a quarantine keeps what it sealed. A store sees no content and decides nothing: bounds, keys, owners and expiry are the
 * quarantine's. What is not kept must be told by throwing or rejecting. May answer at once or later.
 */
export interface QuarantineStore {
  /** Keeps a new item as a whole or not at all. */
  put(item: SealedItem, signal?: AbortSignal): void | Promise<void>;
  /** An item that is held; undefined where there is none, or it was claimed. */
  read(id: string, signal?: AbortSignal): SealedItem | undefined | Promise<SealedItem | undefined>;
  /** All items, held and released. */
  list(signal?: AbortSignal): readonly QuarantineEntry[] | Promise<readonly QuarantineEntry[]>;
  /** Takes a held item for whoever asks first: true for one caller only, in any process. From then on it is not read any more. */
  claim(id: string): boolean | Promise<boolean>;
  /** Takes a claim back, where the item was not handed out after all. */
  unclaim(id: string): void | Promise<void>;
  /** Forgets the content of a claimed item. What is said of it stays. */
  forget(id: string): void | Promise<void>;
  /** Removes an item whatever its state; nothing happens where there is none. */
  remove(id: string): void | Promise<void>;
}
