import type { AuditRecord, DecisionEntry } from '@callgate/audit';

import { CompensatedSum } from '../cost/compensated-sum.ts';
import { OpenRequests } from '../input/open-requests.ts';
import { actorOf, cut, type DecisionRecord, type OutcomeRecord } from './recorded-call.ts';

/** What the records of one run come to. */
export interface TalliedRun {
  readonly run: string;
  /** The run right around it. */
  readonly within: string | null;
  /** Who acted first; empty where nobody did. */
  readonly actor: string;
  /** Whether somebody else acted too. */
  hasOthers: boolean;
  readonly first: number;
  last: number;
  readonly counts: Record<DecisionEntry['effect'], number>;
  /** Allowed, without an outcome. */
  inDoubt: number;
  /** Whose outcome is not `ok`: what was denied is not counted. */
  failed: number;
  /** Of its own calls, and not of the runs inside it. */
  readonly cost: CompensatedSum;
}

/** Runs that are kept: those with the newest records. */
export const MAX_RUNS = 100_000;

/** Counts the runs of a ledger, in bounded memory. */
export class RunTally {
  /** Calls of no run. */
  without = 0;
  /** Runs that are not kept any more, because there were more than {@link MAX_RUNS}. One that comes back is counted anew. */
  forgotten = 0;
  /** By when they were last heard of, the oldest first. */
  readonly #runs = new Map<string, TalliedRun>();
  readonly #open = new OpenRequests<{ readonly run: TalliedRun; readonly isAllowed: boolean }>();

  /** Every run that is kept, by its first record. */
  get runs(): readonly TalliedRun[] {
    return [...this.#runs.values()].toSorted((left, right) => left.first - right.first);
  }

  take(record: AuditRecord): void {
    if (record.kind === 'decision') this.#takeDecision(record);
    else if (record.kind === 'outcome') this.#takeOutcome(record);
  }

  #takeDecision(record: DecisionRecord): void {
    if (record.run === null) {
      this.without += 1;
      return;
    }
    const run = this.#touched(record.run, record);
    const isAllowed = record.effect === 'allow';
    run.counts[record.effect] += 1;
    if (record.message !== 'request') return;
    if (isAllowed) run.inDoubt += 1;
    this.#open.add(record.request, { run, isAllowed });
  }

  #takeOutcome(record: OutcomeRecord): void {
    const about = this.#open.take(record.request);
    if (about === undefined) return;
    const { run, isAllowed } = about;
    if (isAllowed) run.inDoubt -= 1;
    if (record.outcome !== 'ok' && record.outcome !== 'denied') run.failed += 1;
    run.cost.add(record.cost ?? 0);
    run.last = Math.max(run.last, record.time);
  }

  /** The run of a record, as the one that was heard of last. */
  #touched(name: string, record: DecisionRecord): TalliedRun {
    const key = cut(name);
    const actor = actorOf(record.principal);
    const run = this.#runs.get(key) ?? created(key, actor, record);
    run.last = Math.max(run.last, record.time);
    run.hasOthers ||= run.actor !== actor;
    this.#runs.delete(key);
    this.#runs.set(key, run);
    if (this.#runs.size > MAX_RUNS) this.#forgetOldest();
    return run;
  }

  #forgetOldest(): void {
    const [oldest] = this.#runs.keys();
    if (oldest === undefined) return;
    this.#runs.delete(oldest);
    this.forgotten += 1;
  }
}

function created(run: string, actor: string, { parents, time }: DecisionRecord): TalliedRun {
  const within = parents?.[0];
  return {
    run,
    within: within === undefined ? null : cut(within),
    actor,
    hasOthers: false,
    first: time,
    last: time,
    counts: { allow: 0, deny: 0, hold: 0 },
    inDoubt: 0,
    failed: 0,
    cost: new CompensatedSum(),
  };
}
