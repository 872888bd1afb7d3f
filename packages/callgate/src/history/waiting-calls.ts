/** How long a call may wait for a place, and how many may wait for the same. */
export interface WaitLimits {
  readonly depth: number;
  readonly waitMs: number;
}

/** Tries again, now: true when it is done waiting, whatever came of it. */
type Retry = () => boolean;

interface Waiting {
  readonly retry: Retry;
  /** Safe to call twice. */
  readonly leave: () => void;
}

/**
 * Calls that wait for a place under a cap of calls under way, by place, first come first served. The first is told in the very turn in which
 * a place comes free, so that nobody who comes later can take it.
 */
export class WaitingCalls {
  readonly #queues = new Map<string, Set<Waiting>>();
  /** Places for which somebody tries right now, and whether another came free meanwhile. */
  readonly #trying = new Map<string, boolean>();

  /**
   * Waits for a place. `retry` is called when one comes free, and `expired` when none did in time; one of them is the last to be called.
   *
   * @returns what gives the waiting up; undefined where so many wait that this one may not
   */
  enter(place: string, limits: WaitLimits, retry: Retry, expired: () => void): (() => void) | undefined {
    const queue = this.#queues.get(place) ?? new Set();
    if (queue.size >= limits.depth) return undefined;
    const leave = (): void => {
      clearTimeout(timer);
      queue.delete(waiting);
      if (queue.size === 0 && this.#queues.get(place) === queue) this.#queues.delete(place);
    };
    const timer = setTimeout(() => {
      leave();
      expired();
    }, limits.waitMs);
    const waiting: Waiting = { retry, leave };
    queue.add(waiting);
    this.#queues.set(place, queue);
    return leave;
  }

  /** A place came free: whoever is first tries, and the next if that one took none. */
  freed(place: string): void {
    if (this.#trying.has(place)) {
      // by what a call does that tries: it is seen to when that one is done
      this.#trying.set(place, true);
      return;
    }
    do {
      this.#trying.set(place, false);
      this.#tryAll(place);
    } while (this.#trying.get(place) === true);
    this.#trying.delete(place);
  }

  #tryAll(place: string): void {
    for (const waiting of this.#queues.get(place) ?? NOBODY) {
      if (!waiting.retry()) return;
      waiting.leave();
    }
  }
}

const NOBODY: readonly never[] = Object.freeze([]);
