import type { AuditRecord, DecisionEntry, OutcomeEntry } from '@callgate/audit';
import type { Effect } from '@callgate/policy';

type Recorded<Kind extends AuditRecord['kind']> = Extract<AuditRecord, { readonly kind: Kind }>;
export type DecisionRecord = Recorded<'decision'>;
export type OutcomeRecord = Recorded<'outcome'>;

/** A call as its records tell of it: of bounded size, whatever they say. */
export interface RecordedCall {
  readonly seq: number;
  readonly time: number;
  readonly request: string;
  readonly run: string | null;
  /** Who acted, in one text: user, agent, workload, tenant; empty where nobody did. */
  readonly actor: string;
  readonly server: string;
  readonly direction: DecisionEntry['direction'];
  readonly message: DecisionEntry['message'];
  readonly method: string;
  /** The tool, prompt or resource category. */
  readonly target: string | null;
  readonly effect: Effect;
  readonly code: string;
  readonly would: Effect | null;
  readonly wouldCode: string | null;
  /** The first that determined the decision. */
  readonly rules: DecisionEntry['rules'];
  /** The first soft limits that it went over, by id. */
  readonly notices: readonly string[];
  /** Null until it is there. */
  ending: CallEnding | null;
}

/** What became of a call. */
export interface CallEnding {
  readonly seq: number;
  readonly outcome: OutcomeEntry['outcome'];
  readonly code: string | null;
  readonly durationMs: number;
  readonly bytes: number | null;
  /** Null where it is not stated. */
  readonly cost: number | null;
  readonly labels: readonly string[];
}

/** The longest text that is kept of a record, UTF-16 code units: ids and names are shorter, and foreign ledgers are not trusted. */
const MAX_TEXT_LENGTH = 256;

/** The most texts of a list that are kept. */
const MAX_LIST = 16;

export function recordedCall(record: DecisionRecord): RecordedCall {
  return {
    seq: record.seq,
    time: record.time,
    request: cut(record.request),
    run: record.run === null ? null : cut(record.run),
    actor: actorOf(record.principal),
    server: cut(record.server.name),
    direction: record.direction,
    message: record.message,
    method: cut(record.method),
    target: record.target === null ? null : cut(record.target),
    effect: record.effect,
    code: cut(record.code),
    would: record.would,
    wouldCode: record.wouldCode === null ? null : cut(record.wouldCode),
    rules: record.rules.slice(0, MAX_LIST).map(({ rule, line }) => ({ rule: cut(rule), line })),
    notices: cutList(record.notices ?? []),
    ending: null,
  };
}

export function callEnding(record: OutcomeRecord): CallEnding {
  return {
    seq: record.seq,
    outcome: record.outcome,
    code: record.code === null ? null : cut(record.code),
    durationMs: record.durationMs,
    bytes: record.response?.bytes ?? null,
    cost: record.cost ?? null,
    labels: cutList(record.labels ?? []),
  };
}

/** Whether a request was allowed and nobody knows what became of it. */
export function isInDoubt({ effect, message, ending }: Pick<RecordedCall, 'effect' | 'message' | 'ending'>): boolean {
  return effect === 'allow' && message === 'request' && ending === null;
}

export function actorOf({ user, agent, workload, tenant }: DecisionEntry['principal']): string {
  const actors = [user, agent, workload].filter((actor) => actor !== undefined);
  return cut([...actors, ...(tenant === undefined ? [] : [`tenant ${tenant}`])].join(', '));
}

export function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}

function cutList(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? NONE : texts.slice(0, MAX_LIST).map(cut);
}

const NONE: readonly string[] = Object.freeze([]);
