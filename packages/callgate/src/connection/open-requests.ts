import type { RequestId } from '../wire.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Exchange } from './exchange.ts';

const MAX_TOMBSTONES = 1_024;
const MAX_KEPT_TOKENS = 1_024;

/**
 * The client's open requests on one connection, by id and by progress token. Ids are compared with their type: SDKs
 * compare `Number(id)`, so that a server could answer request 1 as `"1"` past an inspector that does not.
 */
export class OpenRequests {
  readonly #byId = new Map<RequestId, Exchange>();
  readonly #byToken = new Map<RequestId, Exchange>();
  /** Ids that are done, oldest first: their further answers are late, not forged. */
  readonly #tombstones = new BoundedMap<RequestId, true>(MAX_TOMBSTONES);
  /** Progress tokens of calls that became tasks: progress goes on after the first answer. */
  readonly #keptTokens = new BoundedMap<RequestId, true>(MAX_KEPT_TOKENS);

  get size(): number {
    return this.#byId.size;
  }

  get(id: RequestId): Exchange | undefined {
    return this.#byId.get(id);
  }

  byProgressToken(token: RequestId): Exchange | undefined {
    return this.#byToken.get(token);
  }

  isTaskToken(token: RequestId): boolean {
    return this.#keptTokens.has(token);
  }

  /** Whether `id` was used and is done. */
  isDone(id: RequestId): boolean {
    return this.#tombstones.has(id);
  }

  add(exchange: Exchange): void {
    this.#byId.set(exchange.id, exchange);
    if (exchange.progressToken !== undefined) this.#byToken.set(exchange.progressToken, exchange);
  }

  /** Marks an exchange done and forgets it; answers to it are late from now on. */
  finish(exchange: Exchange): void {
    exchange.phase = 'done';
    this.#byId.delete(exchange.id);
    if (exchange.progressToken !== undefined && this.#byToken.get(exchange.progressToken) === exchange) {
      this.#byToken.delete(exchange.progressToken);
    }
    this.#tombstones.set(exchange.id, true);
  }

  keepTaskToken(token: RequestId): void {
    this.#keptTokens.set(token, true);
  }

  values(): IterableIterator<Exchange> {
    return this.#byId.values();
  }

  /** All that are open now; safe to walk while they finish. */
  snapshot(): readonly Exchange[] {
    return Array.from(this.#byId.values());
  }
}
