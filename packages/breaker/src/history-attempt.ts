import { deepFreeze, type Instant } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict } from '@callgate/policy';

import { Ahead } from './ahead.ts';
import type { Attempt, HistoryChange, Waiting } from './attempt.ts';
import { createCallFacts, type CallFacts, type KnownArguments } from './call-facts.ts';
import type { CallOutcome } from './call-outcome.ts';
import type { Charge } from './charge.ts';
import { AttemptError } from './errors.ts';
import type { HistoryCore } from './history-core.ts';
import type { KeyedStore, Slot } from './keyed-store.ts';
import type { PlaceCap, Refusing, Waiter } from './place-queue.ts';
import { ALLOW, type CellChange, type Held } from './reducer.ts';
import type { Space } from './space.ts';

type State = 'judging' | 'reserved' | 'ended';

/** A verdict that charges nothing: the call could not be judged. */
interface Failure {
  readonly control: Control;
  readonly call: ControlledCall;
  readonly verdict: ControlVerdict;
}

/** A cap with a queue that refuses the call. */
interface CapLacking extends Refusing {
  readonly depth: number;
  readonly waitMs: number;
}

const NO_KEYS: ReadonlySet<string> = new Set();
const NO_CHANGES: readonly HistoryChange[] = Object.freeze([]);

const CHANGE_KINDS: Readonly<Record<'opened' | 'closed', HistoryChange['kind']>> = {
  opened: 'breaker-opened',
  closed: 'breaker-closed',
};

/** @see Attempt */
export class HistoryAttempt implements Attempt {
  readonly id: string;
  readonly #core: HistoryCore;
  readonly #now: Instant | undefined;
  readonly #arguments: KnownArguments | undefined;
  readonly #charges: Charge[] = [];
  readonly #failures: Failure[] = [];
  /** What is known of each call; the first, which most often is the only one, beside the map. */
  #first: CallFacts | undefined;
  #others: Map<ControlledCall, CallFacts> | undefined;
  /** From the second call on. */
  #ahead: Ahead | undefined;
  /** Keys of all charges. */
  #keyCount = 0;
  #state: State = 'judging';
  /** That of the history when the first call was judged. */
  #epoch: number | undefined;

  constructor(core: HistoryCore, id: string, now: Instant | undefined, known?: KnownArguments) {
    this.#core = core;
    this.id = id;
    this.#now = now;
    this.#arguments = known;
  }

  get labels(): readonly string[] {
    const labels = this.#charges.flatMap(({ control }) => (control.kind === 'labels' ? control.labels : []));
    return [...new Set(labels)].toSorted();
  }

  judge(control: Control, call: ControlledCall): ControlVerdict {
    this.#epoch ??= this.#core.epoch;
    const known = this.#known(control, call);
    if (known !== undefined) return known;
    const verdict = this.#judgeAnew(control, call);
    if (verdict.effect === 'error') this.#failures.push({ control, call, verdict });
    return verdict;
  }

  reserve(): void {
    if (this.#state !== 'judging')
      throw new AttemptError('CALLGATE_HISTORY_ENDED', 'expected an attempt that has not gone ahead yet');
    if (this.#charges.length > 0 && this.#epoch !== this.#core.epoch) {
      throw new AttemptError('CALLGATE_HISTORY_STALE', 'expected no change of history between judging and reserving');
    }
    this.#state = 'reserved';
    this.#core.epoch += 1;
    for (const charge of this.#charges) this.#pinCharge(charge);
    for (const charge of this.#charges) this.#reserveCharge(charge);
  }

  drop(code: string): readonly HistoryChange[] {
    if (this.#state !== 'judging') return NO_CHANGES;
    this.#state = 'ended';
    this.#core.epoch += 1;
    const changes: HistoryChange[] = [];
    for (const charge of this.#charges) {
      const { control, reducer, verdict } = charge;
      if (verdict.effect === 'allow' && reducer.countsDrops(control)) this.#dropCharge(charge, code, changes);
    }
    return changes;
  }

  settle(outcome: CallOutcome, now: Instant): readonly HistoryChange[] {
    return this.#end(now, ({ reducer, control, facts }, cell, ticket, cellNow) =>
      reducer.settle(control, cell, ticket, facts, outcome, cellNow),
    );
  }

  release(now: Instant): void {
    this.#end(now, ({ reducer, control }, cell, ticket, cellNow) => reducer.release(control, cell, ticket, cellNow));
  }

  wait(tryAgain: () => Attempt | undefined): Waiting | undefined {
    const { queues } = this.#core;
    const caps = this.#capsLacking();
    if (caps === undefined || caps.some(({ cap, depth }) => queues.depthOf(cap) >= depth)) return undefined;
    const waiter: Waiter = {
      caps: new Set(),
      tryAgain: () => {
        const again = tryAgain();
        return again instanceof HistoryAttempt ? again.#capsLacking() : undefined;
      },
    };
    queues.join(
      waiter,
      caps.map(({ cap }) => cap),
    );
    return {
      waitMs: Math.min(...caps.map(({ waitMs }) => waitMs)),
      leave: () => queues.leave(waiter),
    };
  }

  #judgeAnew(control: Control, call: ControlledCall): ControlVerdict {
    const now = this.#now;
    if (this.#state !== 'judging') return failure('history.ended', 'expected an attempt that is still judged');
    if (now === undefined) return failure('history.time', 'expected the time of the decision, got none');
    const reducer = this.#core.reducers.get(control.kind);
    if (reducer === undefined)
      return failure('history.kind', `expected a kind of control that is known, got \`${control.kind}\``);
    const facts = this.#factsOf(call);
    const keys = reducer.keys(control, facts);
    if (!keys.ok) return failure('history.key', keys.message);
    const space = this.#core.spaces.of(control, reducer, now);
    if (space === undefined || !this.#hasRoom(space, keys.keys, now)) {
      return failure('history.full', 'expected room for one more key, got a history that is full');
    }
    const slots: Charge['slots'] = [];
    const held: Held<object>[] = [];
    for (const key of keys.keys) {
      const slot = space.store.get(key);
      slots.push(slot);
      held.push(this.#held(space, key, slot, now));
    }
    const verdict = reducer.judge(control, held, facts);
    if (verdict.effect === 'error') return deepFreeze(verdict);
    const charge: Charge = {
      control,
      reducer,
      space,
      facts,
      keys: keys.keys,
      verdict: frozen(verdict),
      slots,
      tickets: [],
    };
    this.#charges.push(charge);
    this.#keyCount += keys.keys.length;
    this.#ahead?.add(charge, held);
    return charge.verdict;
  }

  #known(control: Control, call: ControlledCall): ControlVerdict | undefined {
    for (const charge of this.#charges) {
      if (charge.control === control && charge.facts.call === call) return charge.verdict;
    }
    for (const failed of this.#failures) {
      if (failed.control === control && failed.call === call) return failed.verdict;
    }
    return undefined;
  }

  #factsOf(call: ControlledCall): CallFacts {
    const { environment } = this.#core;
    if (this.#first === undefined) {
      this.#first = createCallFacts(this.id, call, environment, this.#arguments);
      return this.#first;
    }
    if (this.#first.call === call) return this.#first;
    const known = this.#others?.get(call);
    if (known !== undefined) return known;
    this.#lookAhead();
    const facts = createCallFacts(this.id, call, environment, this.#arguments);
    this.#others ??= new Map();
    this.#others.set(call, facts);
    return facts;
  }

  /** There is a second call: those before count for it. */
  #lookAhead(): void {
    if (this.#ahead !== undefined) return;
    const ahead = new Ahead();
    for (const charge of this.#charges) {
      const held = charge.keys.map((key, index) => this.#held(charge.space, key, charge.slots[index], this.#now ?? 0));
      ahead.add(charge, held);
    }
    this.#ahead = ahead;
  }

  #held(space: Space, key: string, slot: Slot<object> | undefined, now: Instant): Held<object> {
    const cellNow = slot === undefined || slot.seenAt < now ? now : slot.seenAt;
    return { key, cell: this.#ahead?.cell(space, key) ?? slot?.cell, now: cellNow };
  }

  /** Whether the keys, and those that other calls of this attempt bring, fit in. */
  #hasRoom(space: Space, keys: readonly string[], now: Instant): boolean {
    const { store } = space;
    if (store.size + this.#keyCount + keys.length <= this.#core.limits.maxKeys) return true;
    const added = new Set<string>();
    const kept = new Set<string>();
    const take = (key: string): unknown => (store.get(key) === undefined ? added : kept).add(key);
    for (const charge of this.#charges) if (charge.space === space) charge.keys.forEach(take);
    keys.forEach(take);
    return added.size === 0 || store.hasRoom(added.size, kept, now, space.ttlOf);
  }

  /** Keeps what there is from being dropped for what is added. */
  #pinCharge({ space: { store }, slots }: Charge): void {
    for (const slot of slots) if (slot !== undefined) store.pin(slot, this.#now ?? 0);
  }

  #reserveCharge({ control, reducer, space, facts, keys, slots, tickets }: Charge): void {
    const now = this.#now ?? 0;
    const { store, ttlOf } = space;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? '';
      // Nothing has happened since it was judged, but for what this attempt has added itself.
      const slot = slots[index] ?? this.#added(store, key) ?? store.add(key, reducer.create(control), now, ttlOf);
      slots[index] = slot;
      tickets.push(reducer.reserve(control, slot.cell, facts, slot.seenAt));
    }
  }

  /** The slot that another charge of this attempt has added, pinned once more. */
  #added(store: KeyedStore<object>, key: string): Slot<object> | undefined {
    const slot = store.get(key);
    if (slot !== undefined) store.pin(slot, this.#now ?? 0);
    return slot;
  }

  #dropCharge({ control, reducer, space, facts, keys }: Charge, code: string, changes: HistoryChange[]): void {
    const now = this.#now ?? 0;
    const { store, ttlOf } = space;
    for (const key of keys) {
      let slot = store.get(key);
      if (slot !== undefined) store.pin(slot, now);
      // Others may have come in since it was judged; a new key is refused then, so that nothing is lost by not counting this.
      else if (store.hasRoom(1, NO_KEYS, now, ttlOf)) slot = store.add(key, reducer.create(control), now, ttlOf);
      if (slot === undefined) continue;
      const change = reducer.drop(control, slot.cell, facts, code, slot.seenAt);
      store.unpin(slot, reducer.ttlMs(control, slot.cell));
      addChange(changes, control, change);
    }
  }

  #end(
    now: Instant,
    step: (charge: Charge, cell: object, ticket: unknown, cellNow: Instant) => CellChange | undefined,
  ): readonly HistoryChange[] {
    if (this.#state !== 'reserved') return NO_CHANGES;
    this.#state = 'ended';
    const core = this.#core;
    core.epoch += 1;
    const changes: HistoryChange[] = [];
    const freed: PlaceCap[] = [];
    for (const charge of this.#charges) {
      const { control, reducer, space } = charge;
      for (let index = 0; index < charge.slots.length; index += 1) {
        const slot = charge.slots[index];
        if (slot === undefined) continue;
        space.store.see(slot, now);
        const change = step(charge, slot.cell, charge.tickets[index], slot.seenAt);
        space.store.unpin(slot, reducer.ttlMs(control, slot.cell));
        if (change === 'freed' && !core.queues.isEmpty) freed.push(capName(space, slot.key));
        addChange(changes, control, change);
      }
    }
    if (freed.length > 0) core.queues.offer(freed);
    return changes;
  }

  /** The caps that stand against the call, if nothing else does and each has a queue. */
  #capsLacking(): readonly CapLacking[] | undefined {
    const caps: CapLacking[] = [];
    if (this.#failures.some(({ control }) => control.stage === 'enforce')) return undefined;
    for (const { control, space, keys, verdict } of this.#charges) {
      if (control.stage !== 'enforce' || verdict.effect === 'allow') continue;
      // With a maximum of 0 no place ever comes free.
      if (control.kind !== 'meter' || control.measure.of !== 'open' || control.max === 0) return undefined;
      if (control.overload.kind === 'fail') return undefined;
      const { depth, waitMs } = control.overload;
      const isFull = 'notice' in verdict && (verdict.notice.used ?? 0) >= control.max;
      for (const key of keys)
        if (space.store.get(key) !== undefined) caps.push({ cap: capName(space, key), isFull, depth, waitMs });
    }
    return caps.length === 0 ? undefined : caps;
  }
}

function failure(code: string, message: string): ControlVerdict {
  return Object.freeze({ effect: 'error', code, message });
}

/** Most verdicts are the one `ALLOW`, which is frozen. */
function frozen(verdict: ControlVerdict): ControlVerdict {
  return verdict === ALLOW ? verdict : deepFreeze(verdict);
}

function capName(space: Space, key: string): PlaceCap {
  return `${space.name} ${key}`;
}

function addChange(changes: HistoryChange[], control: Control, change: CellChange | undefined): void {
  if (change === 'opened' || change === 'closed') changes.push({ kind: CHANGE_KINDS[change], control: control.id });
}
