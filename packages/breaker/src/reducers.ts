import type { Control } from '@callgate/policy';

import type { HistoryLimits } from './limits.ts';
import type { Reducer } from './reducer.ts';

/** What the history needs of every reducer: it never looks into cells and tickets. */
export type AnyReducer = Reducer<Control, object, unknown>;

/** How each kind of control remembers, by its `kind`. */
export function createReducers(limits: HistoryLimits): ReadonlyMap<string, AnyReducer> {
  void limits;
  const reducers: Partial<{ readonly [Kind in Control['kind']]: Reducer<never, never, never> }> = {};
  return new Map(Object.entries(reducers) as unknown as [string, AnyReducer][]);
}
