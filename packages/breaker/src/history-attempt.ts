import { deepFreeze, InternalError, type Instant } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict } from '@callgate/policy';

import { Ahead } from './ahead.ts';
import type { Attempt, HistoryChange, Waiting } from './attempt.ts';
import { createCallFacts, type CallFacts, type KnownArguments } from './call-facts.ts';
import type { CallOutcome } from './call-outcome.ts';
import type { BoundControl } from './bound-control.ts';
import type { Charge, Place } from './charge.ts';
import { AttemptError } from './errors.ts';
import type { HistoryCore } from './history-core.ts';
import type { KeyedStore, Slot } from './keyed-store.ts';
import type { PlaceCap, Refusing, Waiter } from './place-queue.ts';
import { ALLOW, maySpeak, type CellChange } from './reducer.ts';
import type { AnyReducer } from './reducers.ts';
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
const NOWHERE: readonly Place[] = Object.freeze([]);
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
  readonly #number: number;
  #state: State = 'judging';
  /** That of the history when the first call was judged. */
  #epoch: number | undefined;

  constructor(core: HistoryCore, id: string, now: Instant | undefined, known?: KnownArguments) {
    this.#core = core;
    this.id = id;
    this.#now = now;
    this.#arguments = known;
    core.attempts += 1;
    this.#number = core.attempts;
  }

  get labels(): readonly string[] {
    const labels = this.#charges.flatMap(({ bound: { control } }) => (control.kind === 'labels' ? control.labels : []));
    return [...new Set(labels)].toSorted();
  }

  judge(control: Control, call: ControlledCall): ControlVerdict {
    this.#epoch ??= this.#core.epoch;
    const bound = this.#core.controls.of(control);
    if (bound.askedBy < this.#number) bound.askedBy = this.#number;
    else {
      const known = this.#known(control, call);
      if (known !== undefined) return known;
    }
    const verdict = this.#judgeAnew(bound, call);
    if (verdict.effect === 'error') this.#failures.push({ control, call, verdict });
    return verdict;
  }

  reserve(): void {
    if (this.#state !== 'judging')
      throw new AttemptError('CALLGATE_HISTORY_ENDED', 'expected an attempt that has not gone ahead yet');
    if (this.#charges.length > 0 && this.#epoch !== this.#core.epoch) {
      throw new AttemptError('CALLGATE_HISTORY_STALE', 'expected no change of history between judging and reserving');
    }
    // A later control of this call took the room of an earlier one's state: what it would count is kept nowhere.
    if (this.#charges.some(({ space }) => space.isGone))
      throw new AttemptError(
        'CALLGATE_HISTORY_STALE',
        'expected room for the state of every control that concerns the call',
      );
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
      const { bound, reducer, verdict } = charge;
      const { control } = bound;
      if (verdict.effect === 'allow' && reducer.countsDrops(control)) this.#dropCharge(charge, code, changes);
    }
    return changes;
  }

  settle(outcome: CallOutcome, now: Instant): readonly HistoryChange[] {
    return this.#end(now, outcome);
  }

  release(now: Instant): void {
    this.#end(now, undefined);
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

  #judgeAnew(bound: BoundControl, call: ControlledCall): ControlVerdict {
    const now = this.#now;
    const { control, reducer } = bound;
    if (this.#state !== 'judging') return failure('history.ended', 'expected an attempt that is still judged');
    if (now === undefined) return failure('history.time', 'expected the time of the decision, got none');
    if (reducer === undefined)
      return failure('history.kind', `expected a kind of control that is known, got \`${control.kind}\``);
    const facts = this.#factsOf(call);
    if (this.#isSilent(bound, reducer, facts)) return this.#charge(bound, reducer, facts, undefined);
    const keys = reducer.keys(control, facts);
    if (!keys.ok) return failure('history.key', keys.message);
    if (bound.space?.isGone !== false) bound.space = this.#core.spaces.of(control, reducer, now);
    const { space } = bound;
    if (space === undefined || !this.#hasRoom(space, keys.keys, now)) {
      return failure('history.full', 'expected room for one more key, got a history that is full');
    }
    return this.#charge(bound, reducer, facts, this.#placesOf(space, keys.keys, now));
  }

  /** Whether no key of the control has anything to say, and none needs to be read to know that they can be and have room. */
  #isSilent({ control, space }: BoundControl, { speaks }: AnyReducer, facts: CallFacts): boolean {
    return (
      speaks !== undefined &&
      space?.isGone === false &&
      space.store.speaking === 0 &&
      this.#ahead === undefined &&
      space.store.size + this.#keyCount + mostKeys(facts) <= this.#core.limits.maxKeys &&
      speaks.canRead(control, facts)
    );
  }

  #charge(
    bound: BoundControl,
    reducer: AnyReducer,
    facts: CallFacts,
    places: readonly Place[] | undefined,
  ): ControlVerdict {
    const verdict = frozen(reducer.judge(bound.control, places ?? NOWHERE, facts));
    const { space } = bound;
    if (verdict.effect === 'error' || space === undefined) return verdict;
    const charge: Charge = { bound, reducer, space, facts, verdict, places };
    this.#charges.push(charge);
    this.#keyCount += places?.length ?? mostKeys(facts);
    if (places !== undefined) this.#ahead?.add(charge, places);
    return verdict;
  }

  #placesOf(space: Space, keys: readonly string[], now: Instant): readonly Place[] {
    // Most often it is one.
    const [key] = keys;
    if (keys.length === 1 && key !== undefined) return [this.#place(space, key, now)];
    return keys.map((each) => this.#place(space, each, now));
  }

  #place(space: Space, key: string, now: Instant): Place {
    const slot = space.store.get(key);
    return {
      key,
      cell: this.#ahead?.cell(space, key) ?? slot?.cell,
      now: slot === undefined || slot.seenAt < now ? now : slot.seenAt,
      slot,
      ticket: undefined,
    };
  }

  /** The places of a charge, now that somebody has to know. Nothing has happened since it was judged. */
  #placesIn(charge: Charge): readonly Place[] {
    if (charge.places === undefined) {
      const keys = charge.reducer.keys(charge.bound.control, charge.facts);
      // INVARIANT: that they can be read was seen when it was judged.
      if (!keys.ok) throw new InternalError(keys.message);
      charge.places = this.#placesOf(charge.space, keys.keys, this.#now ?? 0);
    }
    return charge.places;
  }

  #known(control: Control, call: ControlledCall): ControlVerdict | undefined {
    for (const charge of this.#charges) {
      if (charge.bound.control === control && charge.facts.call === call) return charge.verdict;
    }
    for (const failed of this.#failures) {
      if (failed.control === control && failed.call === call) return failed.verdict;
    }
    return undefined;
  }

  #factsOf(call: ControlledCall): CallFacts {
    const { environment, keys } = this.#core;
    if (this.#first === undefined) {
      this.#first = createCallFacts(this.id, call, environment, this.#arguments, keys);
      return this.#first;
    }
    if (this.#first.call === call) return this.#first;
    const known = this.#others?.get(call);
    if (known !== undefined) return known;
    this.#lookAhead();
    const facts = createCallFacts(this.id, call, environment, this.#arguments, keys);
    this.#others ??= new Map();
    this.#others.set(call, facts);
    return facts;
  }

  /** There is a second call: those before count for it. */
  #lookAhead(): void {
    if (this.#ahead !== undefined) return;
    const ahead = new Ahead();
    for (const charge of this.#charges) ahead.add(charge, this.#placesIn(charge));
    this.#ahead = ahead;
  }

  /** Whether the keys, and those that other calls of this attempt bring, fit in. */
  #hasRoom(space: Space, keys: readonly string[], now: Instant): boolean {
    const { store } = space;
    if (store.size + this.#keyCount + keys.length <= this.#core.limits.maxKeys) return true;
    const added = new Set<string>();
    const kept = new Set<string>();
    const take = (key: string): unknown => (store.get(key) === undefined ? added : kept).add(key);
    for (const charge of this.#charges)
      if (charge.space === space) for (const { key } of this.#placesIn(charge)) take(key);
    keys.forEach(take);
    return added.size === 0 || store.hasRoom(added.size, kept, now, space.ttlOf);
  }

  /** Keeps what there is from being dropped for what is added. */
  #pinCharge(charge: Charge): void {
    const { store } = charge.space;
    const places = this.#placesIn(charge);
    for (let index = 0; index < places.length; index += 1) {
      const slot = places[index]?.slot;
      if (slot !== undefined) store.pin(slot, this.#now ?? 0);
    }
  }

  #reserveCharge(charge: Charge): void {
    const now = this.#now ?? 0;
    const { bound, reducer, facts } = charge;
    const { store, ttlOf } = charge.space;
    const places = this.#placesIn(charge);
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index];
      if (place === undefined) continue;
      // Nothing has happened since it was judged, but for what this attempt has added itself.
      const slot =
        place.slot ?? this.#added(store, place.key) ?? store.add(place.key, reducer.create(bound.control), now, ttlOf);
      place.slot = slot;
      place.ticket = reducer.reserve(bound.control, slot.cell, facts, slot.seenAt);
    }
  }

  /** The slot that another charge of this attempt has added, pinned once more. */
  #added(store: KeyedStore<object>, key: string): Slot<object> | undefined {
    const slot = store.get(key);
    if (slot !== undefined) store.pin(slot, this.#now ?? 0);
    return slot;
  }

  #dropCharge(charge: Charge, code: string, changes: HistoryChange[]): void {
    const now = this.#now ?? 0;
    const { bound, reducer, facts } = charge;
    const { control } = bound;
    const { store, ttlOf } = charge.space;
    for (const { key } of this.#placesIn(charge)) {
      let slot = store.get(key);
      if (slot !== undefined) store.pin(slot, now);
      // Others may have come in since it was judged; a new key is refused then, so that nothing is lost by not counting this.
      else if (store.hasRoom(1, NO_KEYS, now, ttlOf)) slot = store.add(key, reducer.create(control), now, ttlOf);
      if (slot === undefined) continue;
      const change = reducer.drop(control, slot.cell, facts, code, slot.seenAt);
      store.unpin(slot, reducer.ttlMs(control, slot.cell), maySpeak(reducer, slot.cell));
      addChange(changes, control, change);
    }
  }

  /** With an outcome it is settled, else released. */
  #end(now: Instant, outcome: CallOutcome | undefined): readonly HistoryChange[] {
    if (this.#state !== 'reserved') return NO_CHANGES;
    this.#state = 'ended';
    const core = this.#core;
    core.epoch += 1;
    const changes: HistoryChange[] = [];
    const freed: PlaceCap[] = [];
    for (const charge of this.#charges) {
      const { bound, reducer, space, facts } = charge;
      const { control } = bound;
      const { places = NOWHERE } = charge;
      // Measured: an index saves the iterator, once for each control.
      for (let index = 0; index < places.length; index += 1) {
        const place = places[index];
        const slot = place?.slot;
        if (place === undefined || slot === undefined) continue;
        const { cell } = slot;
        space.store.see(slot, now);
        const change =
          outcome === undefined
            ? reducer.release(control, cell, place.ticket, slot.seenAt)
            : reducer.settle(control, cell, place.ticket, facts, outcome, slot.seenAt);
        space.store.unpin(slot, reducer.ttlMs(control, cell), maySpeak(reducer, cell));
        if (change === undefined) continue;
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
    for (const { bound, space, places = NOWHERE, verdict } of this.#charges) {
      const { control } = bound;
      if (control.stage !== 'enforce' || verdict.effect === 'allow') continue;
      // With a maximum of 0 no place ever comes free.
      if (control.kind !== 'meter' || control.measure.of !== 'open' || control.max === 0) return undefined;
      if (control.overload.kind === 'fail') return undefined;
      const { depth, waitMs } = control.overload;
      const isFull = 'notice' in verdict && (verdict.notice.used ?? 0) >= control.max;
      for (const { key } of places)
        if (space.store.get(key) !== undefined) caps.push({ cap: capName(space, key), isFull, depth, waitMs });
    }
    return caps.length === 0 ? undefined : caps;
  }
}

function failure(code: string, message: string): ControlVerdict {
  return Object.freeze({ effect: 'error', code, message });
}

/** The most keys that a call can have by one control. */
function mostKeys({ call: { runs } }: CallFacts): number {
  return Math.max(1, runs.length);
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
