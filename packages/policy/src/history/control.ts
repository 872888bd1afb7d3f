import type { Effect, RuleReference, Stage } from '../decision.ts';

/**
 * What a control keeps state by. A call whose key cannot be read (nobody acts, the argument is absent) cannot be judged.
 *
 * `arguments` is the digest of all arguments but the volatile ones, `argument` one of them. `run` charges the run of the call and every run
 * around it, each by its own.
 */
export type KeyPart =
  | { readonly by: 'run' | 'server' | 'tool' | 'environment' | 'user' | 'agent' | 'workload' | 'team' | 'tenant' }
  | { readonly by: 'arguments'; readonly volatile: readonly string[] }
  | { readonly by: 'argument'; readonly pointer: string };

/** What every control has. `order` of controls never matters. */
interface ControlBase {
  /** Unique within the policy. State is kept by it. */
  readonly id: string;
  readonly stage: Stage;
  /** What is done about a call that goes over: without approval `deny`. */
  readonly then: 'deny' | 'hold';
  /** Who may approve what is held. */
  readonly approvers: readonly string[] | undefined;
  /** The author's words. */
  readonly message: string | undefined;
  readonly references: readonly [RuleReference];
}

/** What a meter adds up. `open` are the calls under way, which no window ends. */
export type Measure =
  | { readonly of: 'calls' | 'failures' | 'denials' | 'open' }
  | { readonly of: 'distinct'; readonly value: KeyPart }
  /** `bytes`, `rows`, `tokens` and `cost` are known of the result, `argument` (a number, not negative) of the call. */
  | { readonly of: 'cost' | 'bytes' | 'rows' | 'tokens' }
  | { readonly of: 'argument'; readonly pointer: string };

/** What happens to a call over a cap of calls under way. */
export type Overload =
  | { readonly kind: 'fail' }
  /** Waits for a place: at most `depth` at a time, each at most `waitMs`. */
  | { readonly kind: 'queue'; readonly depth: number; readonly waitMs: number };

/** A bounded count or sum of something, by key and window. */
export interface MeterControl extends ControlBase {
  readonly kind: 'meter';
  readonly measure: Measure;
  readonly per: readonly KeyPart[];
  /** The sliding window, milliseconds: what happened at `now - withinMs` or before does not count. Absent: never forgotten; not with `open`. */
  readonly withinMs: number | undefined;
  /** Over it the call goes ahead and the decision says so. */
  readonly soft: number | undefined;
  /** The most; a call that would go over is not allowed. 0 allows none. */
  readonly max: number;
  /** For sums of results: what a call under way counts until its result is known. Default 0. */
  readonly reserve: number;
  /** For `open` only. */
  readonly overload: Overload;
  /** For `open`: from which share of `max` (0 to 1) calls that cost at least so many units are refused. */
  readonly degrade: { readonly from: number; readonly cost: number } | undefined;
}

/** A rate by the generic cell rate algorithm (ITU-T I.371): `max` calls per `withinMs`, evenly, `burst` at once. */
export interface RateControl extends ControlBase {
  readonly kind: 'rate';
  readonly per: readonly KeyPart[];
  readonly max: number;
  readonly withinMs: number;
  /** At least 1. */
  readonly burst: number;
}

/** What trips a breaker. */
export type Trip =
  /** The same failure so many times: keyed by the class of the error too. `denial`: the same call refused so many times. */
  | { readonly on: 'identical failure' | 'consecutive failure' | 'denial'; readonly after: number }
  /** At least `rate` (0 to 1) of the last `of` calls. */
  | { readonly on: 'failure'; readonly rate: number; readonly of: number; readonly withinMs: number | undefined }
  /** The `percentile` (0 to 1) of the last `of` durations is over `overMs`. */
  | { readonly on: 'latency'; readonly percentile: number; readonly overMs: number; readonly of: number }
  /** The last calls repeat a cycle of at most `length` calls `after` times. */
  | { readonly on: 'cycle'; readonly length: number; readonly after: number }
  /** The same result so many times in a row. */
  | { readonly on: 'same result'; readonly after: number };

/** Closed until tripped, then open for a time, then half open for a few probes. */
export interface BreakerControl extends ControlBase {
  readonly kind: 'breaker';
  readonly trip: Trip;
  readonly per: readonly KeyPart[];
  /** How long it stays open, milliseconds. */
  readonly openMs: number;
  /** How many probes may be under way when half open, and must succeed to close it. At least 1. */
  readonly halfOpen: number;
}

/** Calls of a sink after the run has seen what it must not carry out. */
export interface FlowControl extends ControlBase {
  readonly kind: 'flow';
  /** Labels that the run must all have seen. */
  readonly seen: readonly string[];
  /** The sink, as tools name it. */
  readonly sink: string;
  /** Where the arguments carry parts of what had one of the labels; default: the same as `then`. */
  readonly carried: 'deny' | 'hold';
}

/** What the result of a call does to the labels of its run. Passive: it allows every call. */
export interface LabelControl extends ControlBase {
  readonly kind: 'labels';
  readonly labels: readonly string[];
  readonly declassifies: readonly string[];
}

/** A write that may happen once for each key. */
export interface IdempotencyControl extends ControlBase {
  readonly kind: 'idempotency';
  /** Where the key stands in the arguments, a JSON pointer. */
  readonly pointer: string;
  /** A call without a key gets one; else it is denied. */
  readonly inject: boolean;
  readonly withinMs: number;
  /** Retries by the gate itself after a failure of the transport or a time-out. 0: none. */
  readonly retries: number;
  /** The first pause, milliseconds; each is twice the last. */
  readonly backoffMs: number;
}

/** Two values that must be the same, by canonical digest. Pointers into arguments, or into the plan's result. */
export interface PlanMatch {
  readonly apply: string;
  readonly plan: { readonly in: 'arguments' | 'result'; readonly pointer: string };
}

/** A call that needs the plan that another call of the same run and principal made. */
export interface ApplyControl extends ControlBase {
  readonly kind: 'apply';
  /** Names the plan: that of the {@link PlanControl}. */
  readonly plan: string;
  /** Where the plan's id stands in the arguments. */
  readonly pointer: string;
  readonly same: readonly PlanMatch[];
}

/** The call that makes plans. Passive: it allows every call. */
export interface PlanControl extends ControlBase {
  readonly kind: 'plan';
  readonly plan: string;
  /** Where the plan's id stands in the structured result. */
  readonly pointer: string;
  /** How long a plan may be applied, milliseconds. */
  readonly ttlMs: number;
  /** What is kept of it for {@link ApplyControl}. */
  readonly keep: readonly PlanMatch['plan'][];
}

/** One control over what a sequence of calls may do. Deep-frozen data. */
export type Control =
  | MeterControl
  | RateControl
  | BreakerControl
  | FlowControl
  | LabelControl
  | IdempotencyControl
  | ApplyControl
  | PlanControl;

/** What a call costs, in units of the policy's own. */
export interface CostRule {
  readonly perCall: number;
  /** Per 1,024 bytes of the result. */
  readonly perKiB: number;
  /** Where the structured result tells its cost; added to the others. A JSON pointer. */
  readonly at: string | undefined;
}

/** Why a control does not let a call through, or that it soon will not. */
export type ControlCode =
  | 'meter.exceeded'
  | 'rate.exceeded'
  | 'concurrency.exceeded'
  | 'breaker.open'
  | 'flow.blocked'
  | 'idempotency.key_missing'
  | 'idempotency.conflict'
  | 'idempotency.in_flight'
  /** It has happened: the recorded outcome of the source stands for it. */
  | 'idempotency.repeated'
  | 'idempotency.in_doubt'
  | 'plan.required'
  | 'plan.mismatch';

/** What a control says of a call. Deep-frozen plain data without values from the call. */
export type ControlVerdict =
  | { readonly effect: 'allow' }
  /** Goes ahead, over the soft limit. */
  | { readonly effect: 'allow'; readonly soft: ControlNotice }
  | { readonly effect: Exclude<Effect, 'allow'>; readonly code: ControlCode; readonly notice: ControlNotice }
  /** The key could not be read, the amount is no number: neither pass nor fail, and so denied. */
  | { readonly effect: 'error'; readonly code: string; readonly message: string };

export interface ControlNotice {
  /** One sentence, lower case: ``25 of 25 distinct `id` within 1 h used``. */
  readonly message: string;
  /** What would help, imperative. */
  readonly hints: readonly string[];
  /** Milliseconds until the same call could pass, where waiting helps. */
  readonly retryAfterMs?: number;
  readonly used?: number;
  readonly max?: number;
  /** Where what is carried out came from: gate ids of calls. */
  readonly sources?: readonly string[];
}
