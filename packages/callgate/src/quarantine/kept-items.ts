/** The bounds of a quarantine. At each of them the oldest item goes first. */
export interface QuarantineLimits {
  readonly maxItems: number;
  /** Of sealed content. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Why an item is removed. */
export type EvictionReason = 'count' | 'bytes' | 'age';

/** How much a quarantine holds, item by item, the oldest first. */
export class KeptItems {
  readonly #items = new Map<string, { readonly bytes: number; readonly expiresAt: number }>();
  #bytes = 0;

  /** @param bytes of sealed content; 0 of what was released */
  add(id: string, bytes: number, expiresAt: number): void {
    this.#bytes += bytes;
    this.#items.set(id, { bytes, expiresAt });
  }

  remove(id: string): void {
    this.#bytes -= this.#items.get(id)?.bytes ?? 0;
    this.#items.delete(id);
  }

  /** The item is there, and its content is not. */
  empty(id: string): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    this.#bytes -= item.bytes;
    this.#items.set(id, { ...item, bytes: 0 });
  }

  /** The next item to remove, until what has expired is gone and so much more fits. Undefined where nothing has to go. */
  nextToRemove(
    limits: Pick<QuarantineLimits, 'maxItems' | 'maxBytes'>,
    more: { readonly items: number; readonly bytes: number },
    now: number,
  ): { readonly id: string; readonly reason: EvictionReason } | undefined {
    for (const [id, { expiresAt }] of this.#items) if (expiresAt <= now) return { id, reason: 'age' };
    const [oldest] = this.#items.keys();
    if (oldest === undefined) return undefined;
    if (this.#items.size + more.items > limits.maxItems) return { id: oldest, reason: 'count' };
    return this.#bytes + more.bytes > limits.maxBytes ? { id: oldest, reason: 'bytes' } : undefined;
  }
}
