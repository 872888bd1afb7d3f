/** Requests that may wait for their outcome at a time; the oldest is forgotten beyond it. */
export const MAX_OPEN_REQUESTS = 100_000;

/** What is known of requests until their outcome comes: logs name the request in both, and say the rest once. Bounded. */
export class OpenRequests<T extends object | true> {
  /** How many were forgotten, because more than {@link MAX_OPEN_REQUESTS} were open. */
  forgotten = 0;
  readonly #open = new Map<string, T>();

  /** Those that wait, the oldest first. */
  get all(): Iterable<T> {
    return this.#open.values();
  }

  /** Gives what had to be forgotten for it. */
  add(request: string, about: T): T | undefined {
    this.#open.set(request, about);
    if (this.#open.size <= MAX_OPEN_REQUESTS) return undefined;
    const [oldest] = this.#open;
    if (oldest === undefined) return undefined;
    this.#open.delete(oldest[0]);
    this.forgotten += 1;
    return oldest[1];
  }

  get(request: string): T | undefined {
    return this.#open.get(request);
  }

  has(request: string): boolean {
    return this.#open.has(request);
  }

  /** What is known of a request, which then is not open any more. */
  take(request: string): T | undefined {
    const about = this.#open.get(request);
    if (about !== undefined) this.#open.delete(request);
    return about;
  }
}
