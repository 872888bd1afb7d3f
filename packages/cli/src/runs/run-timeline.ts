import type { AuditRecord } from '@callgate/audit';
import type { JsonObject } from '@callgate/canonical';

import { CompensatedSum } from '../cost/compensated-sum.ts';
import { OpenRequests } from '../input/open-requests.ts';
import { callEnding, cut, isInDoubt, recordedCall, type DecisionRecord, type RecordedCall } from './recorded-call.ts';

/** One thing that happened in a run, in the order of its records. */
export type TimelineItem =
  | { readonly kind: 'call'; readonly seq: number; readonly depth: number; readonly call: RecordedCall }
  /** Something that history says: a breaker opened or closed, labels were lifted. */
  | {
      readonly kind: 'history';
      readonly seq: number;
      readonly time: number;
      readonly event: string;
      /** All that the record says; null where that is long. */
      readonly detail: JsonObject | null;
    }
  /** Something odd on the wire about one of the calls. */
  | {
      readonly kind: 'anomaly';
      readonly seq: number;
      readonly time: number;
      readonly code: string;
      readonly request: string;
    }
  /** Records that could not be kept; they may have been of this run. */
  | {
      readonly kind: 'gap';
      readonly seq: number;
      readonly time: number;
      readonly code: string;
      readonly count: number;
    };

/** Of a run and the runs inside it. */
export interface RunCounts {
  calls: number;
  allowed: number;
  held: number;
  denied: number;
  /** Allowed, and nobody knows what became of them. */
  inDoubt: number;
  /** Sent, with an outcome that does not say what they cost. */
  unstated: number;
}

/** A run inside the one that is shown. */
export interface NestedRun {
  /** 1 for a run right inside the one that is shown. */
  readonly depth: number;
  /** The run around it. */
  readonly within: string;
}

/** Runs inside one that are told apart; calls of further ones are shown without being listed. */
const MAX_NESTED_RUNS = 10_000;

/** Actors that are told apart. */
const MAX_ACTORS = 8;

/** Builds the timeline of one run and the runs inside it, from the records of a ledger in order. Keeps at most `limit` items. */
export class RunTimeline {
  readonly run: string;
  readonly counts: RunCounts = { calls: 0, allowed: 0, held: 0, denied: 0, inDoubt: 0, unstated: 0 };
  readonly actors: Set<string> = new Set();
  readonly nested: Map<string, NestedRun> = new Map();
  /** The runs around it, innermost first, as its calls say. */
  parents: readonly string[] = [];
  first: number | undefined;
  last: number | undefined;
  /** Calls that are counted and not kept, because there were more than `limit` items. */
  omitted = 0;
  readonly #limit: number;
  readonly #items: TimelineItem[] = [];
  readonly #open = new OpenRequests<RecordedCall>();
  /** Of calls that are kept: what comes late concerns requests that are not open any more. */
  readonly #requests = new Set<string>();
  readonly #cost = new CompensatedSum();
  #lastSeq = -1;

  constructor(run: string, limit: number) {
    this.run = run;
    this.#limit = limit;
  }

  /** What its calls, and those of the runs inside it, cost together, as far as that is stated. */
  get cost(): number {
    return this.#cost.value;
  }

  /** Calls whose outcome could not be waited for. */
  get forgotten(): number {
    return this.#open.forgotten;
  }

  /** What happened from the first record of the run to its last. */
  get items(): readonly TimelineItem[] {
    return this.#items.filter(({ seq }) => seq <= this.#lastSeq);
  }

  take(record: AuditRecord): void {
    switch (record.kind) {
      case 'decision':
        this.#takeDecision(record);
        return;
      case 'outcome': {
        const call = this.#open.take(record.request);
        if (call === undefined) return;
        call.ending = callEnding(record);
        if (isInDoubt({ ...call, ending: null })) this.counts.inDoubt -= 1;
        if (wasSent(call) && call.ending.cost === null) this.counts.unstated += 1;
        this.#cost.add(call.ending.cost ?? 0);
        this.#touch(record);
        return;
      }
      case 'anomaly':
        if (record.request === null || !this.#requests.has(record.request)) return;
        this.#keep({
          kind: 'anomaly',
          seq: record.seq,
          time: record.time,
          code: cut(record.code),
          request: cut(record.request),
        });
        this.#touch(record);
        return;
      case 'lifecycle':
        if (record.event === 'history') this.#takeHistory(record.seq, record.time, record.detail);
        return;
      case 'gap':
        if (this.first === undefined) return;
        this.#keep({ kind: 'gap', seq: record.seq, time: record.time, code: cut(record.code), count: record.count });
        return;
      case 'definition':
        return;
    }
  }

  #takeDecision(record: DecisionRecord): void {
    const depth = this.#depthOf(record);
    if (depth === undefined) return;
    const call = recordedCall(record);
    this.#count(call);
    if (depth === 0) this.parents = (record.parents ?? []).slice(0, MAX_PARENTS).map(cut);
    else this.#nest(call.run ?? '', depth, record.parents?.[0] ?? this.run);
    if (call.actor !== '' && this.actors.size < MAX_ACTORS) this.actors.add(call.actor);
    if (record.message === 'request') this.#open.add(record.request, call);
    this.#keep({ kind: 'call', seq: record.seq, depth, call });
    this.#touch(record);
  }

  /** 0 for a call of the run itself, 1 for one of a run right inside it; undefined for one of another run. */
  #depthOf({ run, parents }: DecisionRecord): number | undefined {
    if (run === this.run) return 0;
    const index = parents?.indexOf(this.run) ?? -1;
    return index < 0 ? undefined : index + 1;
  }

  #nest(run: string, depth: number, within: string): void {
    if (!this.nested.has(run) && this.nested.size < MAX_NESTED_RUNS)
      this.nested.set(run, { depth, within: cut(within) });
  }

  #count(call: RecordedCall): void {
    const { counts } = this;
    counts.calls += 1;
    if (isInDoubt(call)) counts.inDoubt += 1;
    switch (call.effect) {
      case 'allow':
        counts.allowed += 1;
        return;
      case 'hold':
        counts.held += 1;
        return;
      case 'deny':
        counts.denied += 1;
    }
  }

  /** Shown where it names a call, the run or one inside it, or names none and comes between records of the run. */
  #takeHistory(seq: number, time: number, detail: JsonObject): void {
    const { run, request } = detail;
    const isOurs =
      (typeof run === 'string' && (run === this.run || this.nested.has(run))) ||
      (typeof request === 'string' && this.#requests.has(request));
    const isOthers = typeof run === 'string' || typeof request === 'string';
    if (!isOurs && (isOthers || this.first === undefined)) return;
    const { event } = detail;
    const isShort = JSON.stringify(detail).length <= MAX_DETAIL_LENGTH;
    this.#keep({
      kind: 'history',
      seq,
      time,
      event: typeof event === 'string' ? cut(event) : 'changed',
      detail: isShort ? detail : null,
    });
    if (isOurs) this.#touch({ seq, time });
  }

  #keep(item: TimelineItem): void {
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      if (item.kind === 'call') this.#requests.add(item.call.request);
    } else if (item.kind === 'call') this.omitted += 1;
  }

  #touch({ seq, time }: { readonly seq: number; readonly time: number }): void {
    this.first ??= time;
    this.last = Math.max(this.last ?? time, time);
    this.#lastSeq = seq;
  }
}

const MAX_PARENTS = 16;

/** The longest detail of a record that is kept, UTF-16 code units of JSON. */
const MAX_DETAIL_LENGTH = 2_000;

/** Whether the server may have done it: what is not sent costs nothing. */
function wasSent({ effect, method, ending }: RecordedCall): boolean {
  const isKept = ending !== null && (ending.outcome === 'denied' || ending.outcome === 'not_sent');
  return effect === 'allow' && method === 'tools/call' && !isKept;
}
