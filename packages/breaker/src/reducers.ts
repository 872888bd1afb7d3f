import type { Control } from '@callgate/policy';

import { createBreakerReducer } from './breakers/breaker.ts';
import type { EvidenceBudget } from './flows/evidence-budget.ts';
import { createFlowReducers } from './flows/flow-reducers.ts';
import { createIdempotencyReducer } from './idempotency/idempotency-reducer.ts';
import type { HistoryLimits } from './limits.ts';
import { createMeterReducer } from './meters/meter.ts';
import { createPlanReducers } from './plans/plan-reducers.ts';
import { createRateReducer } from './rate.ts';
import type { Reducer } from './reducer.ts';

/** What the history needs of a reducer: it never looks into cells and tickets. */
export type AnyReducer = Reducer<Control, object, unknown>;

/** How each kind of control remembers, by its `kind`. */
export function createReducers(limits: HistoryLimits, evidence?: EvidenceBudget): ReadonlyMap<string, AnyReducer> {
  const reducers: Readonly<Record<string, AnyReducer>> = {
    meter: createMeterReducer(limits),
    rate: createRateReducer(limits),
    breaker: createBreakerReducer(limits),
    ...createFlowReducers(limits.maxIdleMs, evidence),
    ...createPlanReducers(limits),
    idempotency: createIdempotencyReducer(),
  };
  return new Map(Object.entries(reducers));
}
