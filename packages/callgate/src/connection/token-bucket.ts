/** A token bucket (ITU-T I.371 GCRA in its token form) over an injected time: bounds how much a server may send unasked. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #tokens: number;
  #updatedMs: number;

  constructor(capacity: number, perSecond: number, nowMs: number) {
    this.#capacity = capacity;
    this.#perMs = perSecond / 1000;
    this.#tokens = capacity;
    this.#updatedMs = nowMs;
  }

  /** Takes one token; false where there is none. */
  take(nowMs: number): boolean {
    const grown = this.#tokens + Math.max(0, nowMs - this.#updatedMs) * this.#perMs;
    this.#tokens = Math.min(this.#capacity, grown);
    this.#updatedMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
