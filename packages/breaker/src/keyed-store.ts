import type { Instant } from '@callgate/canonical';

/** One key and what is kept under it. */
export interface Slot<Cell> {
  readonly key: string;
  readonly cell: Cell;
  /** The greatest time it has seen. Set by its store only. */
  seenAt: Instant;
  /** Reservations that are not settled; while there are any, it is kept. */
  reservations: number;
  /** Whether the cell says anything of calls under its key, as of its last change. Set by its store only. */
  speaks: boolean;
}

interface Node<Cell> extends Slot<Cell> {
  queue: Queue<Cell> | undefined;
  /** The queue that it was in last: most often it comes back. */
  home: Queue<Cell> | undefined;
  previous: Node<Cell> | undefined;
  next: Node<Cell> | undefined;
}

/** Slots that stay for the same time after their last change, the oldest first. */
interface Queue<Cell> {
  readonly ttlMs: number;
  first: Node<Cell> | undefined;
  last: Node<Cell> | undefined;
  isForgotten: boolean;
}

/** How long after its last change a cell says something, milliseconds. */
export type TtlOf<Cell> = (cell: Cell) => number;

/** How many slots may be put right for one that is evicted, after a policy has changed how long they stay. */
const MAX_MOVED = 16;

/**
 * Cells by key, at most `maxKeys`.
 *
 * A full store makes room by dropping the cell nearest its expiry, if that has expired: then it says the same as no cell. What still says
 * something is never dropped. Slots wait in one queue for each time to live, in order of their last change, so that finding the one to
 * drop takes a look at the head of each, however many keys there are. Slots with reservations are in no queue.
 *
 * Measured (test/bench/history.ts): a call that evicts takes 2.2 µs at 10,000 keys, 2.8 µs at 100,000 and 3.5 µs at 1,000,000.
 */
export class KeyedStore<Cell> {
  readonly #slots = new Map<string, Node<Cell>>();
  readonly #queues = new Map<number, Queue<Cell>>();
  readonly #maxKeys: number;
  #speaking = 0;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  /** How many slots say anything of calls under their keys. */
  get speaking(): number {
    return this.#speaking;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: string): Slot<Cell> | undefined {
    return this.#slots.get(key);
  }

  /** How long the slot stays, milliseconds; undefined while it has reservations. */
  ttlMsOf(slot: Slot<Cell>): number | undefined {
    return (slot as Node<Cell>).queue?.ttlMs;
  }

  slots(): IterableIterator<Slot<Cell>> {
    return this.#slots.values();
  }

  /** Whether `count` new keys fit, given what may be dropped: what has expired but for `kept`. */
  hasRoom(count: number, kept: ReadonlySet<string>, now: Instant, ttlOf: TtlOf<Cell>): boolean {
    let missing = this.#slots.size + count - this.#maxKeys;
    if (missing <= 0) return true;
    for (const queue of this.#queues.values()) {
      for (let node = queue.first; node !== undefined && hasExpired(node, now, ttlOf); node = node.next) {
        if (!kept.has(node.key)) missing -= 1;
        if (missing === 0) return true;
      }
    }
    return false;
  }

  /** A new slot with one reservation. {@link hasRoom} comes first: where it was not asked, the store grows beyond its bound. */
  add(key: string, cell: Cell, now: Instant, ttlOf: TtlOf<Cell>): Slot<Cell> {
    if (this.#slots.size >= this.#maxKeys) this.#dropExpired(now, ttlOf);
    const node = nodeOf(key, cell, now);
    node.reservations = 1;
    this.#slots.set(key, node);
    return node;
  }

  /** A slot as it was in a snapshot. They come in the order of `seenAt`. */
  restore(key: string, cell: Cell, seenAt: Instant, ttlMs: number, speaks: boolean): void {
    const node = nodeOf(key, cell, seenAt);
    this.#slots.set(key, node);
    this.#setSpeaks(node, speaks);
    this.#enqueue(node, ttlMs);
  }

  /** Keeps the slot until {@link unpin} is called as often. */
  pin(slot: Slot<Cell>, now: Instant): void {
    if (slot.reservations === 0) dequeue(slot as Node<Cell>);
    slot.reservations += 1;
    this.see(slot, now);
  }

  /** Moves its time on, never back. */
  see(slot: Slot<Cell>, now: Instant): void {
    if (now > slot.seenAt) slot.seenAt = now;
  }

  /** The counterpart of {@link pin} and {@link add}, after the cell's last change. */
  unpin(slot: Slot<Cell>, ttlMs: number, speaks: boolean): void {
    if (slot.speaks !== speaks) this.#setSpeaks(slot, speaks);
    slot.reservations -= 1;
    if (slot.reservations > 0) return;
    if (ttlMs > 0) this.#enqueue(slot as Node<Cell>, ttlMs);
    else this.#delete(slot);
  }

  /** Drops whatever has expired, as far as the queues are in order. Whether nothing is left. */
  isSpent(now: Instant, ttlOf: TtlOf<Cell>): boolean {
    for (const queue of this.#queues.values()) {
      while (queue.first !== undefined && hasExpired(queue.first, now, ttlOf)) this.#drop(queue.first);
    }
    return this.#slots.size === 0;
  }

  #dropExpired(now: Instant, ttlOf: TtlOf<Cell>): void {
    let moved = 0;
    for (const queue of this.#queues.values()) {
      while (queue.first !== undefined && queue.first.seenAt + queue.ttlMs <= now) {
        const { first } = queue;
        if (hasExpired(first, now, ttlOf)) {
          this.#drop(first);
          return;
        }
        if (moved === MAX_MOVED) return;
        moved += 1;
        dequeue(first);
        this.#enqueue(first, ttlOf(first.cell));
      }
    }
  }

  #drop(node: Node<Cell>): void {
    dequeue(node);
    this.#delete(node);
  }

  #delete(slot: Slot<Cell>): void {
    if (slot.speaks) this.#setSpeaks(slot, false);
    this.#slots.delete(slot.key);
  }

  #setSpeaks(slot: Slot<Cell>, speaks: boolean): void {
    if (slot.speaks !== speaks) this.#speaking += speaks ? 1 : -1;
    slot.speaks = speaks;
  }

  #enqueue(node: Node<Cell>, ttlMs: number): void {
    const { home } = node;
    const queue = home?.ttlMs === ttlMs && !home.isForgotten ? home : this.#queueOf(ttlMs);
    node.queue = queue;
    node.home = queue;
    node.previous = queue.last;
    if (queue.last === undefined) queue.first = node;
    else queue.last.next = node;
    queue.last = node;
  }

  #queueOf(ttlMs: number): Queue<Cell> {
    const known = this.#queues.get(ttlMs);
    if (known !== undefined) return known;
    this.#forgetEmptyQueues();
    const queue: Queue<Cell> = { ttlMs, first: undefined, last: undefined, isForgotten: false };
    this.#queues.set(ttlMs, queue);
    return queue;
  }

  #forgetEmptyQueues(): void {
    for (const [ttlMs, queue] of this.#queues) {
      if (queue.first !== undefined) continue;
      queue.isForgotten = true;
      this.#queues.delete(ttlMs);
    }
  }
}

function nodeOf<Cell>(key: string, cell: Cell, seenAt: Instant): Node<Cell> {
  return {
    key,
    cell,
    seenAt,
    reservations: 0,
    speaks: false,
    queue: undefined,
    home: undefined,
    previous: undefined,
    next: undefined,
  };
}

/** By the time it was queued for, and by what holds now. */
function hasExpired<Cell>(node: Node<Cell>, now: Instant, ttlOf: TtlOf<Cell>): boolean {
  return node.queue !== undefined && node.seenAt + node.queue.ttlMs <= now && node.seenAt + ttlOf(node.cell) <= now;
}

function dequeue<Cell>(node: Node<Cell>): void {
  const { queue, previous, next } = node;
  if (queue === undefined) return;
  if (previous === undefined) queue.first = next;
  else previous.next = next;
  if (next === undefined) queue.last = previous;
  else next.previous = previous;
  node.queue = undefined;
  node.previous = undefined;
  node.next = undefined;
}
