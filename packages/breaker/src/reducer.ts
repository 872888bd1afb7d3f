import type { Instant, JsonValue } from '@callgate/canonical';
import type { Control, ControlVerdict } from '@callgate/policy';

import type { CallFacts } from './call-facts.ts';
import type { CallOutcome } from './call-outcome.ts';

/** What is kept under one key, as a reducer is asked about it. */
export interface Held<Cell> {
  readonly key: string;
  /** Undefined where nothing happened under the key, or nothing that still counts. */
  readonly cell: Cell | undefined;
  /** The time for this cell: never before what it has seen, however clocks jump. */
  readonly now: Instant;
}

/** Where the state of a call is kept: one key, or one for each run that the call is part of, without repeats. */
export type Keys =
  | { readonly ok: true; readonly keys: readonly string[] }
  /** The key cannot be read, so that the call cannot be judged. `message` holds no value of the call. */
  | { readonly ok: false; readonly message: string };

/** Something about a cell that others want to know of at once. */
export type CellChange = 'opened' | 'closed' | 'freed';

/**
 * How one kind of control remembers: a fold over what happens under a key.
 *
 * A cell is plain, small, and owned by the store: the reducer changes it in place and keeps no reference to it. All functions are
 * deterministic in their arguments. A call is judged (nothing changes), then reserved or dropped; a reservation is settled or released,
 * once: the history sees to that, to `now` (see {@link Held}), and that no cell with a reservation is forgotten. None of them throws for
 * anything in a call or an outcome.
 *
 * To add a kind: write its reducer, and one line in `reducers.ts`.
 */
export interface Reducer<C extends Control, Cell extends object, Ticket> {
  /**
   * Names the state of a control: equal names share cells, also across kinds. It holds all that gives a cell its meaning and nothing
   * that may change while the state is kept (`max`, `then`, words). It starts with the kind, which says who restores it.
   */
  space(control: C): string;
  /** Most often {@link readKeys} of `control.per`. */
  keys(control: C, call: CallFacts): Keys;
  /** A cell in which nothing has happened. */
  create(control: C): Cell;
  /**
   * Whether the cell says anything of calls under its key; absent, it may. While no cell of a control does, calls are judged without any,
   * as soon as it is known that {@link keys} can be read ({@link canReadKeys} of `control.per`).
   */
  readonly speaks?: {
    of(cell: Cell): boolean;
    canRead(control: C, call: CallFacts): boolean;
  };
  /** What the control says of the call, given each key's cell. Most often {@link judgeEach}. */
  judge(control: C, held: readonly Held<Cell>[], call: CallFacts): ControlVerdict;
  /** The call goes ahead, perhaps against the verdict (an observed control). What is returned comes back when it ends. */
  reserve(control: C, cell: Cell, call: CallFacts, now: Instant): Ticket;
  /** It ended so. */
  settle(
    control: C,
    cell: Cell,
    ticket: Ticket,
    call: CallFacts,
    outcome: CallOutcome,
    now: Instant,
  ): CellChange | undefined;
  /** It was never sent: nothing happened. */
  release(control: C, cell: Cell, ticket: Ticket, now: Instant): CellChange | undefined;
  /** Whether denials by others concern the control; if not, `drop` is never called. */
  countsDrops(control: C): boolean;
  /** The call was denied, by something else than this control. `code` says why. */
  drop(control: C, cell: Cell, call: CallFacts, code: string, now: Instant): CellChange | undefined;
  /**
   * How long after its last change the cell still says something, milliseconds: 0 when it says the same as no cell. From few distinct
   * values (a window, the idle limit): the store keeps one queue for each.
   */
  ttlMs(control: C, cell: Cell): number;
  /** Another cell that says the same: inner calls of one decision are judged on a copy. */
  copy(cell: Cell): Cell;
  /** Plain data, without values from arguments and results. Reservations are written as what they become: in doubt, at `now`; null: nothing. */
  snapshot(cell: Cell, now: Instant): JsonValue;
  /** The cell that `snapshot` wrote; undefined when the value is none. */
  restore(value: JsonValue): Cell | undefined;
  /** What an operator wants to see of it; undefined when nothing. */
  inspect(control: C, cell: Cell, now: Instant): InspectedCell | undefined;
}

/** A cell as operators see it. */
export interface InspectedCell {
  /** How far it is from refusing: 0 nothing used, 1 and more refuses. The fullest are shown first. */
  readonly share: number;
  readonly [what: string]: JsonValue;
}

/** Whether the cell may say something of calls under its key. */
export function maySpeak<Cell extends object>(
  reducer: Pick<Reducer<Control, Cell, unknown>, 'speaks'>,
  cell: Cell,
): boolean {
  return reducer.speaks?.of(cell) ?? true;
}

/** The verdict about a call that nothing stands against. */
export const ALLOW: ControlVerdict = Object.freeze({ effect: 'allow' });

/** Judges each key by itself and takes the strictest: error, then deny, then hold, then a soft notice. The first of equals. */
export function judgeEach<Cell>(
  held: readonly Held<Cell>[],
  judge: (cell: Cell | undefined, now: Instant) => ControlVerdict,
): ControlVerdict {
  let worst = ALLOW;
  for (let index = 0; index < held.length; index += 1) {
    const one = held[index];
    const verdict = one === undefined ? ALLOW : judge(one.cell, one.now);
    if (verdict !== ALLOW && severity(verdict) > severity(worst)) worst = verdict;
  }
  return worst;
}

function severity(verdict: ControlVerdict): number {
  switch (verdict.effect) {
    case 'allow':
      return 'soft' in verdict ? 1 : 0;
    case 'hold':
      return 2;
    case 'deny':
      return 3;
    case 'error':
      return 4;
  }
}
