import type { HistoryChange } from '@callgate/breaker';
import { own } from '@callgate/canonical';
import type { Decision } from '@callgate/policy';

import type { Change } from './replay-tally.ts';
import type { Judged } from './flip.ts';
import { wentAhead } from './policy-replay.ts';
import type { RecordedEnd } from './recorded-end.ts';
import type { ReplayCall } from './replay-call.ts';

/** One call of the run, as it is decided now. */
export interface TimelineRow {
  readonly file: string;
  readonly place: number;
  readonly at: number | undefined;
  /** 0 for the run itself, 1 for a run right inside it. */
  readonly depth: number;
  readonly run: string;
  readonly server: string;
  /** The tool, or the method of anything else. */
  readonly target: string;
  readonly before: Judged | null;
  readonly after: Judged;
  readonly change: Change | null;
  readonly decision: Decision;
  /** What became of it, so far as the history is told; empty until that is known. */
  outcome: string;
  /** Breakers that opened or closed because of it. */
  readonly changes: HistoryChange[];
}

/** The most calls of a timeline. */
const MAX_ROWS = 10_000;

/** The decisions of one run, and of the runs inside it, in order. */
export class ReplayTimeline {
  readonly run: string;
  readonly rows: TimelineRow[] = [];
  /** Calls that are not kept. */
  omitted = 0;
  readonly #waiting = new Map<string, { readonly row: TimelineRow; readonly replayed: ReplayCall }>();

  constructor(run: string) {
    this.run = run;
  }

  decided(about: {
    readonly file: string;
    readonly place: number;
    readonly id: string;
    readonly replayed: ReplayCall;
    readonly before: Judged | null;
    readonly after: Judged;
    readonly change: Change | null;
    readonly decision: Decision;
    readonly changes: readonly HistoryChange[];
  }): void {
    const { file, place, id, replayed, before, after, change, decision, changes } = about;
    const { call, at, end } = replayed;
    const depth = this.#depthOf(call.run, call.parents);
    if (depth === undefined) return;
    if (this.rows.length >= MAX_ROWS) {
      this.omitted += 1;
      return;
    }
    const row: TimelineRow = {
      file,
      place,
      at,
      depth,
      run: call.run ?? this.run,
      server: call.server,
      target: targetOf(replayed),
      before,
      after,
      change,
      decision,
      outcome: typeof end === 'string' ? '' : outcomeOf(replayed, after, end),
      changes: [...changes],
    };
    this.rows.push(row);
    if (end === 'later') this.#waiting.set(id, { row, replayed });
  }

  ended(id: string, end: RecordedEnd, changes: readonly HistoryChange[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    const { row, replayed } = waiting;
    row.outcome = outcomeOf(replayed, row.after, end);
    row.changes.push(...changes);
  }

  #depthOf(run: string | undefined, parents: readonly string[] = []): number | undefined {
    if (run === this.run) return 0;
    const index = parents.indexOf(this.run);
    return index < 0 ? undefined : index + 1;
  }
}

function outcomeOf(replayed: ReplayCall, after: Judged, end: RecordedEnd): string {
  const isKnown = end.isNoted && wentAhead(replayed, end);
  if (after.effect !== 'allow') return isKnown ? `left out: ${end.outcome}` : '';
  return isKnown ? end.outcome : 'taken as ok';
}

function targetOf({ call: { method, params } }: ReplayCall): string {
  const name = method === 'tools/call' ? own(params, 'name') : undefined;
  return typeof name === 'string' ? name : method;
}
