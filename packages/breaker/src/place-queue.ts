/** A call that waits until others have ended. */
export interface Waiter {
  /** Tries again at once. What it is still refused by, or undefined when it needs to wait no longer. */
  readonly tryAgain: () => readonly Refusing[] | undefined;
  readonly caps: Set<PlaceCap>;
}

/** A cap that refuses a waiter. */
export interface Refusing {
  readonly cap: PlaceCap;
  /** Whether it has no place left for anybody; if not, the waiter costs too much for those that are left. */
  readonly isFull: boolean;
}

const NOBODY: readonly never[] = Object.freeze([]);

/** One control and key that bounds the calls under way, by name. */
export type PlaceCap = string;

/**
 * Who waits for a place, in order of arrival.
 *
 * A waiter waits at every cap that refuses it. When a place comes free, those who wait there try again one after another, before anybody
 * else can, until that cap is full again: no place is left for those behind. Whoever is still refused keeps its turn.
 */
export class PlaceQueues {
  readonly #byCap = new Map<PlaceCap, Set<Waiter>>();
  /** Caps at which a place came free, not offered yet. */
  readonly #freed = new Set<PlaceCap>();
  #isOffering = false;

  get isEmpty(): boolean {
    return this.#byCap.size === 0;
  }

  /** How many wait at a cap. */
  depthOf(cap: PlaceCap): number {
    return this.#byCap.get(cap)?.size ?? 0;
  }

  /** Waits at the caps, after all who do. */
  join(waiter: Waiter, caps: readonly PlaceCap[]): void {
    for (const cap of caps) this.#joinAt(waiter, cap);
  }

  #joinAt(waiter: Waiter, cap: PlaceCap): void {
    if (waiter.caps.has(cap)) return;
    waiter.caps.add(cap);
    const waiters = this.#byCap.get(cap);
    if (waiters === undefined) this.#byCap.set(cap, new Set([waiter]));
    else waiters.add(waiter);
  }

  /** Waits no longer. Safe to call again. */
  leave(waiter: Waiter): void {
    for (const cap of waiter.caps) {
      const waiters = this.#byCap.get(cap);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.#byCap.delete(cap);
    }
    waiter.caps.clear();
  }

  /**
   * A place came free: those who wait there try again, in order.
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
      this.#offerAt(cap, errors);
    }
    this.#isOffering = false;
    if (errors.length > 0) throw errors[0];
  }

  #offerAt(cap: PlaceCap, errors: unknown[]): void {
    for (const waiter of this.#byCap.get(cap) ?? NOBODY) {
      if (this.#try(waiter, errors).some((refusing) => refusing.isFull && refusing.cap === cap)) return;
    }
  }

  /** What it is still refused by; nothing when it waits no longer. */
  #try(waiter: Waiter, errors: unknown[]): readonly Refusing[] {
    let refusing: readonly Refusing[] | undefined;
    try {
      refusing = waiter.tryAgain();
    } catch (error) {
      errors.push(error);
    }
    if (refusing === undefined) this.leave(waiter);
    else for (const { cap } of refusing) this.#joinAt(waiter, cap);
    return refusing ?? NOBODY;
  }
}
