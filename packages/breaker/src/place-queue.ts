/** A call that waits until others have ended. */
export interface Waiter {
  /** Tries again at once. What it is still refused by, or undefined when it needs to wait no longer. */
  readonly tryAgain: () => readonly PlaceCap[] | undefined;
  readonly caps: Set<PlaceCap>;
}

/** One control and key that bounds the calls under way, by name. */
export type PlaceCap = string;

/**
 * Who waits for a place, in order of arrival.
 *
 * A waiter waits at every cap that refuses it. When a place comes free, those who wait there try again one after another, before anybody
 * else can: whoever still is refused, by another cap, keeps its turn.
 */
export class PlaceQueues {
  readonly #byCap = new Map<PlaceCap, Waiter[]>();
  /** Caps at which a place came free, not offered yet. */
  readonly #freed = new Set<PlaceCap>();
  #isOffering = false;

  get isEmpty(): boolean {
    return this.#byCap.size === 0;
  }

  /** How many wait at a cap. */
  depthOf(cap: PlaceCap): number {
    return this.#byCap.get(cap)?.length ?? 0;
  }

  /** Waits at the caps, after all who do. */
  join(waiter: Waiter, caps: readonly PlaceCap[]): void {
    for (const cap of caps) {
      if (waiter.caps.has(cap)) continue;
      waiter.caps.add(cap);
      const waiters = this.#byCap.get(cap);
      if (waiters === undefined) this.#byCap.set(cap, [waiter]);
      else waiters.push(waiter);
    }
  }

  /** Waits no longer. Safe to call again. */
  leave(waiter: Waiter): void {
    for (const cap of waiter.caps) {
      const waiters = this.#byCap.get(cap)?.filter((other) => other !== waiter) ?? [];
      if (waiters.length === 0) this.#byCap.delete(cap);
      else this.#byCap.set(cap, waiters);
    }
    waiter.caps.clear();
  }

  /**
   * A place came free: all who wait there try again, in order.
   *
   * @throws whatever a waiter throws, after all have tried; it waits no longer
   */
  offer(caps: readonly PlaceCap[]): void {
    for (const cap of caps) if (this.#byCap.has(cap)) this.#freed.add(cap);
    // A waiter that frees a place while it tries again is heard after it.
    if (this.#isOffering) return;
    const errors: unknown[] = [];
    this.#isOffering = true;
    for (const cap of this.#freed) {
      this.#freed.delete(cap);
      for (const waiter of this.#byCap.get(cap) ?? []) this.#try(waiter, errors);
    }
    this.#isOffering = false;
    if (errors.length > 0) throw errors[0];
  }

  #try(waiter: Waiter, errors: unknown[]): void {
    // Left while another tried.
    if (waiter.caps.size === 0) return;
    try {
      const caps = waiter.tryAgain();
      if (caps === undefined) this.leave(waiter);
      else this.join(waiter, caps);
    } catch (error) {
      this.leave(waiter);
      errors.push(error);
    }
  }
}
