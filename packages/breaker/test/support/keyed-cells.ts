import type { Instant, JsonObject } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict } from '@callgate/policy';

import { createCallFacts, type CallFacts } from '../../src/call-facts.ts';
import type { CallOutcome, OutcomeKind } from '../../src/call-outcome.ts';
import type { Held, Reducer } from '../../src/reducer.ts';

interface Kept {
  cell: object;
  seenAt: Instant;
  open: number;
}

/** A call under way, as the tests hold it. */
export interface Reservation {
  settle(outcome: OutcomeKind | CallOutcome): void;
  release(): void;
}

type Any = Reducer<Control, object, unknown>;

/**
 * Cells by space and key, kept for as long as their reducers say: what reducers need around them and nothing more, to test them alone.
 * Calls are judged by all controls, in turn, and reserved with all of them.
 */
export class KeyedCells {
  readonly #reducerOf: (control: Control) => Any;
  readonly #spaces = new Map<string, { reducer: Any; control: Control; cells: Map<string, Kept> }>();
  now: Instant = 1_000_000;

  constructor(reducerOf: (control: Control) => unknown) {
    this.#reducerOf = reducerOf as (control: Control) => Any;
  }

  judge(control: Control, facts: CallFacts): ControlVerdict {
    const reducer = this.#reducerOf(control);
    const keys = reducer.keys(control, facts);
    if (!keys.ok) return { effect: 'error', code: 'history.key', message: keys.message };
    const held: Held<object>[] = keys.keys.map((key) => {
      const kept = this.#live(control, key);
      return { key, cell: kept?.cell, now: Math.max(this.now, kept?.seenAt ?? this.now) };
    });
    return reducer.judge(control, held, facts);
  }

  reserve(controls: readonly Control[], facts: CallFacts): Reservation {
    const taken = controls.flatMap((control) => {
      const reducer = this.#reducerOf(control);
      const keys = reducer.keys(control, facts);
      return (keys.ok ? keys.keys : []).map((key) => {
        const kept = this.#live(control, key) ?? { cell: reducer.create(control), seenAt: this.now, open: 0 };
        this.#cells(control).set(key, kept);
        kept.open += 1;
        kept.seenAt = Math.max(kept.seenAt, this.now);
        return { control, reducer, key, kept, ticket: reducer.reserve(control, kept.cell, facts, kept.seenAt) };
      });
    });
    let ended = false;
    const end = (work: (one: (typeof taken)[number]) => void): void => {
      if (ended) return;
      ended = true;
      for (const one of taken) {
        one.kept.open -= 1;
        one.kept.seenAt = Math.max(one.kept.seenAt, this.now);
        work(one);
        if (one.kept.open === 0 && one.reducer.ttlMs(one.control, one.kept.cell) === 0)
          this.#cells(one.control).delete(one.key);
      }
    };
    return {
      settle: (outcome) => {
        const full = typeof outcome === 'string' ? { outcome, durationMs: 1, bytes: 2 } : outcome;
        end(({ control, reducer, kept, ticket }) =>
          reducer.settle(control, kept.cell, ticket, facts, full, kept.seenAt),
        );
      },
      release: () => {
        end(({ control, reducer, kept, ticket }) => reducer.release(control, kept.cell, ticket, kept.seenAt));
      },
    };
  }

  /** As after a restart: what was under way is in doubt, and its calls will not be heard of again. */
  restart(): void {
    for (const { reducer, cells } of this.#spaces.values()) {
      for (const [key, kept] of cells) {
        const written: unknown = JSON.parse(
          JSON.stringify(reducer.snapshot(kept.cell, Math.max(this.now, kept.seenAt))),
        );
        const cell = reducer.restore(written as never);
        if (cell === undefined) cells.delete(key);
        else cells.set(key, { cell, seenAt: kept.open > 0 ? Math.max(this.now, kept.seenAt) : kept.seenAt, open: 0 });
      }
    }
  }

  /** Every cell is replaced by a copy: nobody can tell. */
  copyAll(): void {
    for (const { reducer, cells } of this.#spaces.values())
      for (const kept of cells.values()) kept.cell = reducer.copy(kept.cell);
  }

  /** Changes the cells of keys, as operators do. */
  edit(control: Control, keys: readonly string[], change: (cell: never) => void): void {
    for (const key of keys) {
      const kept = this.#cells(control).get(key);
      if (kept !== undefined) change(kept.cell as never);
    }
  }

  get size(): number {
    return [...this.#spaces.values()].reduce((sum, { cells }) => sum + cells.size, 0);
  }

  #cells(control: Control): Map<string, Kept> {
    const reducer = this.#reducerOf(control);
    const name = reducer.space(control);
    const space = this.#spaces.get(name) ?? { reducer, control, cells: new Map<string, Kept>() };
    this.#spaces.set(name, space);
    return space.cells;
  }

  #live(control: Control, key: string): Kept | undefined {
    const kept = this.#cells(control).get(key);
    if (kept === undefined || kept.open > 0) return kept;
    const ttlMs = this.#reducerOf(control).ttlMs(control, kept.cell);
    if (Math.max(this.now, kept.seenAt) < kept.seenAt + ttlMs) return kept;
    this.#cells(control).delete(key);
    return undefined;
  }
}

let calls = 0;

/** A call with an id of its own. */
export function factsOf(
  args: JsonObject,
  call: Partial<Omit<ControlledCall, 'args'>> & { readonly id?: string; readonly decoded?: readonly string[] } = {},
): CallFacts {
  const { id, decoded, ...others } = call;
  calls += 1;
  const full: ControlledCall = {
    server: 'crm',
    trust: 'internal',
    method: 'tools/call',
    tool: 'tool',
    args,
    principal: { user: 'ana', tenant: 'acme' },
    runs: ['run'],
    now: 0,
    ring: 1,
    effect: 'read',
    cost: undefined,
    ...others,
  };
  return createCallFacts(id ?? `call-${calls}`, full, undefined, decoded);
}

/** What every control has. */
export const CONTROL_BASE = {
  stage: 'enforce',
  then: 'deny',
  approvers: undefined,
  message: undefined,
  references: [{ rule: '/' }],
} as const;

/** The code of a verdict that stands against the call, or its effect. */
export function codeOf(verdict: ControlVerdict): string {
  return 'code' in verdict ? verdict.code : verdict.effect;
}
