import type { AuditRecord } from '@callgate/audit';

import { OpenRequests } from '../input/open-requests.ts';
import { cut, type DecisionRecord, type OutcomeRecord } from '../runs/recorded-call.ts';
import { CompensatedSum } from './compensated-sum.ts';

/** What costs can be told apart by. */
export const DIMENSIONS = ['user', 'agent', 'team', 'tenant', 'server', 'tool', 'run', 'day'] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** What calls cost together. */
export interface CostGroup {
  /** One for each dimension asked for, in that order; null where the records do not say. */
  readonly keys: readonly (string | null)[];
  /** Calls that were sent, whatever came of them. */
  calls: number;
  /** Those of them whose outcome says what they cost. */
  stated: number;
  readonly cost: CompensatedSum;
}

/** Groups that are told apart. Calls of further ones are in the totals, and in {@link CostTally.other} together. */
export const MAX_COST_GROUPS = 100_000;

/** Adds up what the calls of a ledger cost, from outcome records joined to their decisions, in bounded memory. */
export class CostTally {
  readonly total: CostGroup = createGroup([]);
  /** Calls in no group of their own, because there were more than {@link MAX_COST_GROUPS}. */
  readonly other: CostGroup = createGroup([]);
  /** Costs of outcomes whose decision is not there: it is before the range, or had to be forgotten. In the total. */
  readonly unattributed: CostGroup = createGroup([]);
  readonly #dimensions: readonly Dimension[];
  readonly #groups = new Map<string, CostGroup>();
  readonly #open = new OpenRequests<Sent>();

  constructor(dimensions: readonly Dimension[]) {
    this.#dimensions = dimensions;
  }

  /** The groups, the costliest first; equal ones by their keys. */
  get groups(): readonly CostGroup[] {
    return [...this.#groups]
      .toSorted(
        ([leftKey, left], [rightKey, right]) =>
          right.cost.value - left.cost.value || right.calls - left.calls || (leftKey < rightKey ? -1 : 1),
      )
      .map(([, group]) => group);
  }

  /** Calls in doubt: allowed, without an outcome. What they cost is not known, and they are not counted as calls. */
  get inDoubt(): number {
    let count = 0;
    for (const { isTool } of this.#open.all) if (isTool) count += 1;
    return count;
  }

  take(record: AuditRecord): void {
    if (record.kind === 'decision') this.#takeDecision(record);
    else if (record.kind === 'outcome') this.#takeOutcome(record);
  }

  #takeDecision(record: DecisionRecord): void {
    if (record.effect !== 'allow' || record.message !== 'request') return;
    const keys = this.#dimensions.map((dimension) => keyOf(dimension, record));
    this.#open.add(record.request, { keys, isTool: record.method === 'tools/call' });
  }

  #takeOutcome(record: OutcomeRecord): void {
    const sent = this.#open.take(record.request);
    if (sent === undefined) {
      if (record.cost === undefined) return;
      add(this.unattributed, record.cost);
      add(this.total, record.cost);
      return;
    }
    if (!isCounted(sent, record)) return;
    add(this.#groupOf(sent.keys), record.cost);
    add(this.total, record.cost);
  }

  #groupOf(keys: CostGroup['keys']): CostGroup {
    const name = JSON.stringify(keys);
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    if (this.#groups.size >= MAX_COST_GROUPS) return this.other;
    const group = createGroup(keys);
    this.#groups.set(name, group);
    return group;
  }
}

/** A request that was allowed, until its outcome comes. */
interface Sent {
  readonly keys: CostGroup['keys'];
  readonly isTool: boolean;
}

/** Whether it could cost something: only tools have a price, and what was not sent is free. */
function isCounted({ isTool }: Sent, { outcome, cost }: OutcomeRecord): boolean {
  return cost !== undefined || (isTool && outcome !== 'denied' && outcome !== 'not_sent');
}

function createGroup(keys: CostGroup['keys']): CostGroup {
  return { keys, calls: 0, stated: 0, cost: new CompensatedSum() };
}

function add(group: CostGroup, cost: number | undefined): void {
  group.calls += 1;
  if (cost === undefined) return;
  group.stated += 1;
  group.cost.add(cost);
}

function keyOf(dimension: Dimension, record: DecisionRecord): string | null {
  switch (dimension) {
    case 'server':
      return cut(record.server.name);
    case 'tool':
      return cut(record.target ?? record.method);
    case 'run':
      return record.run === null ? null : cut(record.run);
    case 'day':
      return dayOf(record.time);
    case 'user':
    case 'agent':
    case 'team':
    case 'tenant': {
      const name = record.principal[dimension];
      return name === undefined ? null : cut(name);
    }
  }
}

/** `2026-11-20`, UTC. */
function dayOf(time: number): string | null {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
}
