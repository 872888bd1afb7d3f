import type { Evaluate, Result, Scope } from './value.ts';

const MAX_SLOTS = 64;

/** The number of what has none: nothing is ever kept under it. */
export const NO_SLOT: number = MAX_SLOTS;

/**
 * Numbers for the places of a call that the conditions of one policy read, so that each need be looked up only once for a call.
 * At most 64; what comes later has none and is looked up each time.
 */
export class PathSlots {
  readonly #numbers = new Map<string, number>();

  /** The number of a place: a variable, then names. */
  numberOf(path: readonly string[]): number {
    const key = JSON.stringify(path);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= MAX_SLOTS) return NO_SLOT;
    this.#numbers.set(key, number);
    return number;
  }
}

/** What was read of a place of the same call before; undefined where that is not known. */
export function recall(scope: Scope, slot: number): Result | undefined {
  return scope.slots?.[slot];
}

/** Reads a place and keeps what it read, where the scope keeps anything. */
export function remembering(read: Evaluate, slot: number): Evaluate {
  if (slot === NO_SLOT) return read;
  return (input, scope) => {
    const known = recall(scope, slot);
    if (known !== undefined) return known;
    const value: Result = read(input, scope);
    if (scope.slots !== undefined) scope.slots[slot] = value;
    return value;
  };
}
