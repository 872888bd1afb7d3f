import type { Instant, JsonValue } from '@callgate/canonical';
import type { ApplyControl, ControlCode, ControlVerdict, PlanControl, PlanMatch } from '@callgate/policy';

import { shortDigest, valueAt, type CallFacts } from '../call-facts.ts';
import type { CallOutcome } from '../call-outcome.ts';
import { principalKey } from '../principal-key.ts';
import type { HistoryLimits } from '../limits.ts';
import { spaceName } from '../space-name.ts';
import { ALLOW, type Keys, type Reducer } from '../reducer.ts';
import {
  addPlan,
  copyPlanCell,
  createPlanCell,
  longestTtl,
  restorePlans,
  snapshotPlans,
  type Plan,
  type PlanCell,
} from './plan-cell.ts';

const MAX_ID_LENGTH = 1024;

/** The digest of the id of the plan that the call took; undefined where it took none. */
type ApplyTicket = string | undefined;

/** Both kinds keep the plans of a run and principal. */
export interface PlanReducers {
  readonly plan: Reducer<PlanControl, PlanCell, undefined>;
  readonly apply: Reducer<ApplyControl, PlanCell, ApplyTicket>;
}

/**
 * How plans are remembered until they are applied: by name, server, principal and innermost run, so that nobody else's and no other
 * server's will do.
 *
 * A plan may be applied once. It is used when the call that applies it is reserved, whatever becomes of the call; released, it is free again.
 */
export function createPlanReducers(limits: HistoryLimits): PlanReducers {
  const cells = {
    space: ({ plan }: PlanControl | ApplyControl) => spaceName('plan', plan, {}),
    keys: (_: unknown, call: CallFacts): Keys => keysOf(call),
    create: createPlanCell,
    countsDrops: () => false,
    drop: () => undefined,
    ttlMs: (_: unknown, cell: PlanCell) => longestTtl(cell),
    copy: copyPlanCell,
    snapshot: snapshotPlans,
    restore: restorePlans,
    inspect: (_: unknown, { plans }: PlanCell) =>
      plans.size === 0
        ? undefined
        : {
            share: plans.size / limits.maxEntries,
            plans: [...plans.values()].map(({ call, state }) => ({ call, state })),
          },
  };
  return {
    plan: {
      ...cells,
      judge: () => ALLOW,
      reserve: () => undefined,
      settle(control, cell, _, call, outcome, now) {
        const made = planMade(control, call, outcome, now);
        if (made !== undefined) addPlan(cell, made.id, made.plan, now, limits.maxEntries);
      },
      release: () => undefined,
    },
    apply: {
      ...cells,
      judge: (control, [held], call) => judgeApply(control, held?.cell, call, held?.now ?? 0),
      reserve(control, cell, call) {
        const id = idIn(call.argument(control.pointer));
        const plan = id === undefined ? undefined : cell.plans.get(id);
        if (id === undefined || plan?.state !== 'free') return undefined;
        cell.plans.set(id, { ...plan, state: 'taken' });
        return id;
      },
      settle(_, cell, ticket) {
        become(cell, ticket, 'used');
      },
      release(_, cell, ticket) {
        become(cell, ticket, 'free');
      },
    },
  };
}

function become({ plans }: PlanCell, id: ApplyTicket, state: Plan['state']): undefined {
  const plan = id === undefined ? undefined : plans.get(id);
  if (id !== undefined && plan !== undefined) plans.set(id, { ...plan, state });
}

function keysOf(facts: CallFacts): Keys {
  const { runs, server, principal } = facts.call;
  const [run] = runs;
  if (run === undefined)
    return { ok: false, message: 'expected a call with a run to know its plans by, got one without' };
  return { ok: true, keys: [principalKey([server, run], principal)] };
}

/** The plan in a result, or undefined where it has none: then nothing can be applied. */
function planMade(
  control: PlanControl,
  call: CallFacts,
  { outcome, goesOn, result }: CallOutcome,
  now: Instant,
): { readonly id: string; readonly plan: Plan } | undefined {
  if (outcome !== 'ok' || goesOn !== undefined || result === undefined) return undefined;
  const id = idIn(valueAt(result, control.pointer));
  if (id === undefined) return undefined;
  const kept = new Map<string, string>();
  for (const place of control.keep) {
    const value = place.in === 'arguments' ? call.argument(place.pointer) : valueAt(result, place.pointer);
    if (value !== undefined) kept.set(placeKey(place), shortDigest(value));
  }
  return {
    id,
    plan: {
      call: call.id,
      expiresAt: now + control.ttlMs,
      ttlMs: control.ttlMs,
      kept,
      state: 'free',
      isAmbiguous: false,
    },
  };
}

function placeKey(place: PlanMatch['plan']): string {
  return `${place.in}${place.pointer}`;
}

/** The digest of a plan's id; undefined where the value cannot be one. */
function idIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_LENGTH
    ? shortDigest(value)
    : undefined;
}

function judgeApply(control: ApplyControl, cell: PlanCell | undefined, call: CallFacts, now: Instant): ControlVerdict {
  const id = idIn(call.argument(control.pointer));
  if (id === undefined) return refused(control, 'plan.required', 'the call does not name the plan that it applies');
  const plan = cell?.plans.get(id);
  const hindrance = hindranceOf(plan, now);
  if (plan === undefined || hindrance !== undefined) {
    return refused(control, 'plan.required', hindrance ?? 'the call names no plan that this run has made');
  }
  const differs = control.same.find((match) => !isSame(match, plan, call));
  if (differs === undefined) return ALLOW;
  return refused(control, 'plan.mismatch', `\`${differs.apply}\` is not what the plan said`, plan);
}

function hindranceOf(plan: Plan | undefined, now: Instant): string | undefined {
  if (plan === undefined) return undefined;
  if (plan.state === 'taken') return 'the plan is being applied by another call';
  if (plan.state === 'used') return 'the plan has been applied, and a plan may be applied once';
  if (plan.isAmbiguous) return 'the server gave two different plans the same id';
  return now >= plan.expiresAt ? 'the plan has expired' : undefined;
}

/** What is absent here or there is not the same. */
function isSame({ apply, plan: place }: PlanMatch, plan: Plan, call: CallFacts): boolean {
  const here = call.argumentDigest(apply);
  return here !== undefined && here === plan.kept.get(placeKey(place));
}

function refused(control: ApplyControl, code: ControlCode, message: string, plan?: Plan): ControlVerdict {
  const hints = [`make a new plan \`${control.plan}\` in this run, then apply it as it is`];
  return {
    effect: control.then,
    code,
    notice: { message, hints, ...(plan === undefined ? {} : { sources: [plan.call] }) },
  };
}
