import { Failure, type Scope } from './value.ts';

/** Steps that one evaluation may take: one for each part evaluated in a macro, and for each run of characters looked at. */
const FUEL: number = 100_000;

/** UTF-16 code units that the engine's own string functions pass in one step. */
const UNITS_PER_STEP = 64;

/** How much more a look at each unit by itself costs. */
export const LOOP_COST: number = 4;

export const OUT_OF_FUEL: Failure = new Failure('fuel', 'the condition takes more steps than it may');

/** Uses up `steps`; whether there was enough. */
export function spend(scope: Scope, steps: number): boolean {
  scope.fuel -= steps;
  return scope.fuel >= 0;
}

/** Uses up what looking at `length` UTF-16 code units costs. */
export function spendText(scope: Scope, length: number): boolean {
  return spend(scope, 1 + ((length / UNITS_PER_STEP) | 0));
}

/** A scope for one evaluation. */
export function createScope(): Scope {
  return { fuel: FUEL, locals: [], slots: undefined };
}

/** A scope for several evaluations on one call, each after {@link renewScope}, that read each place only once. */
export function createSharedScope(): Scope {
  return { fuel: FUEL, locals: [], slots: [] };
}

/** Readies a shared scope for the next evaluation. Values of macro variables stay: they are set before they are read. */
export function renewScope(scope: Scope): void {
  scope.fuel = FUEL;
}
