import { isJsonArray, isJsonObject, type Instant, type JsonValue } from '@callgate/canonical';

/** A plan that a call made. */
export interface Plan {
  /** The gate's id of the call that made it. */
  readonly call: string;
  /** May be applied before it. */
  readonly expiresAt: Instant;
  readonly ttlMs: number;
  /** What it said where the policy compares, by place: digests. */
  readonly kept: ReadonlyMap<string, string>;
  /** `taken`: a call that applies it is under way. */
  readonly state: 'free' | 'taken' | 'used';
  /** The server gave two different plans this id. */
  readonly isAmbiguous: boolean;
}

/** The plans of one run and principal at one server, by the digest of their id. */
export interface PlanCell {
  readonly plans: Map<string, Plan>;
}

export function createPlanCell(): PlanCell {
  return { plans: new Map() };
}

export function copyPlanCell(cell: PlanCell): PlanCell {
  return { plans: new Map(cell.plans) };
}

/** Remembers a plan, unless there are `maxPlans` that must not be forgotten: then it cannot be applied. */
export function addPlan(cell: PlanCell, id: string, plan: Plan, now: Instant, maxPlans: number): void {
  forgetExpired(cell, now);
  const known = cell.plans.get(id);
  if (known !== undefined) cell.plans.set(id, bothOf(known, plan));
  else if (cell.plans.size < maxPlans) cell.plans.set(id, plan);
}

/** Two plans with one id: what was done with the first was done with both, for as long as either holds. */
function bothOf(known: Plan, plan: Plan): Plan {
  return {
    ...plan,
    expiresAt: Math.max(known.expiresAt, plan.expiresAt),
    ttlMs: Math.max(known.ttlMs, plan.ttlMs),
    state: known.state,
    isAmbiguous: known.isAmbiguous || !isSame(known.kept, plan.kept),
  };
}

/** Expired plans are as good as none, but one that is being applied is remembered. */
function forgetExpired(cell: PlanCell, now: Instant): void {
  for (const [id, { expiresAt, state }] of cell.plans) {
    if (now >= expiresAt && state !== 'taken') cell.plans.delete(id);
  }
}

function isSame(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([place, digest]) => right.get(place) === digest);
}

/** The longest that one of the plans may be applied. */
export function longestTtl({ plans }: PlanCell): number {
  let longest = 0;
  for (const { ttlMs } of plans.values()) longest = Math.max(longest, ttlMs);
  return longest;
}

/** A cell as plain data. A plan that is being applied is written as used. */
export function snapshotPlans({ plans }: PlanCell): JsonValue {
  return [...plans].map(([id, { call, expiresAt, ttlMs, kept, state, isAmbiguous }]) => ({
    id,
    call,
    expiresAt,
    ttlMs,
    kept: [...kept],
    state: state === 'taken' ? 'used' : state,
    isAmbiguous,
  }));
}

/** The cell that {@link snapshotPlans} wrote, or undefined where it wrote no such value. */
export function restorePlans(value: JsonValue): PlanCell | undefined {
  if (!isJsonArray(value)) return undefined;
  const cell = createPlanCell();
  for (const item of value) {
    const plan = isJsonObject(item) ? readPlan(item) : undefined;
    if (plan === undefined || cell.plans.has(plan[0])) return undefined;
    cell.plans.set(...plan);
  }
  return cell;
}

function readPlan(item: { readonly [name: string]: JsonValue }): [string, Plan] | undefined {
  const { id, call, expiresAt, ttlMs, state, isAmbiguous } = item;
  const kept = readKept(item['kept']);
  if (typeof id !== 'string' || typeof call !== 'string' || kept === undefined) return undefined;
  if (typeof expiresAt !== 'number' || typeof ttlMs !== 'number' || ttlMs < 0) return undefined;
  if ((state !== 'free' && state !== 'used') || typeof isAmbiguous !== 'boolean') return undefined;
  return [id, { call, expiresAt, ttlMs, kept, state, isAmbiguous }];
}

function readKept(value: JsonValue | undefined): ReadonlyMap<string, string> | undefined {
  if (!isJsonArray(value)) return undefined;
  const kept = new Map<string, string>();
  for (const pair of value) {
    if (!isJsonArray(pair) || pair.length !== 2) return undefined;
    const [place, digest] = pair;
    if (typeof place !== 'string' || typeof digest !== 'string') return undefined;
    kept.set(place, digest);
  }
  return kept;
}
